import { join } from "node:path";
import { PACKAGE_NAMES, type PackageKind } from "../../../scripts/package/artefacts.ts";
import { writeSharedFiles } from "../../../scripts/package/contents.ts";
import { planPackages } from "../../../scripts/package/linux.ts";
import { readRelease } from "../../../scripts/package/repository.ts";

/** A version that is older than every release. */
export const OLDER = "0.0.9";

/** Makes the package for x86-64 with an older version and the same program, and returns its path. */
export async function makeOlderPackage(kind: PackageKind, folder: string): Promise<string> {
  const release = { ...readRelease(), version: OLDER };
  const packing = { release, epoch: 1_700_000_000, isQuick: true, workplace: folder };
  const shared = join(folder, "shared");
  writeSharedFiles(shared);
  const file = PACKAGE_NAMES[kind](OLDER, "amd64");
  const path = join(folder, file);
  await planPackages(packing, shared)
    .find((artefact) => artefact.file === file)
    ?.make(path);
  return path;
}
