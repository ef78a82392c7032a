import { nameArchive, nameArchiveFolder } from "../artefacts.ts";
import { locateDownload, type Release } from "../repository.ts";
import type { Sums } from "../sums.ts";

/** The archive of one target, as manifests name it. */
export interface Archive {
  readonly url: string;
  readonly sum: string;
  /** The one folder inside. */
  readonly folder: string;
}

/** @throws Error where the archive has no sum: nothing is named without one */
export function describeArchive(release: Release, sums: Sums, target: string): Archive {
  const file = nameArchive(release.version, target);
  const sum = sums.get(file);
  if (sum === undefined) throw new Error(`SHA256SUMS does not list ${file}`);
  const folder = nameArchiveFolder(release.version, target);
  return { url: locateDownload(release, file), sum, folder };
}

/** What every package manager says of latchkey in one line. Homebrew allows 80 characters. */
export function summarize({ description }: Release): string {
  return description.replace(/:.*/, "");
}
