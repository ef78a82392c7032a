import { stringify } from "yaml";
import type { Release } from "../repository.ts";
import type { Sums } from "../sums.ts";
import { describeArchive, summarize } from "./archive.ts";

/** The newest schema that winget's community repository accepts. The client can also read newer schemas. */
const SCHEMA = "1.12.0";
const LOCALE = "en-US";
const PROCESSORS = { x64: "windows-x64", arm64: "windows-arm64" } as const;

/** Returns the three files of a version, each as `[file name, text]`. */
export function formatWinget(release: Release, sums: Sums): Array<[file: string, text: string]> {
  const identifier = namePackage(release);
  return [
    [`${identifier}.yaml`, format(release, "version", { DefaultLocale: LOCALE })],
    [`${identifier}.installer.yaml`, format(release, "installer", listInstallers(release, sums))],
    [`${identifier}.locale.${LOCALE}.yaml`, format(release, "defaultLocale", describe(release))],
  ];
}

/** Returns the package's identifier. Its publisher is the name of the account, because the project has no company. */
function namePackage({ repository: { owner, name } }: Release): string {
  return `${owner}.${name}`;
}

type ManifestType = "version" | "installer" | "defaultLocale";

function format(release: Release, type: ManifestType, content: object): string {
  const schema = `https://aka.ms/winget-manifest.${type}.${SCHEMA}.schema.json`;
  const manifest = {
    PackageIdentifier: namePackage(release),
    PackageVersion: release.version,
    ...content,
    ManifestType: type,
    ManifestVersion: SCHEMA,
  };
  return `# yaml-language-server: $schema=${schema}\n\n${stringify(manifest, { lineWidth: 0 })}`;
}

/**
 * Returns the installers. The archive contains the program without an installer. It runs on Windows 10 1809 and later,
 * as Bun does.
 */
function listInstallers(release: Release, sums: Sums): object {
  return {
    MinimumOSVersion: "10.0.17763.0",
    InstallerType: "zip",
    NestedInstallerType: "portable",
    Commands: ["latchkey"],
    Installers: Object.entries(PROCESSORS).map(([processor, target]) => {
      const { url, sum, folder } = describeArchive(release, sums, target);
      return {
        Architecture: processor,
        NestedInstallerFiles: [
          {
            RelativeFilePath: `${folder}\\latchkey.exe`,
            PortableCommandAlias: "latchkey",
          },
        ],
        InstallerUrl: url,
        InstallerSha256: sum.toUpperCase(),
      };
    }),
  };
}

function describe(release: Release): object {
  const { version, repository } = release;
  return {
    PackageLocale: LOCALE,
    Publisher: repository.owner,
    PublisherUrl: repository.url.replace(/\/[^/]*$/, ""),
    PublisherSupportUrl: `${repository.url}/issues`,
    PackageName: repository.name,
    PackageUrl: repository.url,
    License: release.license,
    LicenseUrl: `${repository.url}/blob/v${version}/LICENSE`,
    ShortDescription: summarize(release),
    Moniker: repository.name,
    Tags: ["aws", "aws-sso", "credentials", "iam-identity-center", "sso"],
    ReleaseNotesUrl: `${repository.url}/releases/tag/v${version}`,
  };
}
