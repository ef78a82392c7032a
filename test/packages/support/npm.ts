import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { TARGETS } from "../../../scripts/build/standalone/targets.ts";
import { nameNpmPackage } from "../../../scripts/package/npm.ts";
import { runTool } from "../../../scripts/package/packing.ts";
import { readRelease } from "../../../scripts/package/repository.ts";
import { CHECKOUT } from "../../support/checkout.ts";
import { productionPackages } from "../../support/production-packages.ts";
import { locateRelease } from "./release.ts";

/** Runs npm in isolation: an empty cache, no user settings, and only the given registry. */

export const PACKAGES: readonly string[] = [
  "latchkey",
  ...TARGETS.map(({ name }) => nameNpmPackage(name)),
];

export function locateTarball(name: string): string {
  return locateRelease(`npm/${name}-${readRelease().version}.tgz`);
}

/** @param registry a URL; without it nothing is fetched. @throws Error with npm's output if it fails */
export function runNpm(place: string, argv: readonly string[], registry?: string): Promise<string> {
  const env = {
    HOME: join(place, "npm-home"),
    npm_config_cache: join(place, "npm-cache"),
    npm_config_offline: String(registry === undefined),
    npm_config_registry: registry ?? "http://127.0.0.1:9",
    npm_config_fetch_retries: "0",
    npm_config_update_notifier: "false",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_loglevel: "error",
  };
  return runTool(["npm", ...argv], { cwd: CHECKOUT, env });
}

/** Packs the dependencies of the program's package from node_modules, and returns the paths of the tarballs. */
export async function packDependencies(place: string): Promise<string[]> {
  const manifest = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as object;
  const folder = join(place, "dependencies");
  mkdirSync(folder);
  const needed = productionPackages(CHECKOUT, manifest).values();
  await runNpm(place, ["pack", "--ignore-scripts", "--pack-destination", folder, ...needed]);
  return readdirSync(folder).map((name) => join(folder, name));
}

export interface PackedManifest {
  readonly name: string;
  readonly version: string;
  readonly [key: string]: unknown;
}

export async function readPackedManifest(tarball: string): Promise<PackedManifest> {
  const text = await runTool(["tar", "-xzOf", tarball, "package/package.json"]);
  return JSON.parse(text) as PackedManifest;
}

/** Starts a registry with only what an installation needs: the versions of a package, and the tarballs. */
export async function startRegistry(tarballs: readonly string[]) {
  const byName = new Map<string, { manifest: PackedManifest; bytes: Buffer }>();
  for (const tarball of tarballs) {
    const manifest = await readPackedManifest(tarball);
    byName.set(manifest.name, { manifest, bytes: readFileSync(tarball) });
  }
  const server = createServer((asked, answer) => {
    const path = decodeURIComponent(asked.url ?? "").slice(1);
    const isTarball = path.endsWith("/-.tgz");
    const found = byName.get(isTarball ? path.slice(0, -"/-.tgz".length) : path);
    if (found === undefined) answer.writeHead(404).end("{}");
    else answer.end(isTarball ? found.bytes : JSON.stringify(describe(found)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const url = `http://127.0.0.1:${port}`;

  function describe({ manifest, bytes }: { manifest: PackedManifest; bytes: Buffer }) {
    const { name, version } = manifest;
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    const dist = { tarball: `${url}/${name}/-.tgz`, integrity };
    return {
      name,
      "dist-tags": { latest: version },
      versions: { [version]: { ...manifest, dist } },
    };
  }

  return { url, stop: () => void server.close() };
}
