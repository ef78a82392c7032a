import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { TARGETS } from "../../scripts/build/standalone/targets.ts";
import {
  nameBillOfMaterials,
  PACKAGES_FOLDER,
  SUMS_FILE,
} from "../../scripts/package/artefacts.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { signSums, writeSums } from "../../scripts/package/sums.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { runProgram, type RunResult } from "../support/child.ts";
import { locateRelease, testWith } from "./support/release.ts";

const { version } = readRelease();
const RELEASE = join(CHECKOUT, PACKAGES_FOLDER);
const SIGNATURE = `${SUMS_FILE}.minisig`;

function run(folder: string, ...words: string[]): Promise<RunResult> {
  return runProgram(words, { PATH: process.env["PATH"] ?? "", HOME: folder }, { cwd: folder });
}

test("SHA256SUMS has every file of the release with its checksum", async () => {
  const listed = readFileSync(locateRelease(SUMS_FILE), "utf8").trimEnd().split("\n");
  const names = listed.map((line) => line.split("  ")[1]);
  const files = readdirSync(RELEASE).filter((name) => /\.(xz|zip|deb|rpm|apk|json)$/.test(name));
  expect(names).toEqual(expect.arrayContaining(files));
  expect(files.length).toBeGreaterThan(21);
  const { exitCode, stdout } = await run(RELEASE, "sha256sum", "--check", "--strict", SUMS_FILE);
  expect(exitCode, stdout).toBe(0);
});

describe("after a change of one byte", () => {
  const [name = ""] = TARGETS.map((target) => nameBillOfMaterials(version, target.name));
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "latchkey-sums-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    copyFileSync(locateRelease(name), join(folder, name));
    writeSums(folder, [name, "not-there"]);
  });

  test("sha256sum refuses the file", async () => {
    const check = ["sha256sum", "--check", "--strict", SUMS_FILE];
    expect(await run(folder, ...check)).toMatchObject({ exitCode: 0, stdout: `${name}: OK\n` });
    appendFileSync(join(folder, name), "\n");
    expect(await run(folder, ...check)).toMatchObject({ exitCode: 1, stdout: `${name}: FAILED\n` });
  });

  testWith("minisign")("minisign refuses the checksums, and the signature's comment", async () => {
    await makeKey(folder);
    signSums(folder, join(folder, "secret"), `latchkey ${version}`);
    const verify = ["minisign", "-V", "-p", "public", "-m", SUMS_FILE];
    const verified = await run(folder, ...verify);
    expect(verified, verified.stderr).toMatchObject({ exitCode: 0 });
    expect(verified.stdout).toContain(`Trusted comment: latchkey ${version}\n`);

    const signature = readFileSync(join(folder, SIGNATURE), "utf8");
    writeFileSync(join(folder, SIGNATURE), signature.replace(version, "9.9.9"));
    expect(await run(folder, ...verify)).toMatchObject({ exitCode: 1 });
    writeFileSync(join(folder, SIGNATURE), signature);

    const sums = readFileSync(join(folder, SUMS_FILE), "utf8");
    writeFileSync(
      join(folder, SUMS_FILE),
      sums.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
    );
    expect(await run(folder, ...verify)).toMatchObject({ exitCode: 1 });
  });

  testWith("minisign")("minisign refuses a signature of another key", async () => {
    await makeKey(folder);
    signSums(folder, join(folder, "secret"), `latchkey ${version}`);
    await makeKey(folder);
    const verified = await run(folder, "minisign", "-V", "-p", "public", "-m", SUMS_FILE);
    expect(verified).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("key") });
  });

  test("new checksums do not keep the old signature", async () => {
    writeFileSync(join(folder, SIGNATURE), "of older sums");
    writeSums(folder, [name]);
    expect(readdirSync(folder).toSorted()).toEqual([SUMS_FILE, name].toSorted());
  });
});

/** Makes a key without a password, because minisign would ask for one at a terminal. */
async function makeKey(folder: string): Promise<void> {
  const made = await run(folder, "minisign", "-G", "-W", "-f", "-p", "public", "-s", "secret");
  expect(made, made.stderr).toMatchObject({ exitCode: 0 });
}
