import type { Release } from "../repository.ts";
import type { Sums } from "../sums.ts";
import { formatPkgbuild, formatSrcinfo } from "./aur.ts";
import { formatFormula } from "./homebrew.ts";
import { formatFlake } from "./nix.ts";
import { formatScoop } from "./scoop.ts";
import { formatWinget } from "./winget.ts";

/**
 * Returns the manifests for other package managers. Each has a path below `dist-packages/` and a text.
 * @throws Error if an archive in a manifest has no checksum
 */
export function formatManifests(
  release: Release,
  sums: Sums,
): ReadonlyArray<readonly [path: string, text: string]> {
  return [
    ["homebrew/latchkey.rb", formatFormula(release, sums)],
    ["scoop/latchkey.json", formatScoop(release, sums)],
    ...formatWinget(release, sums).map(([file, text]) => [`winget/${file}`, text] as const),
    ["aur/PKGBUILD", formatPkgbuild(release, sums)],
    ["aur/.SRCINFO", formatSrcinfo(release, sums)],
    ["nix/flake.nix", formatFlake(release, sums)],
  ];
}
