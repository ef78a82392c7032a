import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { nameArchive, nameArchiveFolder } from "../../scripts/package/artefacts.ts";
import { locateDownload, readRelease } from "../../scripts/package/repository.ts";
import { DEBIAN_ROOT } from "../../scripts/tools/platforms/debian-root.ts";
import {
  openWorkplace,
  readManifest,
  readSums,
  RELEASE,
  testWithTools,
  WORK,
} from "./support/manifests.ts";

/** Tests manifests whose tools are not available here: compares them with SHA256SUMS and the archives' files. */

const release = readRelease();
const { owner, name } = release.repository;
const WINGET = `winget/${owner}.${name}`;

/** Returns an archive's URL, and its checksum in SHA256SUMS. */
function describeArchive(target: string): { url: string; sum: string } {
  const file = nameArchive(release.version, target);
  const sum = readSums().get(file);
  if (sum === undefined) throw new Error(`SHA256SUMS has no ${file}: npm run package -- --quick`);
  return { url: locateDownload(release, file), sum };
}

/** Returns the files in an archive, relative to its folder. */
async function listFiles(target: string): Promise<string[]> {
  const file = `${RELEASE}/${nameArchive(release.version, target)}`;
  const { stdout } = await openWorkplace().succeed(["bsdtar", "--list", "--file", file]);
  return stdout.trimEnd().split("\n");
}

testWithTools("a tool's changes to the Debian root are gone after the test", async () => {
  await openWorkplace().succeed(["touch", "/latchkey-was-here"]);
  expect(existsSync(join(DEBIAN_ROOT, "latchkey-was-here"))).toBe(false);
});

const FORMULA = "/support/formula.rb";

describe("homebrew/latchkey.rb, read by Ruby with a substitute for Homebrew's DSL", () => {
  const binds = { "/support": join(import.meta.dirname, "support") };

  testWithTools("has no syntax error", async () => {
    await openWorkplace().succeed(["ruby", "-wc", `${RELEASE}/homebrew/latchkey.rb`]);
  });

  for (const [target, system, processor] of [
    ["darwin-arm64", "macos", "arm"],
    ["darwin-x64", "macos", "intel"],
    ["linux-arm64", "linux", "arm"],
    ["linux-x64", "linux", "intel"],
  ] as const)
    testWithTools(`names the archive of ${target} on ${system} with ${processor}`, async () => {
      const { succeed } = openWorkplace(binds);
      const words = ["ruby", FORMULA, `${RELEASE}/homebrew/latchkey.rb`, system, processor];
      const { url, sum } = describeArchive(target);
      expect(JSON.parse((await succeed(words)).stdout)).toEqual({
        desc: "Short-lived AWS credentials through IAM Identity Center (AWS SSO)",
        homepage: release.repository.url,
        version: release.version,
        license: release.license,
        url,
        sha256: sum,
      });
    });

  testWithTools(
    "installs the program, its man pages and its completions, and its test passes",
    async () => {
      const { succeed } = openWorkplace(binds);
      const archive = `${RELEASE}/${nameArchive(release.version, "linux-x64")}`;
      await succeed(["tar", "-xf", archive]);
      const folder = nameArchiveFolder(release.version, "linux-x64");
      const words = ["ruby", FORMULA, `${RELEASE}/homebrew/latchkey.rb`, "linux", "intel"];
      await succeed([...words, `${WORK}/${folder}`, `${WORK}/prefix`]);
      const { stdout } = await succeed(["find", "prefix", "-type", "f", "-printf", "%P\n"]);
      const files = stdout.trimEnd().split("\n");
      expect(files.filter((path) => !path.startsWith("share/man/man1/")).toSorted()).toEqual([
        "bin/latchkey",
        "etc/bash_completion.d/latchkey",
        "share/fish/vendor_completions.d/latchkey.fish",
        "share/zsh/site-functions/_latchkey",
      ]);
      expect(files).toContain("share/man/man1/latchkey-login.1");
    },
  );
});

interface ScoopManifest {
  readonly version: string;
  readonly bin: string;
  readonly architecture: Readonly<
    Record<string, { readonly url: string; readonly hash: string; readonly extract_dir: string }>
  >;
}

describe("scoop/latchkey.json", () => {
  const readScoop = (): ScoopManifest =>
    JSON.parse(readManifest("scoop/latchkey.json")) as ScoopManifest;

  test("has only keys of Scoop's schema, with allowed values", () => {
    const { version, architecture, ...others } = readScoop();
    expect(version).toBe(release.version);
    expect(Object.keys(others)).toEqual([
      ...["description", "homepage", "license", "bin", "checkver", "autoupdate"],
    ]);
    expect(Object.keys(architecture)).toEqual(["64bit", "arm64"]);
  });

  for (const [processor, target] of [
    ["64bit", "windows-x64"],
    ["arm64", "windows-arm64"],
  ] as const) {
    test(`names the archive of ${target} for ${processor}`, () => {
      const { url, hash } = readScoop().architecture[processor] ?? {};
      expect({ url, sum: hash }).toEqual(describeArchive(target));
    });

    testWithTools(`finds the program in the archive of ${target}`, async () => {
      const { bin, architecture } = readScoop();
      const folder = architecture[processor]?.extract_dir;
      expect(await listFiles(target)).toContain(`${folder}/${bin}`);
    });
  }
});

/** The requirements of winget's schemas (1.12.0) for each file: required keys, and their patterns if they have one. */
const SCHEMAS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  "": { DefaultLocale: /^[a-zA-Z]{2,3}(-[a-zA-Z]{1,8})*$/ },
  ".installer": {
    MinimumOSVersion: /^\d{1,5}(\.\d{1,5}){0,3}$/,
    InstallerType: /^zip$/,
    NestedInstallerType: /^portable$/,
  },
  ".locale.en-US": {
    PackageLocale: /^en-US$/,
    Publisher: /^.{2,256}$/,
    PackageName: /^.{2,256}$/,
    License: /^.{3,512}$/,
    ShortDescription: /^.{3,256}$/,
    Moniker: /^.{1,40}$/,
  },
};

const IN_EACH = {
  PackageIdentifier: /^[^.\s\\/:*?"<>|]{1,32}(\.[^.\s\\/:*?"<>|]{1,32}){1,7}$/,
  PackageVersion: /^[^\\/:*?"<>|]{1,128}$/,
  ManifestType: /^(?:version|installer|defaultLocale)$/,
  ManifestVersion: /^1\.12\.0$/,
};

describe("winget's three files", () => {
  const readWinget = (file: string): Record<string, unknown> =>
    parse(readManifest(`${WINGET}${file}.yaml`)) as Record<string, unknown>;

  test.each(Object.keys(SCHEMAS))("%j has everything that its schema requires", (file) => {
    const manifest = readWinget(file);
    for (const [key, pattern] of Object.entries({ ...IN_EACH, ...SCHEMAS[file] }))
      expect(manifest[key], key).toMatch(pattern);
    const first = readManifest(`${WINGET}${file}.yaml`).split("\n", 1)[0];
    expect(first).toBe(
      `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${String(manifest["ManifestType"])}.1.12.0.schema.json`,
    );
  });

  const listInstallers = (): ReadonlyArray<Record<string, unknown>> =>
    readWinget(".installer")["Installers"] as ReadonlyArray<Record<string, unknown>>;

  test("name the archives of both processors", () => {
    expect(
      listInstallers().map((installer) => ({
        processor: installer["Architecture"],
        url: installer["InstallerUrl"],
        sum: String(installer["InstallerSha256"]).toLowerCase(),
      })),
    ).toEqual([
      { processor: "x64", ...describeArchive("windows-x64") },
      { processor: "arm64", ...describeArchive("windows-arm64") },
    ]);
  });

  testWithTools("find the program in each archive", async () => {
    for (const installer of listInstallers()) {
      const [nested] = installer["NestedInstallerFiles"] as Array<Record<string, string>>;
      expect(nested?.["PortableCommandAlias"]).toBe("latchkey");
      expect(await listFiles(`windows-${String(installer["Architecture"])}`)).toContain(
        nested?.["RelativeFilePath"]?.replaceAll("\\", "/"),
      );
    }
  });
});
