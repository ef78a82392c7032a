// nfpm, which makes packages for Linux distributions.
import { buildGoTool, locateGoTool, type GoTool } from "./go-tool.ts";

const NFPM: GoTool = { name: "nfpm", command: "github.com/goreleaser/nfpm/v2/cmd/nfpm" };

/** Returns nfpm's absolute path, even if it is not built yet. */
export function locateNfpm(): string {
  return locateGoTool(NFPM);
}

/** Builds nfpm if it is missing, which takes a minute. */
export function buildNfpm(): void {
  buildGoTool(NFPM);
}
