import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { TARGETS } from "../../scripts/build/standalone/targets.ts";
import { CHECKOUT } from "../support/checkout.ts";

/** Tests what the workflows may do. test/packages/workflows.test.ts checks them with actionlint. */

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FILES = ["ci.yml", "release.yml"];

function read(file: string): string {
  return readFileSync(join(CHECKOUT, ".github", "workflows", file), "utf8");
}

/** Returns the text of a job of release.yml. */
function readJob(name: string): string {
  const [, text = ""] = read("release.yml").split(`\n  ${name}:\n`);
  return text.split(/\n  \w+:\n/)[0] ?? "";
}

const [ci, release] = FILES.map((file) => parse(read(file)) as Workflow);
const texts = FILES.map(read).join("\n");

describe("the workflows", () => {
  test("pin every action to one commit, the same everywhere, with its version beside it", () => {
    const uses = [...texts.matchAll(/uses: (.*)$/gm)].map(([, action]) => action ?? "");
    expect(uses.length).toBeGreaterThan(20);
    for (const action of uses)
      expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const names = new Set(uses.map((action) => action.split("@")[0]));
    expect(new Set(uses).size).toBe(names.size);
  });

  test("keep no token in the checkout", () => {
    const count = (pattern: RegExp): number => [...texts.matchAll(pattern)].length;
    expect(count(/persist-credentials: false/g)).toBe(count(/uses: actions\/checkout@/g));
  });

  test("put no expression into a script, which would run its text as commands", () => {
    for (const workflow of [ci, release])
      for (const [name, { steps }] of Object.entries(workflow?.jobs ?? {}))
        expect(
          steps.filter(({ run = "" }) => run.includes("${{")),
          name,
        ).toEqual([]);
  });

  test("run only npm scripts that package.json has", () => {
    const manifest = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = [...texts.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? "");
    expect(new Set(named).size).toBeGreaterThan(3);
    expect(named.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });
});

describe("ci.yml", () => {
  test("may only read", () => {
    expect(ci?.permissions).toEqual({ contents: "read" });
    expect(Object.values(ci?.jobs ?? {}).filter((job) => job.permissions !== undefined)).toEqual(
      [],
    );
    expect(read("ci.yml")).not.toContain("secrets.");
  });

  test("runs each Node that package.json allows, on each system", () => {
    const { engines } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as {
      engines: { node: string };
    };
    const matrix = ci?.jobs["node"]?.strategy?.matrix;
    expect(matrix?.["node"]).toEqual([22, 24, 26]);
    expect(engines.node.match(/(?<=^|[\s^=])\d+/g)?.map(Number)).toEqual(matrix?.["node"]);
    expect(matrix?.["system"]?.map((system) => String(system).split("-")[0])).toEqual([
      "ubuntu",
      "macos",
      "windows",
    ]);
  });
});

describe("release.yml", () => {
  const jobs = Object.entries(release?.jobs ?? {});

  test("gives each job only the permissions that it needs, and none by default", () => {
    expect(release?.permissions).toEqual({});
    expect(Object.fromEntries(jobs.map(([name, { permissions }]) => [name, permissions]))).toEqual({
      build: { contents: "read" },
      macos: { contents: "read" },
      windows: { contents: "read" },
      package: { contents: "read" },
      sign: {},
      provenance: { attestations: "write", "id-token": "write" },
      contents: { attestations: "write", "id-token": "write" },
      npm: { "id-token": "write" },
      github: { contents: "write" },
    });
  });

  test("runs no code of the repository or of packages in jobs that may sign, publish or write", () => {
    const mayWrite = jobs.filter(
      ([name, { permissions = {} }]) =>
        Object.values(permissions).includes("write") ||
        readJob(name).includes("secrets.MINISIGN_SECRET_KEY"),
    );
    expect(mayWrite.map(([name]) => name)).toEqual([
      ...["sign", "provenance", "contents", "npm", "github"],
    ]);
    for (const [name, { steps }] of mayWrite)
      expect(
        steps.filter(({ run = "" }) => /\bnpm (?!publish|view)|\bnode\b|scripts\//.test(run)),
        name,
      ).toEqual([]);
  });

  test("has every secret in the environment that only a tag may use, after an approval", () => {
    const withSecrets = jobs.filter(([name]) => readJob(name).includes("secrets."));
    expect(withSecrets.map(([name]) => name)).toEqual(["macos", "windows", "sign"]);
    for (const [name, { environment }] of withSecrets) expect(environment, name).toBe("release");
  });

  test("takes nothing from a cache, which a job of another branch may have written", () => {
    const text = read("release.yml");
    const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
    expect(count(/package-manager-cache: false/g)).toBe(count(/uses: actions\/setup-node@/g));
    expect(count(/ cache: false/g)).toBe(count(/uses: actions\/setup-go@/g));
    expect(text).not.toContain("actions/cache");
  });

  test("attests the contents of every program", () => {
    expect(release?.jobs["contents"]?.strategy?.matrix["target"]).toEqual(
      TARGETS.map(({ name }) => name),
    );
  });

  test("has each secret in the environment of only one step, or tests whether it is set", () => {
    const lines = read("release.yml")
      .split("\n")
      .filter((line) => line.includes("secrets."));
    expect(lines.length).toBeGreaterThan(7);
    for (const line of lines)
      expect(line).toMatch(
        /^ {10}[A-Z_]+: \$\{\{ secrets\.[A-Z_]+ \}\}$|^ {6}HAS_CERTIFICATE: \$\{\{ secrets\.\w+ != '' \}\}$/,
      );
  });

  test("reads only secrets and variables that docs/releasing.md names", () => {
    const page = readFileSync(join(CHECKOUT, "docs", "releasing.md"), "utf8");
    const names = [...read("release.yml").matchAll(/\b(?:secrets|vars)\.(\w+)/g)].map(
      ([, name]) => name ?? "",
    );
    expect(new Set(names).size).toBe(9);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
