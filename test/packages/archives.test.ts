import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  HOST_NAME,
  isWindows,
  locateExecutable,
  TARGETS,
} from "../../scripts/build/standalone/targets.ts";
import { nameArchive, nameArchiveFolder } from "../../scripts/package/artefacts.ts";
import { listManPages } from "../../scripts/package/contents.ts";
import { runTool } from "../../scripts/package/packing.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { runProgram } from "../support/child.ts";
import { createHome } from "../support/home.ts";
import { locateRelease } from "./support/release.ts";

const { version } = readRelease();

const COMPLETIONS = [
  "share/bash-completion/completions/latchkey",
  "share/fish/vendor_completions.d/latchkey.fish",
  "share/zsh/site-functions/_latchkey",
];

function listExpected(target: string): string[] {
  const documents = ["LICENSE", "THIRD-PARTY-NOTICES.txt"];
  if (isWindows(target)) return [...documents, "latchkey.exe"].toSorted();
  const pages = listManPages().map((name) => `share/man/man1/${name}`);
  return [...documents, "CHANGELOG.md", "bin/latchkey", ...COMPLETIONS, ...pages].toSorted();
}

/** Unpacks the target's archive and returns the folder. Zips are read by Python, which every machine has. */
async function unpack(target: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-unpacked-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const archive = locateRelease(nameArchive(version, target));
  if (isWindows(target)) await runTool(["python3", "-m", "zipfile", "-e", archive, folder]);
  else await runTool(["tar", "-xJf", archive, "-C", folder]);
  return folder;
}

describe.each(TARGETS.map(({ name }) => name))("the archive of %s", (target) => {
  test("contains only one folder, with the program and its files", async () => {
    const unpacked = await unpack(target);
    expect(readdirSync(unpacked)).toEqual([nameArchiveFolder(version, target)]);
    const folder = join(unpacked, nameArchiveFolder(version, target));
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const isFile = (file: string): boolean => statSync(join(folder, file)).isFile();
    expect(files.filter(isFile).toSorted()).toEqual(listExpected(target));

    const program = join(folder, isWindows(target) ? "latchkey.exe" : "bin/latchkey");
    const built = readFileSync(join(CHECKOUT, locateExecutable(target)));
    expect(readFileSync(program).equals(built)).toBe(true);
    expect(readFileSync(join(folder, "LICENSE"), "utf8")).toContain("Apache License");
    if (isWindows(target)) return;
    const modes = listExpected(target).map((file) => statSync(join(folder, file)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o644, 0o755]));
    expect(statSync(program).mode & 0o777).toBe(0o755);
  });
});

test("the program of this machine's archive runs in the folder where it was unpacked", async () => {
  const home = await createHome();
  const folder = join(await unpack(HOST_NAME), nameArchiveFolder(version, HOST_NAME));
  const { exitCode, stdout, stderr } = await runProgram(
    [join(folder, "bin", "latchkey"), "demo"],
    home.env,
  );
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]+\/\S+\n$/);
});
