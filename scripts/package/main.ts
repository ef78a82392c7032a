// Makes the files of a release in dist-packages/ from the standalone programs.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CHECKOUT } from "../../test/support/checkout.ts";
import { findDate, writeManPages } from "../build/man/write.ts";
import { locateContents, TARGETS } from "../build/standalone/targets.ts";
import { readOptions, refuse } from "../options.ts";
import { buildStale } from "../tools/host-executable.ts";
import { findPackingObstacle } from "../tools/packages/parts.ts";
import { planArchive } from "./archives.ts";
import { nameArchive, nameBillOfMaterials, PACKAGES_FOLDER, SUMS_FILE } from "./artefacts.ts";
import { writeSharedFiles } from "./contents.ts";
import { planPackages } from "./linux.ts";
import { formatManifests } from "./manifests/manifests.ts";
import { planNpmPackages } from "./npm.ts";
import { locatePackage, makeAll, readEpoch, type Artefact, type Packing } from "./packing.ts";
import { readRelease } from "./repository.ts";
import { signSums, writeSums } from "./sums.ts";

const KINDS = ["archive", "deb", "rpm", "apk", "sbom", "npm"];

const { values } = readOptions({
  help: `
Usage: npm run package [-- OPTION]

Makes the files of a release in ${PACKAGES_FOLDER}/: the archives of all platforms, deb,
rpm and apk, the lists of contents (CycloneDX), the packages for npm, ${SUMS_FILE}
of all these files, and the manifests for other package managers. Missing or
stale programs are built first. The same programs give the same files. The tools
that it needs are installed by npm run setup:packages.

  --quick         use the fastest compression, for tests
  --only KIND     make only these again: ${KINDS.join(", ")}
  --sign KEYFILE  sign ${SUMS_FILE} with this minisign secret key
  -h, --help      print this help`,
  options: {
    quick: { type: "boolean" },
    only: { type: "string" },
    sign: { type: "string" },
  },
});

const { quick: isQuick = false, only, sign: keyFile } = values;
if (only !== undefined && !KINDS.includes(only)) refuse(`The kinds are: ${KINDS.join(", ")}`);

const FOLDER = join(CHECKOUT, PACKAGES_FOLDER);
const obstacle = findPackingObstacle();
if (obstacle === undefined) await makeRelease();
else {
  console.error(`latchkey: ${obstacle}`);
  process.exitCode = 1;
}

async function makeRelease(): Promise<void> {
  const started = performance.now();
  buildStale();
  if (only === undefined) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const workplace = mkdtempSync(join(FOLDER, ".work-"));
  try {
    writeManPages(findDate({ SOURCE_DATE_EPOCH: String(readEpoch()) }));
    const packing = { release: readRelease(), epoch: readEpoch(), isQuick, workplace };
    await makeFiles(packing);
  } finally {
    rmSync(workplace, { recursive: true });
  }
  console.log(`${((performance.now() - started) / 1000).toFixed(0)} s in all`);
}

async function makeFiles(packing: Packing): Promise<void> {
  const { version } = packing.release;
  const artefacts = planArtefacts(packing);
  const wanted = artefacts.filter(({ kind }) => only === undefined || kind === only);
  for (const { file } of wanted) rmSync(locatePackage(file), { force: true });
  console.log(`latchkey ${version}, into ${PACKAGES_FOLDER}/:`);
  await makeAll(wanted);
  const sums = writeSums(
    FOLDER,
    artefacts.map(({ file }) => file),
  );
  console.log(`  ${SUMS_FILE} of ${sums.size} files`);
  const hasArchives = TARGETS.every(({ name }) => sums.has(nameArchive(version, name)));
  if (hasArchives) writeManifests(formatManifests(packing.release, sums));
  else console.log("  no manifests: they name every archive, and at least one is missing");
  if (keyFile !== undefined) signSums(FOLDER, keyFile, `latchkey ${version}`);
}

/**
 * Writes the manifests. They contain the archives' checksums, so they are written after SHA256SUMS, which does not list
 * them.
 */
function writeManifests(manifests: ReadonlyArray<readonly [path: string, text: string]>): void {
  for (const [path, text] of manifests) {
    mkdirSync(dirname(locatePackage(path)), { recursive: true });
    writeFileSync(locatePackage(path), text);
    console.log(`  ${path}`);
  }
}

function planArtefacts(packing: Packing): Artefact[] {
  const shared = join(packing.workplace, "shared");
  writeSharedFiles(shared);
  const { version } = packing.release;
  return [
    ...TARGETS.map(({ name }) => planArchive(name, packing, shared)),
    ...planPackages(packing, shared),
    ...TARGETS.map(({ name }) => planBillOfMaterials(version, name)),
    ...planNpmPackages(packing),
  ];
}

function planBillOfMaterials(version: string, target: string): Artefact {
  return {
    kind: "sbom",
    file: nameBillOfMaterials(version, target),
    make: async (path) => copyFileSync(join(CHECKOUT, locateContents(target)), path),
  };
}
