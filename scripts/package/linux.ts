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

/** Makes packages for Linux distributions. The packages contain no scripts that run at installation or removal. */

interface System {
  /** The end of the name of the program's target, after the processor. */
  readonly library: "" | "-musl";
  readonly depends: readonly string[];
  readonly suggests: readonly string[];
  /** The folder of zsh completions, below `usr/share/`. */
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
  // apk does not support suggested packages.
  apk: {
    library: "-musl",
    depends: ["libstdc++", "libgcc"],
    suggests: [],
    zsh: "zsh/site-functions",
  },
};

const KINDS: readonly PackageKind[] = ["deb", "rpm", "apk"];
const ARCHITECTURES: readonly Architecture[] = ["amd64", "arm64"];

/** The folder in a package for the documents that are at the top level of an archive. */
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
  /** The path of the new package. */
  readonly path: string;
  /** A folder for temporary files of this package. */
  readonly place: string;
  readonly files: readonly PackedFile[];
}

/**
 * Makes a deb with dpkg-deb. nfpm's debs are a sixth larger: it compresses with Zstandard, which Debian's archive does
 * not accept, or less well.
 */
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
  // One thread compresses better than several threads. SOURCE_DATE_EPOCH becomes the time of all files.
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

/** Returns the files of an archive, with the paths that the distribution uses. */
function listPackageFiles({ kind, architecture }: Package, shared: string): PackedFile[] {
  const { library, zsh } = SYSTEMS[kind];
  const target = `linux-${architecture === "amd64" ? "x64" : "arm64"}${library}`;
  // Debian stores the licence's text once for all packages, and its changelog has another name.
  const elsewhere = kind === "deb" ? ["LICENSE", "CHANGELOG.md"] : [];
  return listArchiveFiles(target, shared)
    .filter(({ path }) => !elsewhere.includes(path))
    .map((file) => ({ ...file, path: place(file.path).replace("zsh/site-functions", zsh) }));
}

function place(path: string): string {
  return path.includes("/") ? `usr/${path}` : `${DOCUMENTS}/${path}`;
}

/** Compresses a man page, as distributions do. @param folder for the compressed page */
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

/** @param path the file's path in the package */
function writeText(folder: string, path: string, text: string | Buffer): PackedFile {
  const source = join(folder, path.replaceAll("/", "-"));
  writeFileSync(source, text);
  return { source, path, mode: 0o644 };
}

/** Compresses without storing a name or a time. */
function compress(text: string | Buffer): Buffer {
  return gzipSync(text, { level: 9 });
}

/** Returns nfpm's configuration (https://nfpm.goreleaser.com/docs/configuration). It is JSON, which is valid YAML. */
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
    // Without `buildhost` rpm would store this machine's name. apk supports only gzip.
    rpm: {
      buildhost: "localhost",
      compression: isQuick ? "gzip:1" : "zstd:19",
      group: "Applications/System",
    },
  };
}

/**
 * Returns the folders that are removed together with the package. Only rpm needs this list, because dpkg and apk remove
 * empty folders. Several packages may own the same folder.
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

/**
 * Files are marked as documents only for rpm, which can skip documents. In packages of other kinds, nfpm would leave
 * them out.
 */
function describeFile({ source, path, mode }: PackedFile, kind: PackageKind): object {
  const isDocument = kind === "rpm" && (isManPage(path) || path.startsWith(DOCUMENTS));
  const type = isDocument ? { type: "doc" } : {};
  return { src: source, dst: `/${path}`, ...type, file_info: { ...ROOT, mode } };
}

const ROOT = { owner: "root", group: "root" } as const;
