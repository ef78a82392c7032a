import { nameArchive, nameArchiveFolder } from "../artefacts.ts";
import { locateDownload, type Release } from "../repository.ts";
import type { Sums } from "../sums.ts";
import { describeArchive, summarize } from "./archive.ts";

/** The target for each processor, by Scoop's name of the processor. */
const TARGETS = { "64bit": "windows-x64", arm64: "windows-arm64" } as const;

/** The placeholder for the version. Scoop's updater replaces it in the manifests that it writes. */
const ANY_VERSION = "$version";

/** Returns the manifest for a bucket. With `autoupdate`, the bucket's owner can make the next manifest from SHA256SUMS. */
export function formatScoop(release: Release, sums: Sums): string {
  const manifest = {
    version: release.version,
    description: summarize(release),
    homepage: release.repository.url,
    license: release.license,
    architecture: mapTargets((target) => {
      const { url, sum, folder } = describeArchive(release, sums, target);
      return { url, hash: sum, extract_dir: folder };
    }),
    bin: "latchkey.exe",
    checkver: { github: release.repository.url },
    autoupdate: {
      architecture: mapTargets((target) => {
        const file = nameArchive(ANY_VERSION, target);
        const url = locateDownload({ ...release, version: ANY_VERSION }, file);
        return { url, extract_dir: nameArchiveFolder(ANY_VERSION, target) };
      }),
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  };
  return `${JSON.stringify(manifest, null, 4)}\n`;
}

function mapTargets<T>(describe: (target: string) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(TARGETS).map(([processor, target]) => [processor, describe(target)]),
  );
}
