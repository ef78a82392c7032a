// nfpm, which makes packages for Linux distributions.
import { buildGoTool, locateGoTool, type GoTool } from "./go-tool.ts";

const NFPM: GoTool = { name: "nfpm", command: "github.com/goreleaser/nfpm/v2/cmd/nfpm" };

/** Its absolute path, whether it is there or not. */
export function locateNfpm(): string {
  return locateGoTool(NFPM);
}

/** Builds it where it is not there: a minute. */
export function buildNfpm(): void {
  buildGoTool(NFPM);
}
