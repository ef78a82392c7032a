import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished } from "vitest";
import { makeRelease, prepareRelease, type Outcome } from "../../scripts/release/release.ts";
import { testOnPosixOnly } from "../support/windows.ts";

const RELEASE = {
  version: "0.1.0",
  description: "Keys.",
  license: "MIT",
  repository: { owner: "somebody", name: "key", url: "https://github.com/somebody/key" },
};
const STEP = { from: "0.1.0", to: "0.2.0", day: "2026-01-31" };
const FILES = {
  "package.json": '{\n  "name": "latchkey",\n  "version": "0.1.0"\n}\n',
  "package-lock.json":
    '{\n  "version": "0.1.0",\n  "packages": {\n    "": {\n      "version": "0.1.0"\n    }\n  }\n}\n',
  "oclif.manifest.json": '{\n  "commands": {},\n  "version": "0.1.0"\n}',
  "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- A.\n",
  "README.md": "Install `latchkey-0.1.0.tgz`.\n",
  "docs/packaging.md": "No file is named.\n",
};

let folder = "";

function git(...argv: string[]): string {
  return execFileSync("git", ["-C", folder, ...argv], { encoding: "utf8" }).trim();
}

function prepare(): Outcome {
  return prepareRelease(folder, RELEASE, STEP);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-release-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git("init", "--quiet", "--initial-branch=main");
  for (const [key, value] of [
    ["user.name", "Somebody"],
    ["user.email", "somebody@example.com"],
    ["commit.gpgSign", "false"],
    ["tag.gpgSign", "false"],
    ["core.hooksPath", "/nonexistent"],
  ] as const)
    git("config", key, value);
  git("remote", "add", "origin", "git@github.com:somebody/key.git");
  git("add", ".");
  git("commit", "--quiet", "--message", "start");
});

const testInRepository = testOnPosixOnly("a release is made on a POSIX system");

describe("npm run release", () => {
  for (const [what, key, value] of [
    ["a commit without a name", "user.name", ""],
    ["the commit's signature", "commit.gpgSign", "true"],
    ["the tag's signature", "tag.gpgSign", "true"],
  ] as const)
    testInRepository(`changes nothing if git refuses ${what}`, () => {
      const outcome = prepare();
      if (outcome.kind !== "ready") throw new Error(outcome.reasons.join());
      git("config", "gpg.program", "/nonexistent");
      git("config", key, value);
      expect(() => makeRelease(folder, outcome.files, STEP)).toThrow();
      expect(git("status", "--porcelain")).toBe("");
      expect(git("log", "--format=%s")).toBe("start");
      expect(git("tag", "--list")).toBe("");
      expect(prepare()).toEqual(outcome);
    });

  testInRepository("commits version, changelog and pages, and tags the commit", () => {
    const outcome = prepare();
    if (outcome.kind !== "ready") throw new Error(outcome.reasons.join());
    expect([...outcome.files.keys()]).toEqual([
      "package.json",
      "package-lock.json",
      "oclif.manifest.json",
      "CHANGELOG.md",
      "README.md",
    ]);
    expect(git("status", "--porcelain")).toBe("");
    makeRelease(folder, outcome.files, STEP);
    expect(git("status", "--porcelain")).toBe("");
    expect(git("log", "--format=%s")).toBe("release: 0.2.0\nstart");
    expect(git("cat-file", "-t", "v0.2.0")).toBe("tag");
    expect(git("rev-parse", "v0.2.0^{commit}")).toBe(git("rev-parse", "HEAD"));
    expect(git("tag", "--list", "--format=%(contents)", "v0.2.0")).toBe("latchkey 0.2.0\n\n- A.");
    const read = (path: string): string => readFileSync(join(folder, path), "utf8");
    for (const path of ["package.json", "package-lock.json", "oclif.manifest.json"] as const)
      expect(read(path)).toBe(FILES[path].replaceAll("0.1.0", "0.2.0"));
    expect(read("CHANGELOG.md")).toBe(
      "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-01-31)\n\n- A.\n",
    );
    expect(read("README.md")).toBe("Install `latchkey-0.2.0.tgz`.\n");
  });

  testInRepository("can't be repeated, because the tag exists and nothing is unreleased", () => {
    const outcome = prepare();
    if (outcome.kind !== "ready") throw new Error(outcome.reasons.join());
    makeRelease(folder, outcome.files, STEP);
    expect(prepare()).toEqual({
      kind: "refused",
      reasons: ["The tag v0.2.0 is there already", "CHANGELOG.md has nothing under Unreleased"],
    });
  });

  testInRepository(
    "keeps a changelog heading in the tag, and does not read it as a comment",
    () => {
      writeFileSync(
        join(folder, "CHANGELOG.md"),
        "# Changelog\n\n## Unreleased\n\n### New\n\n- A.\n# B\n",
      );
      git("commit", "--quiet", "--all", "--message", "more");
      const outcome = prepare();
      if (outcome.kind !== "ready") throw new Error(outcome.reasons.join());
      makeRelease(folder, outcome.files, STEP);
      expect(git("tag", "--list", "--format=%(contents)", "v0.2.0")).toBe(
        "latchkey 0.2.0\n\n### New\n\n- A.\n# B",
      );
    },
  );

  testInRepository("refuses changed and new files", () => {
    writeFileSync(join(folder, "README.md"), "Other.\n");
    writeFileSync(join(folder, "new.txt"), "");
    expect(prepare()).toEqual({
      kind: "refused",
      reasons: ["There are changes without a commit:  M README.md, ?? new.txt"],
    });
  });

  testInRepository("refuses another branch, and a commit without a branch", () => {
    git("switch", "--quiet", "--create", "next");
    expect(prepare()).toMatchObject({ reasons: ["A release is made on main, and this is next"] });
    git("switch", "--quiet", "--detach");
    expect(prepare()).toMatchObject({
      reasons: ["A release is made on main, and this is no branch"],
    });
  });

  testInRepository("refuses a remote of another repository, even if it is only for pushes", () => {
    git("remote", "set-url", "--push", "origin", "git@github.com:else/key.git");
    expect(prepare()).toMatchObject({
      reasons: [
        "git's remote origin is git@github.com:else/key.git, and package.json names github:somebody/key",
      ],
    });
    git("remote", "remove", "origin");
    expect(prepare()).toMatchObject({ reasons: ["git has no remote named origin"] });
  });

  testInRepository("refuses a remote that git's rules rewrite to another address", () => {
    git("config", "url.https://elsewhere.example/.insteadOf", "git@github.com:");
    expect(prepare()).toMatchObject({
      reasons: [expect.stringContaining("is https://elsewhere.example/somebody/key.git, and")],
    });
  });
});
