import { nameArchive, nameArchiveFolder } from "../artefacts.ts";
import { locateDownload, type Release } from "../repository.ts";
import type { Sums } from "../sums.ts";

/** The archive of one target, as manifests refer to it. */
export interface Archive {
  readonly url: string;
  readonly sum: string;
  /** The only folder in the archive. */
  readonly folder: string;
}

/** Returns the archive of a target. @throws Error if the archive has no checksum */
export function describeArchive(release: Release, sums: Sums, target: string): Archive {
  const file = nameArchive(release.version, target);
  const sum = sums.get(file);
  if (sum === undefined) throw new Error(`SHA256SUMS does not list ${file}`);
  const folder = nameArchiveFolder(release.version, target);
  return { url: locateDownload(release, file), sum, folder };
}

/** Returns the one-line description for package managers. Homebrew allows 80 characters. */
export function summarize({ description }: Release): string {
  return description.replace(/:.*/, "");
}
