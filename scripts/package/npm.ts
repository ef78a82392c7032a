import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CHECKOUT } from "../../test/support/checkout.ts";
import { isWindows, locateExecutable, TARGETS } from "../build/standalone/targets.ts";
import { listManPages, placeFiles, type PackedFile } from "./contents.ts";
import { runTool, type Artefact, type Packing } from "./packing.ts";
import type { Release } from "./repository.ts";

/**
 * Plans the packages for npm: `latchkey` with the Node program, and for each platform a package with the standalone
 * program. `latchkey` lists the other packages as optional dependencies, and npm installs the one for the machine. The
 * packages have no install scripts.
 */

/** The folder of the tarballs in `dist-packages/`. */
const NPM_FOLDER = "npm";

/** Keys of package.json that are needed only in a checkout. */
const OF_THE_CHECKOUT: ReadonlySet<string> = new Set([
  "scripts",
  "devDependencies",
  "allowScripts",
]);

interface Manifest {
  readonly [key: string]: unknown;
  readonly version: string;
  readonly files: readonly string[];
}

/** A package before it is packed. */
interface Contents {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files: readonly PackedFile[];
  /** Additional files: their names and texts. */
  readonly texts?: Readonly<Record<string, string>>;
}

export function planNpmPackages(packing: Packing): Artefact[] {
  const { release } = packing;
  return [
    planTarball(nameTarball("latchkey", release), packing, () => describeProgramPackage(release)),
    ...TARGETS.map(({ name }) =>
      planTarball(nameTarball(nameNpmPackage(name), release), packing, () =>
        describePlatformPackage(name, release),
      ),
    ),
  ];
}

/** Returns the name that `npm pack` would use. */
function nameTarball(name: string, { version }: Release): string {
  return `${NPM_FOLDER}/${name}-${version}.tgz`;
}

/** Returns the name of the package with one target's program. bin/run.js looks for this name. */
export function nameNpmPackage(target: string): string {
  return `latchkey-${target}`;
}

function planTarball(file: string, packing: Packing, describe: () => Contents): Artefact {
  return {
    kind: "npm",
    file,
    async make(path) {
      const place = mkdtempSync(join(packing.workplace, "npm-"));
      writeContents(join(place, "package"), describe());
      mkdirSync(dirname(path), { recursive: true });
      await packTarball(path, place, packing);
      rmSync(place, { recursive: true });
    },
  };
}

function describeProgramPackage({ version }: Release): Contents {
  const source = readManifest();
  const kept = Object.entries(source).filter(([key]) => !OF_THE_CHECKOUT.has(key));
  const man = listManPages().map((name) => `dist/man/${name}`);
  const paths = [...source.files.flatMap(listFiles), ...man, "LICENSE", "README.md"];
  return {
    manifest: {
      ...Object.fromEntries(kept),
      files: [...source.files, "dist/man"],
      man: man.map((path) => `./${path}`),
      optionalDependencies: Object.fromEntries(
        TARGETS.map(({ name }) => [nameNpmPackage(name), version]),
      ),
    },
    files: paths.map((path) => ({
      source: join(CHECKOUT, path),
      path,
      mode: path === "bin/run.js" ? 0o755 : 0o644,
    })),
  };
}

function describePlatformPackage(target: string, { version }: Release): Contents {
  const { license, repository } = readManifest();
  const program = `bin/latchkey${isWindows(target) ? ".exe" : ""}`;
  const words = describeTarget(target);
  return {
    manifest: {
      name: nameNpmPackage(target),
      version,
      description: `The program of latchkey for ${words}`,
      license,
      repository,
      files: ["bin", "THIRD-PARTY-NOTICES.txt"],
      ...limitTo(target),
      // Yarn would otherwise leave the program in an archive, and a program in an archive can't run.
      preferUnplugged: true,
    },
    files: [
      { source: join(CHECKOUT, locateExecutable(target)), path: program, mode: 0o755 },
      { source: join(CHECKOUT, "LICENSE"), path: "LICENSE", mode: 0o644 },
      {
        source: join(CHECKOUT, "dist-standalone", "THIRD-PARTY-NOTICES.txt"),
        path: "THIRD-PARTY-NOTICES.txt",
        mode: 0o644,
      },
    ],
    texts: {
      "README.md": `# latchkey for ${words}\n\nA part of the package \`latchkey\`: install that one.\n`,
    },
  };
}

const SYSTEMS: Readonly<Record<string, readonly [os: string, words: string]>> = {
  linux: ["linux", "Linux"],
  darwin: ["darwin", "macOS"],
  windows: ["win32", "Windows"],
};

/** Returns the systems on which npm installs the package. */
function limitTo(target: string) {
  const [system = "", cpu = "", musl] = target.split("-");
  const libc = system === "linux" ? { libc: [musl ?? "glibc"] } : {};
  return { os: [SYSTEMS[system]?.[0]], cpu: [cpu], ...libc };
}

/** Returns words such as "Linux on arm64 with musl". */
function describeTarget(target: string): string {
  const [system = "", cpu = "", musl] = target.split("-");
  const words = `${SYSTEMS[system]?.[1] ?? system} on ${cpu}`;
  return musl === undefined ? words : `${words} with ${musl}`;
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as Manifest;
}

/** Returns the path itself if it is a file. If it is a folder, returns the paths of all files in it. */
function listFiles(path: string): string[] {
  if (!statSync(join(CHECKOUT, path)).isDirectory()) return [path];
  return readdirSync(join(CHECKOUT, path)).map((name) => `${path}/${name}`);
}

function writeContents(folder: string, { manifest, files, texts = {} }: Contents): void {
  placeFiles(folder, files);
  const all = { ...texts, "package.json": `${JSON.stringify(manifest, undefined, 2)}\n` };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
}

/** Packs the folder as npm does. All files have the same time and owner. */
async function packTarball(path: string, place: string, packing: Packing): Promise<void> {
  const compressor = `gzip --no-name ${packing.isQuick ? "-1" : "-9"}`;
  const same = ["--format=ustar", `--mtime=@${packing.epoch}`, "--mode=u=rwX,go=rX", "--sort=name"];
  const owner = ["--owner=root:0", "--group=root:0"];
  await runTool([
    ...(["tar", "--create", `--file=${path}`, `--directory=${place}`] as const),
    ...[...same, ...owner, "--use-compress-program", compressor, "package"],
  ]);
}
