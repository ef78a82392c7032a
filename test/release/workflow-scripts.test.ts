import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished } from "vitest";
import { parse } from "yaml";
import { TARGETS } from "../../scripts/build/standalone/targets.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { runProgram, type Environment, type RunResult } from "../support/child.ts";
import { NO_SHELL, testOnPosixOnly } from "../support/windows.ts";

/** Runs the scripts of release.yml as GitHub does, with substitutes for npm and gh that record their calls. */

const testScript = testOnPosixOnly(NO_SHELL);

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly steps: ReadonlyArray<{ readonly name?: string; readonly run?: string }> }
    >
  >;
}

function readScript(job: string, step: string): string {
  const path = join(CHECKOUT, ".github", "workflows", "release.yml");
  const { jobs } = parse(readFileSync(path, "utf8")) as Workflow;
  const script = jobs[job]?.steps.find(({ name }) => name === step)?.run;
  if (script === undefined) throw new Error(`release.yml has no step "${step}" in ${job}`);
  return script;
}

interface Place {
  readonly path: string;
  /** Returns each call of a substitute: its name and its arguments. */
  readonly listCalls: () => string[];
  readonly run: (job: string, step: string, env?: Environment) => Promise<RunResult>;
}

/** @param standIns maps each name to its sh script, which runs after the call is recorded */
function openPlace(standIns: Readonly<Record<string, string>>): Place {
  const path = mkdtempSync(join(tmpdir(), "latchkey-workflow-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const calls = join(path, "calls");
  writeFileSync(calls, "");
  mkdirSync(join(path, "bin"));
  for (const [name, action] of Object.entries(standIns))
    writeFileSync(
      join(path, "bin", name),
      `#!/bin/sh\necho "${name} $*" >> ${calls}\n${action}\n`,
      { mode: 0o755 },
    );
  const base = { PATH: `${join(path, "bin")}:${process.env["PATH"]}`, GITHUB_REF_NAME: "v0.2.0" };
  // The same options as `shell: bash`.
  const bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];
  return {
    path,
    listCalls: () => readFileSync(calls, "utf8").trimEnd().split("\n"),
    run: (job, step, env) =>
      runProgram([...bash, readScript(job, step)], base, { cwd: path, ...(env && { env }) }),
  };
}

/** Makes the artifact that the jobs get: the content of each file is its own name. */
function packFiles(
  { path }: Place,
  files: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): void {
  const all = { ...Object.fromEntries(files.map((file) => [file, file])), ...texts };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(path, "dist-packages", file)), { recursive: true });
    writeFileSync(join(path, "dist-packages", file), text);
  }
  execFileSync("tar", ["-cf", "packages.tar", "dist-packages"], { cwd: path });
  rmSync(join(path, "dist-packages"), { recursive: true });
}

const PLATFORMS = TARGETS.map(({ name }) => `latchkey-${name}`).toSorted();
const TARBALLS = [...PLATFORMS, "latchkey"].map((name) => `npm/${name}-0.2.0.tgz`);

describe("the step that publishes to npm", () => {
  testScript(
    "publishes the packages of the platforms, then latchkey, each with provenance",
    async () => {
      const place = openPlace({ npm: '[ "$1" = publish ]' });
      packFiles(place, TARBALLS);
      expect(await place.run("npm", "Publish")).toMatchObject({ exitCode: 0 });
      expect(place.listCalls()).toEqual(
        [...PLATFORMS, "latchkey"].flatMap((name) => [
          `npm view ${name}@0.2.0 version`,
          `npm publish ./${name}-0.2.0.tgz --provenance --access public`,
        ]),
      );
    },
  );

  testScript("skips packages that an earlier run has published", async () => {
    const known = `case "$1 $2" in "view latchkey-"*) echo 0.2.0;; view*) exit 1;; esac`;
    const place = openPlace({ npm: known });
    packFiles(place, TARBALLS);
    const { exitCode, stdout } = await place.run("npm", "Publish");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("latchkey-linux-x64@0.2.0 is published already");
    expect(place.listCalls().filter((call) => call.startsWith("npm publish"))).toEqual([
      "npm publish ./latchkey-0.2.0.tgz --provenance --access public",
    ]);
  });

  testScript("publishes nothing if a platform's package is missing", async () => {
    const place = openPlace({ npm: '[ "$1" = publish ]' });
    packFiles(place, TARBALLS.slice(1));
    expect((await place.run("npm", "Publish")).exitCode).not.toBe(0);
    expect(place.listCalls()).toEqual([""]);
  });

  testScript("ends at the first package that npm refuses", async () => {
    const place = openPlace({ npm: "exit 1" });
    packFiles(place, TARBALLS);
    expect((await place.run("npm", "Publish")).exitCode).toBe(1);
    expect(place.listCalls()).toHaveLength(2);
  });
});

describe("the step that signs the checksums", () => {
  const FILE = "latchkey-0.2.0-linux-x64.tar.xz";
  const SECRET = { MINISIGN_SECRET_KEY: "untrusted comment: key\nRWQ" };
  const openSums = (sum: string): { place: Place; env: Environment } => {
    const place = openPlace({ minisign: 'cat "$3" >> "$0.key"' });
    packFiles(place, [FILE], { SHA256SUMS: `${sum}  ${FILE}\n` });
    return { place, env: { ...SECRET, RUNNER_TEMP: place.path } };
  };

  testScript("signs them with the key, and leaves no key behind", async () => {
    const { place, env } = openSums(createHash("sha256").update(FILE).digest("hex"));
    expect(await place.run("sign", "Sign", env)).toMatchObject({ exitCode: 0 });
    expect(place.listCalls()).toEqual([
      `minisign -S -s ${place.path}/minisign.key -m SHA256SUMS -t latchkey 0.2.0`,
    ]);
    const key = readFileSync(join(place.path, "bin", "minisign.key"), "utf8");
    expect(key).toBe(`${SECRET.MINISIGN_SECRET_KEY}\n`);
    expect(readdirSync(place.path)).not.toContain("minisign.key");
  });

  testScript("signs nothing if a file has another checksum", async () => {
    const { place, env } = openSums("0".repeat(64));
    expect((await place.run("sign", "Sign", env)).exitCode).not.toBe(0);
    expect(place.listCalls()).toEqual([""]);
  });
});

describe("the step that publishes the release", () => {
  const FILES = ["SHA256SUMS", "latchkey-0.2.0-linux-x64.tar.xz"];
  const SIGNATURE = "SHA256SUMS.minisig";
  const MANIFESTS = [
    "homebrew/a.rb",
    "scoop/a.json",
    "winget/a.yaml",
    "aur/.SRCINFO",
    "nix/flake.nix",
  ];
  const CHANGELOG = `# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-01-31)\n\n- B.\n\n## 0.1.0 (2026-01-01)\n\n- A.\n`;

  testScript(
    "makes a draft of the version's section, adds every file, and publishes it last",
    async () => {
      const place = openPlace({ gh: '[ "$2" != view ]' });
      packFiles(place, [...FILES, ...TARBALLS, ...MANIFESTS]);
      writeFileSync(join(place.path, SIGNATURE), "");
      writeFileSync(join(place.path, "CHANGELOG.md"), CHANGELOG);
      expect(await place.run("github", "Publish")).toMatchObject({ exitCode: 0 });
      expect(readFileSync(join(place.path, "notes.md"), "utf8").trim()).toBe("- B.");
      const [view, create, upload, manifests, edit, ...more] = place.listCalls();
      expect([view, manifests, edit, ...more]).toEqual([
        "gh release view v0.2.0",
        "gh release upload v0.2.0 --clobber manifests.tar.gz",
        "gh release edit v0.2.0 --draft=false",
      ]);
      expect(create).toBe(
        "gh release create v0.2.0 --draft --verify-tag --title latchkey 0.2.0 --notes-file notes.md",
      );
      const uploaded = upload?.split(" ").slice(5);
      const names = [...FILES, SIGNATURE].toSorted();
      expect(uploaded?.toSorted()).toEqual(names.map((file) => `dist-packages/${file}`));
      const packed = execFileSync("tar", ["-tzf", "manifests.tar.gz"], { cwd: place.path });
      for (const file of MANIFESTS) expect(packed.toString().split("\n")).toContain(file);
    },
  );

  testScript("continues the draft of an earlier run", async () => {
    const place = openPlace({ gh: "" });
    packFiles(place, [...FILES, ...MANIFESTS]);
    writeFileSync(join(place.path, SIGNATURE), "");
    writeFileSync(join(place.path, "CHANGELOG.md"), CHANGELOG);
    expect(await place.run("github", "Publish")).toMatchObject({ exitCode: 0 });
    expect(place.listCalls().filter((call) => call.startsWith("gh release create"))).toEqual([]);
  });
});

describe("the step that compares tag and repository", () => {
  const STEP = "The tag is the version, and the repository the one that package.json names";

  for (const [repository, version, exitCode] of [
    ["somebody/key", "0.2.0", 0],
    ["somebody/key", "0.2.1", 1],
    ["else/key", "0.2.0", 1],
  ] as const)
    testScript(
      `ends with ${exitCode} for version ${version} in ${repository}, at v0.2.0`,
      async () => {
        const place = openPlace({});
        writeFileSync(
          join(place.path, "package.json"),
          JSON.stringify({ version, type: "module", repository: "github:somebody/key" }),
        );
        const outcome = await place.run("build", STEP, { GITHUB_REPOSITORY: repository });
        expect(outcome).toMatchObject({ exitCode });
      },
    );
});
