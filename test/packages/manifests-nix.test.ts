import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { nameArchive } from "../../scripts/package/artefacts.ts";
import { locateDownload, readRelease } from "../../scripts/package/repository.ts";
import type { RunResult } from "../support/child.ts";
import { copyWithOtherByte } from "./support/changed.ts";
import {
  openWorkplace,
  readManifest,
  readSums,
  RELEASE,
  testWithTools,
  WORK,
  type Workplace,
} from "./support/manifests.ts";

/** Tests the flake with Nix. nixpkgs is not available here, so support/nixpkgs replaces it. */

const CONFIG = [
  "experimental-features = nix-command flakes",
  "sandbox = false",
  "build-users-group =",
  "substituters =",
  "flake-registry =",
].join("\n");

/** A path as long as those in Nix's store. */
const LOADER = `${WORK}/store-0123456789abcdefghijklmnopqrstuv-glibc-2.40-66/lib/ld-linux-x86-64.so.2`;

/** Makes a separate store with the flake and the substitute for nixpkgs. */
async function openStore(): Promise<Workplace> {
  const work = openWorkplace();
  mkdirSync(join(work.path, "flake"));
  writeFileSync(join(work.path, "flake", "flake.nix"), readManifest("nix/flake.nix"));
  cpSync(join(import.meta.dirname, "support", "nixpkgs"), join(work.path, "nixpkgs"), {
    recursive: true,
  });
  await work.succeed(["install", "-D", "/lib64/ld-linux-x86-64.so.2", LOADER]);
  return work;
}

function runNix(
  { run }: Workplace,
  words: readonly string[],
  files: string = RELEASE,
): Promise<RunResult> {
  const folders = ["STORE", "STATE", "LOG", "CONF"].map(
    (name) => `NIX_${name}_DIR=${WORK}/${name.toLowerCase()}`,
  );
  const settings = [...folders, `NIX_CONFIG=${CONFIG}`, `FILES=${files}`, `LOADER=${LOADER}`];
  const [command = "", ...rest] = words;
  const options = ["--impure", "--no-write-lock-file", "--override-input", "nixpkgs"];
  return run(["env", ...settings, "nix", command, ...options, `path:${WORK}/nixpkgs`, ...rest]);
}

const SYSTEMS = {
  "x86_64-linux": "linux-x64",
  "aarch64-linux": "linux-arm64",
  "x86_64-darwin": "darwin-x64",
  "aarch64-darwin": "darwin-arm64",
} as const;

const BUILD = ["build", "--no-link", "--print-out-paths", `path:${WORK}/flake#latchkey`];

describe("nix/flake.nix", () => {
  testWithTools("has a package for each system, made from the system's own archive", async () => {
    const store = await openStore();
    const ask =
      "packages: builtins.mapAttrs (_: p: { inherit (p.latchkey.src) address outputHash; main = p.default.meta.mainProgram; }) packages";
    const { stdout, stderr } = await runNix(store, [
      ...["eval", "--json", `path:${WORK}/flake#packages`, "--apply", ask],
    ]);
    const release = readRelease();
    const expected = Object.entries(SYSTEMS).map(([system, target]) => {
      const file = nameArchive(release.version, target);
      const sum = Buffer.from(readSums().get(file) ?? "", "hex").toString("base64");
      const facts = { address: locateDownload(release, file), outputHash: `sha256-${sum}` };
      return [system, { ...facts, main: "latchkey" }];
    });
    expect(JSON.parse(stdout || "{}"), stderr).toEqual(Object.fromEntries(expected));
  });

  testWithTools("builds a program that runs the whole journey from the store", async () => {
    const store = await openStore();
    const { exitCode, stdout, stderr } = await runNix(store, BUILD);
    expect(exitCode, stderr).toBe(0);
    const built = stdout.trim();
    const { version } = readRelease();
    const run = (...argv: string[]): Promise<RunResult> =>
      store.succeed([`${built}/bin/latchkey`, ...argv]);
    expect((await run("--version")).stdout).toMatch(`latchkey/${version} `);
    expect((await run("demo")).stdout).toContain("assumed-role/AWSReservedSSO_ViewOnlyAccess_");
    const { stdout: files } = await store.succeed(["find", built, "-type", "f", "-printf", "%P\n"]);
    expect(files.split("\n")).toEqual(
      expect.arrayContaining([
        "bin/latchkey",
        "share/doc/latchkey/LICENSE",
        "share/zsh/site-functions/_latchkey",
      ]),
    );
  });

  testWithTools("refuses an archive with one changed byte by its hash", async () => {
    const store = await openStore();
    copyWithOtherByte(nameArchive(readRelease().version, "linux-x64"), store.path);
    const { exitCode, stderr } = await runNix(store, BUILD, WORK);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/hash mismatch in fixed-output derivation .*linux-x64\.tar\.xz/);
  });

  testWithTools(
    "fails to build if the program was stripped, because it does not start",
    async () => {
      const store = await openStore();
      const flake = readManifest("nix/flake.nix");
      const stripped = flake.replace("dontStrip = true;", "");
      expect(stripped).not.toBe(flake);
      writeFileSync(join(store.path, "flake", "flake.nix"), stripped);
      const { exitCode, stderr } = await runNix(store, BUILD);
      expect(exitCode, stderr).toBe(1);
      // The check of the version fails, although strip itself has succeeded.
      expect(stderr).toContain("failed with exit code 1\n");
    },
  );
});
