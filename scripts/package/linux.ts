import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { CHECKOUT } from "../../test/support/checkout.ts";
import { locateNfpm } from "../tools/packages/nfpm.ts";
import { PACKAGE_NAMES, type Architecture, type PackageKind } from "./artefacts.ts";
import { listArchiveFiles, placeFiles, type PackedFile } from "./contents.ts";
import {
  EXPLANATION,
  formatChangelog,
  formatControl,
  formatCopyright,
  formatMd5Sums,
} from "./debian.ts";
import { runTool, type Artefact, type Packing } from "./packing.ts";
import { nameMaintainer } from "./repository.ts";

/** Packages for Linux distributions. No script of ours runs when one is installed or removed. */

interface System {
  /** Of the program's target, behind the processor. */
  readonly library: "" | "-musl";
  readonly depends: readonly string[];
  readonly suggests: readonly string[];
  /** Where zsh looks for completions, below `usr/share/`. */
  readonly zsh: string;
}

const SYSTEMS: Readonly<Record<PackageKind, System>> = {
  deb: {
    library: "",
    depends: ["libc6 (>= 2.17)"],
    suggests: ["xdg-utils"],
    zsh: "zsh/vendor-completions",
  },
  rpm: {
    library: "",
    depends: ["glibc >= 2.17"],
    suggests: ["xdg-utils"],
    zsh: "zsh/site-functions",
  },
  // apk knows no suggestions.
  apk: {
    library: "-musl",
    depends: ["libstdc++", "libgcc"],
    suggests: [],
    zsh: "zsh/site-functions",
  },
};

const KINDS: readonly PackageKind[] = ["deb", "rpm", "apk"];
const ARCHITECTURES: readonly Architecture[] = ["amd64", "arm64"];

/** In a package, of what an archive has in its first folder. */
const DOCUMENTS = "usr/share/doc/latchkey";

interface Package {
  readonly kind: PackageKind;
  readonly architecture: Architecture;
}

export function planPackages(packing: Packing, shared: string): Artefact[] {
  return KINDS.flatMap((kind) =>
    ARCHITECTURES.map((architecture) => planPackage({ kind, architecture }, packing, shared)),
  );
}

function planPackage(wanted: Package, packing: Packing, shared: string): Artefact {
  const { kind, architecture } = wanted;
  return {
    kind,
    file: PACKAGE_NAMES[kind](packing.release.version, architecture),
    make: async (path) => {
      const place = mkdtempSync(join(packing.workplace, `${kind}-`));
      const files = listPackageFiles(wanted, shared).map((file) => compressManPage(file, place));
      const order = { path, place, files };
      await (kind === "deb" ? runDpkg : runNfpm)(wanted, packing, order);
      rmSync(place, { recursive: true });
    },
  };
}

interface Order {
  /** Where the package is to be made. */
  readonly path: string;
  /** A folder for what this package alone needs. */
  readonly place: string;
  readonly files: readonly PackedFile[];
}

/** nfpm would make a deb too, a sixth larger: it compresses by Zstandard, which Debian's archive does not take, or worse. */
async function runDpkg(wanted: Package, packing: Packing, order: Order): Promise<void> {
  const { architecture } = wanted;
  const { release, epoch, isQuick } = packing;
  const files = [...order.files, ...writeDebianFiles(packing, order.place)];
  const root = join(order.place, "root");
  placeFiles(root, files);
  const control = formatControl(release, { architecture, ...SYSTEMS.deb }, files);
  const about = [
    writeText(order.place, "DEBIAN/control", control),
    writeText(order.place, "DEBIAN/md5sums", formatMd5Sums(files)),
  ];
  placeFiles(root, about);
  // One thread compresses better than several, and all files get the time that it is told.
  const compression = isQuick ? ["-Zgzip", "-z1"] : ["-Zxz", "-z6", "--threads-max=1"];
  await runTool(["dpkg-deb", "--root-owner-group", ...compression, "--build", root, order.path], {
    env: { SOURCE_DATE_EPOCH: String(epoch) },
  });
}

async function runNfpm(wanted: Package, packing: Packing, order: Order): Promise<void> {
  const config = join(order.place, "nfpm.json");
  writeFileSync(config, JSON.stringify(describePackage(wanted, packing, order.files)));
  const words = ["--config", config, "--packager", wanted.kind, "--target", order.path];
  await runTool([locateNfpm(), "package", ...words], { cwd: order.place });
}

/** What an archive has, at the distribution's places. */
function listPackageFiles({ kind, architecture }: Package, shared: string): PackedFile[] {
  const { library, zsh } = SYSTEMS[kind];
  const target = `linux-${architecture === "amd64" ? "x64" : "arm64"}${library}`;
  // Debian has the licence's text once for all packages, and another name for the list of changes.
  const elsewhere = kind === "deb" ? ["LICENSE", "CHANGELOG.md"] : [];
  return listArchiveFiles(target, shared)
    .filter(({ path }) => !elsewhere.includes(path))
    .map((file) => ({ ...file, path: place(file.path).replace("zsh/site-functions", zsh) }));
}

function place(path: string): string {
  return path.includes("/") ? `usr/${path}` : `${DOCUMENTS}/${path}`;
}

/** Distributions have their man pages compressed. @param folder where the compressed page may lie */
function compressManPage(file: PackedFile, folder: string): PackedFile {
  if (!isManPage(file.path)) return file;
  return writeText(folder, `${file.path}.gz`, compress(readFileSync(file.source)));
}

function isManPage(path: string): boolean {
  return path.startsWith("usr/share/man/");
}

function writeDebianFiles({ release, epoch }: Packing, folder: string): PackedFile[] {
  const changes = compress(readFileSync(join(CHECKOUT, "CHANGELOG.md")));
  const ofPackage = compress(formatChangelog(release, epoch));
  return [
    writeText(folder, `${DOCUMENTS}/copyright`, formatCopyright(release, epoch)),
    writeText(folder, `${DOCUMENTS}/changelog.gz`, changes),
    writeText(folder, `${DOCUMENTS}/changelog.Debian.gz`, ofPackage),
  ];
}

/** @param path in the package */
function writeText(folder: string, path: string, text: string | Buffer): PackedFile {
  const source = join(folder, path.replaceAll("/", "-"));
  writeFileSync(source, text);
  return { source, path, mode: 0o644 };
}

/** Without a name and a time in it. */
function compress(text: string | Buffer): Buffer {
  return gzipSync(text, { level: 9 });
}

/** What nfpm reads (https://nfpm.goreleaser.com/docs/configuration); a JSON text is a YAML text. */
function describePackage(
  { kind, architecture }: Package,
  { release, epoch, isQuick }: Packing,
  files: readonly PackedFile[],
): object {
  const { depends, suggests } = SYSTEMS[kind];
  return {
    name: "latchkey",
    arch: architecture,
    version: release.version,
    release: "1",
    maintainer: nameMaintainer(release.repository),
    vendor: release.repository.owner,
    homepage: release.repository.url,
    license: release.license,
    description: `${release.description}\n${EXPLANATION}`,
    mtime: new Date(epoch * 1000).toISOString(),
    disable_globbing: true,
    depends,
    suggests,
    contents: [
      ...listOwnFolders(files).map(describeFolder),
      ...files.map((file) => describeFile(file, kind)),
    ],
    // Without a host's name it would be that of this machine. apk knows gzip alone.
    rpm: {
      buildhost: "localhost",
      compression: isQuick ? "gzip:1" : "zstd:19",
      group: "Applications/System",
    },
  };
}

/**
 * The folders that go with the package. rpm alone has to be told: dpkg and apk remove what is empty. Of a folder that
 * other packages have too, each may say that it is its own.
 */
function listOwnFolders(files: readonly PackedFile[]): string[] {
  const folders = files.flatMap(({ path }) => listParents(path));
  return [...new Set(folders)].filter((folder) => !FOLDERS_OF_THE_SYSTEM.has(folder)).toSorted();
}

const FOLDERS_OF_THE_SYSTEM: ReadonlySet<string> = new Set([
  "usr",
  "usr/bin",
  "usr/share",
  "usr/share/doc",
  "usr/share/man",
  "usr/share/man/man1",
]);

function listParents(path: string): string[] {
  const parent = dirname(path);
  return parent === "." ? [] : [...listParents(parent), parent];
}

function describeFolder(path: string): object {
  return { dst: `/${path}`, type: "dir", file_info: { ...ROOT, mode: 0o755 } };
}

/** rpm can leave documents out; of another kind of package nfpm itself would. */
function describeFile({ source, path, mode }: PackedFile, kind: PackageKind): object {
  const isDocument = kind === "rpm" && (isManPage(path) || path.startsWith(DOCUMENTS));
  const type = isDocument ? { type: "doc" } : {};
  return { src: source, dst: `/${path}`, ...type, file_info: { ...ROOT, mode } };
}

const ROOT = { owner: "root", group: "root" } as const;
