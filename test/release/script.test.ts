import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { readRelease } from "../../scripts/package/repository.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { runProgram, type RunResult } from "../support/child.ts";
import { testOnPosixOnly } from "../support/windows.ts";

/** Runs `npm run release` in a copy of the files that it needs. */

const NEEDED = [
  ...["package.json", "package-lock.json", "oclif.manifest.json", "README.md", "docs"],
  ...["scripts/release", "scripts/options.ts", "scripts/package/repository.ts"],
  ...["src/text/json.ts", "test/support/checkout.ts"],
];

const { version, repository } = readRelease();
const NEXT = version.replace(/\d+$/, (number) => String(Number(number) + 1));

interface Copy {
  readonly path: string;
  readonly git: (...argv: string[]) => string;
  readonly release: (...argv: string[]) => Promise<RunResult>;
}

function openCopy(): Copy {
  const path = mkdtempSync(join(tmpdir(), "latchkey-script-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  for (const file of NEEDED) cpSync(join(CHECKOUT, file), join(path, file), { recursive: true });
  writeFileSync(join(path, "CHANGELOG.md"), "# Changelog\n\n## Unreleased\n\n- A.\n");
  const settings = ["user.name=S", "user.email=s@example.com", "core.hooksPath=/nonexistent"];
  const options = settings.flatMap((setting) => ["-c", setting]);
  const git = (...argv: string[]): string =>
    execFileSync("git", ["-C", path, ...options, ...argv], { encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", `${repository.url}.git`);
  git("add", ".");
  git("commit", "--quiet", "--no-gpg-sign", "--message", "start");
  const script = join(path, "scripts", "release", "main.ts");
  const env = {
    PATH: process.env["PATH"] ?? "",
    GIT_CONFIG_GLOBAL: "/dev/null",
    ...Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, "S"],
        [`GIT_${who}_EMAIL`, "s@example.com"],
      ]),
    ),
  };
  const release: Copy["release"] = (...argv) =>
    runProgram([process.execPath, "--no-warnings", script, ...argv], env);
  return { path, git, release };
}

const testRelease = testOnPosixOnly("a release is made on a POSIX system");

testRelease("a dry run prints the changes, and changes nothing", async () => {
  const { git, release } = openCopy();
  const { exitCode, stdout, stderr } = await release("patch", "--dry-run");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(
    new RegExp(
      `^latchkey ${NEXT}: package.json, package-lock.json, oclif.manifest.json, CHANGELOG.md.*\nNothing was changed`,
    ),
  );
  expect(git("status", "--porcelain")).toBe("");
  expect(git("log", "--format=%s")).toBe("start");
  expect(git("tag", "--list")).toBe("");
});

testRelease(
  "a release is committed and tagged, and the command to push it is printed",
  async () => {
    const { path, git, release } = openCopy();
    const { exitCode, stdout, stderr } = await release("patch");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`To publish it: git push --atomic origin main v${NEXT}\n`);
    expect(git("log", "--format=%s", "-1")).toBe(`release: ${NEXT}`);
    expect(git("cat-file", "-t", `v${NEXT}`)).toBe("tag");
    const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as object;
    expect(manifest).toMatchObject({ version: NEXT });
    const today = new Date().toISOString().slice(0, 4);
    expect(readFileSync(join(path, "CHANGELOG.md"), "utf8")).toContain(`## ${NEXT} (${today}-`);
  },
);

testRelease("a refusal prints each reason and exits 1; a wrong version exits 2", async () => {
  const { git, release } = openCopy();
  git("remote", "set-url", "origin", "https://github.com/else/key.git");
  git("switch", "--quiet", "--create", "next");
  const refused = await release("patch");
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr.split("\n")).toEqual([
    "latchkey: A release is made on main, and this is next.",
    `latchkey: git's remote origin is https://github.com/else/key.git, and package.json names github:${repository.owner}/${repository.name}.`,
    "",
  ]);
  for (const words of [[], ["huge"], ["0.0.0"]])
    expect(await release(...words)).toMatchObject({ exitCode: 2, stdout: "" });
});
