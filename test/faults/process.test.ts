import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { PROGRAM, createSignedInHome, type Home } from "../support/home.ts";
import { runWith, startCommand, startTracing } from "./support/child.ts";
import { ROLE } from "./support/injection.ts";
import { nodeRow, row } from "./support/row.ts";

/** Faults outside of the work itself: an old Node, a file system without locks, errors that no code catches. */

row(
  93,
  "a home on a file system without locks is locked on this host instead, after a second",
  async () => {
    const home = await createSignedInHome();
    const env = { XDG_RUNTIME_DIR: join(home.path, "runtime") };
    mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });
    // The first lock is the n-th fcntl call in every run. The calls from there on fail, but not the last ones, since Node
    // itself reads the state of its streams with fcntl when it ends.
    const counting = startTracing(home, ["fcntl:delay_enter=0:when=65535"]);
    expect(
      await runWith(home, [...ROLE.slice(0, -1), "AdministratorAccess"], {
        wrapper: counting.wrapper,
        env,
      }),
    ).toMatchObject({ exitCode: 0 });
    const [thread = ""] = counting.readLines()[0]?.split(" ") ?? [];
    const first =
      counting
        .readLines()
        .filter((line) => line.startsWith(`${thread} `) && line.includes("fcntl("))
        .findIndex((line) => line.includes("F_SETLK")) + 1;
    expect(first).toBeGreaterThan(0);
    const trace = startTracing(home, [
      `fcntl:error=ENOLCK:when=${first}..${first + REFUSED_CALLS - 1}`,
    ]);
    const ended = await runWith(home, ROLE, { wrapper: trace.wrapper, env });
    expect(
      trace.readInjected().filter((line) => line.includes("F_SETLK") && line.includes("ENOLCK")),
    ).toHaveLength(REFUSED_CALLS);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0, stderr: "" });
    expect(home.list("runtime/latchkey")).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.lock$/)]);
    expect(home.list(".aws/latchkey/locks").filter((name) => !name.endsWith(".lock"))).toEqual([]);
  },
);

/** A second of tries and the probe make about sixteen calls. The rest are the first tries in the other directory. */
const REFUSED_CALLS = 24;

row(93, "after a stale handle of a replaced file, the file is opened once more", async () => {
  const home = await createSignedInHome();
  const trace = startTracing(home, ["openat:error=ESTALE:when=1"], join(home.path, ".aws/config"));
  const ended = await runWith(home, ["accounts"], { wrapper: trace.wrapper });
  expect(trace.readInjected().some((line) => line.includes("ESTALE"))).toBe(true);
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  const always = startTracing(home, ["openat:error=ESTALE"], join(home.path, ".aws/config"));
  const failing = await runWith(home, ["accounts"], { wrapper: always.wrapper });
  expect(failing).toMatchObject({ exitCode: 8, stdout: "" });
  expect(failing.stderr).toContain("could not be read");
});

nodeRow(
  99,
  "with a Node that is too old, every command prints two lines and exits 2",
  "its runtime is inside",
  async () => {
    const home = await createSignedInHome();
    for (const argv of [ROLE, ["accounts", "--json"], ["--version"], []]) {
      const ended = await startCommand(home, [
        ...(await findOldNode(home)),
        PROGRAM.at(-1) ?? "",
        ...argv,
      ]).ended;
      expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
      expect(ended.stderr).toMatch(
        /^latchkey: error: This Node is too old: v\d+\.\d+\.\d+\.\nlatchkey: hint: .+\n$/,
      );
    }
  },
);

/** Finds an old Node on this machine; else the current one, with a preloaded file that changes its version. */
async function findOldNode(home: Home): Promise<readonly string[]> {
  for (const path of ["/usr/bin/node", "/usr/local/bin/node"].filter((place) =>
    existsSync(place),
  )) {
    const { stdout } = await startCommand(home, [path, "--version"]).ended;
    if (/^v(1\d|20|21)\./.test(stdout)) return [path];
  }
  const disguise =
    'Object.defineProperty(process.versions, "node", { value: "20.9.0" }); Object.defineProperty(process, "version", { value: "v20.9.0" });';
  return [PROGRAM[0], "--require", home.write("old-node.cjs", disguise)];
}

/** Why the standalone executable leaves these rows out: they inject their faults with NODE_OPTIONS. */
const WITHOUT_NODE_OPTIONS = "NODE_OPTIONS does not reach it";

const SECRET = "eyJhbGciOiJIUzM4NCJ9.canary-that-nobody-may-print";

for (const [what, code] of [
  ["a timer that throws", `setTimeout(() => { throw new Error("token ${SECRET}") }, 1200)`],
  [
    "a promise that no code awaits",
    `setTimeout(() => { Promise.reject(new Error("token ${SECRET}")) }, 1200)`,
  ],
  [
    "a promise rejected with a text",
    `setTimeout(() => { Promise.reject("token ${SECRET}") }, 1200)`,
  ],
] as const) {
  nodeRow(
    100,
    `${what} ends it with 1 and our two lines: nothing on stdout, nothing of its text`,
    WITHOUT_NODE_OPTIONS,
    async () => {
      const home = await createSignedInHome();
      const thrower = home.write("thrower.cjs", code);
      home.emulator.setFault({ route: "*", delayMs: 8_000 });
      for (const argv of [ROLE, ["accounts"], ["accounts", "--debug"]]) {
        const ended = await runWith(home, argv, { env: { NODE_OPTIONS: `--require ${thrower}` } });
        expect(ended, ended.stderr).toMatchObject({ exitCode: 1, stdout: "" });
        expect(ended.stderr).toMatch(/^latchkey: error: Something went wrong inside latchkey/m);
        expect(ended.stderr).not.toContain("canary");
      }
      const json = await runWith(home, ["accounts", "--json"], {
        env: { NODE_OPTIONS: `--require ${thrower}` },
      });
      expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: "BUG" } });
      expect(json).toMatchObject({ exitCode: 1, stderr: "" });
    },
  );
}

nodeRow(
  100,
  "an unexpected error ends the process with 1, with the stack only under --debug, and without the error's text",
  WITHOUT_NODE_OPTIONS,
  async () => {
    const home = await createSignedInHome();
    const saboteur = home.write(
      "saboteur.cjs",
      `const fs = require("node:fs"); const { openSync } = fs; fs.openSync = (path, ...rest) => { if (String(path).includes("sso/cache")) throw new TypeError("token ${SECRET}"); return openSync(path, ...rest); }; require("node:module").syncBuiltinESMExports();`,
    );
    const env = { NODE_OPTIONS: `--require ${saboteur}` };
    const plain = await runWith(home, ["accounts"], { env });
    expect(plain).toMatchObject({ exitCode: 1, stdout: "" });
    expect(plain.stderr).toMatch(
      /^latchkey: error: Something went wrong inside latchkey.*\nlatchkey: hint: .*\n$/,
    );
    const debugged = await runWith(home, ["accounts", "--debug"], { env });
    expect(debugged.stderr).toMatch(/\n {4}at /);
    expect(debugged.stderr).not.toContain("canary");
  },
);

nodeRow(
  100,
  "an installation with damaged files exits 1 with two lines",
  "it is one file",
  async () => {
    const home = await createSignedInHome();
    const root = join(import.meta.dirname, "..", "..");
    const copy = join(home.path, "copy");
    for (const part of ["bin", "dist", "package.json", "oclif.manifest.json"])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    const run = (argv: readonly string[]) =>
      startCommand(home, [PROGRAM[0], join(copy, "bin/run.js"), ...argv]).ended;
    expect(await run(["accounts"])).toMatchObject({ exitCode: 0 });
    for (const [file, text] of [
      ["accounts-", "throw new Error('token canary');"],
      ["accounts-", "module.exports = {"],
      ["portal-", ""],
      ["main.cjs", "syntax error ("],
    ] as const) {
      const chunk =
        readdirSync(join(copy, "dist/bundle")).find((name) => name.startsWith(file)) ?? "";
      writeFileSync(join(copy, "dist/bundle", chunk), text);
      const ended = await run(["accounts"]);
      expect(ended, `${file}: ${ended.stderr}`).toMatchObject({ exitCode: 1, stdout: "" });
      expect(ended.stderr).toMatch(/^latchkey: error: .+\nlatchkey: hint: .+\n$/);
      expect(ended.stderr).not.toContain("canary");
    }
  },
);
