import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOST_NAME } from "../../scripts/build/standalone/targets.ts";
import { nameNpmPackage } from "../../scripts/package/npm.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import {
  createHome,
  parseOutput,
  createSignedInHome,
  runProgram,
  SESSION_CONFIG,
  type Home,
} from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { CTRL_C, startTerminal } from "../support/pty.ts";
import { locateTarball, packDependencies, PACKAGES, runNpm, startRegistry } from "./support/npm.ts";

const { version } = readRelease();
const HOST_PACKAGE = nameNpmPackage(HOST_NAME);
const STANDALONE = /^latchkey\/\S+ \S+ bun-\S+\n$/;
const NODE = /^latchkey\/\S+ \S+ node-\S+\n$/;

describe("installed by npm", () => {
  let place: string;
  let dependencies: string[];
  /** Installed from the tarballs, without a registry. */
  let prefix: string;

  beforeAll(async () => {
    place = realpathSync(mkdtempSync(join(tmpdir(), "latchkey-npm-")));
    dependencies = await packDependencies(place);
    prefix = join(place, "prefix");
    const tarballs = ["latchkey", HOST_PACKAGE].map(locateTarball);
    await runNpm(place, ["install", "--global", "--prefix", prefix, ...dependencies, ...tarballs]);
  }, patience(120_000));
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  const locateModules = (): string => join(prefix, "lib", "node_modules");
  const locateProgram = (): string => join(locateModules(), HOST_PACKAGE, "bin", "latchkey");
  const locateBin = (): string => join(prefix, "bin", "latchkey");
  const runBin = (home: Home, argv: readonly string[], env: Record<string, string> = {}) =>
    runProgram([locateBin(), ...argv], home.env, { env });

  test(
    "the program on the PATH is the standalone one, which runs the whole journey and has man pages",
    async () => {
      const home = await createHome();
      const PATH = [join(prefix, "bin"), home.env["PATH"]].join(delimiter);
      const run = (line: string) => runProgram(["sh", "-c", line], home.env, { env: { PATH } });
      expect((await run("latchkey --version")).stdout).toMatch(STANDALONE);
      const demo = await run("latchkey demo");
      expect(demo, demo.stderr).toMatchObject({ exitCode: 0 });
      expect(demo.stdout).toMatch(/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]+\/\S+\n$/);
      expect((await run("latchkey update")).stdout).toContain(
        "npm install --global latchkey@latest",
      );
      expect(readdirSync(join(prefix, "share", "man", "man1"))).toContain("latchkey-login.1");
      expect(readdirSync(locateModules()).filter((name) => /^latchkey/.test(name))).toEqual([
        "latchkey",
        HOST_PACKAGE,
      ]);
    },
    patience(60_000),
  );

  test("streams, exit codes and the process are the program's own", async () => {
    const home = await createSignedInHome();
    const script = "cat; echo $PPID; echo err >&2; exit 7";
    const child = await runProgram(
      [locateBin(), "exec", "okta", "--", "sh", "-c", script],
      home.env,
      {
        input: "in\n",
      },
    );
    expect(child).toMatchObject({ exitCode: 7, stderr: "err\n" });
    expect(child.stdout).toMatch(/^in\n\d+\n$/);
    // The shell's child is the program, and its child is the command: there is no Node process between them.
    const tree = `"$0" exec okta -- sh -c 'ps -o comm= -p "$(ps -o ppid= -p $PPID | tr -d " ")"' & wait $!`;
    const { stdout } = await runProgram(["sh", "-c", tree, locateBin()], home.env);
    expect(stdout.trim()).toBe("sh");
    const killed = ["exec", "okta", "--", "sh", "-c", "kill -TERM $$"];
    expect(await runBin(home, killed)).toMatchObject({ exitCode: 143 });
    expect(await runBin(home, ["exec", "okta", "--", "no-such-program"])).toMatchObject({
      exitCode: 127,
    });
    expect(await runBin(home, ["whoami", "nobody"])).toMatchObject({ exitCode: 7, stdout: "" });
    const odd = ["exec", "okta", "--", "printf", "%s|", "", "a b", "-x", "ü'\"$HOME"];
    expect((await runBin(home, odd)).stdout).toBe(`|a b|-x|ü'"$HOME|`);
  });

  test.each([
    ["TERM", (processId: number): boolean => process.kill(processId, "SIGTERM")],
    ["HUP", (processId: number): boolean => process.kill(processId, "SIGHUP")],
    ["INT", undefined],
  ] as const)("SIG%s reaches the command of exec", async (signal, send) => {
    const home = await createSignedInHome();
    const script = `trap 'echo heard; exit 9' ${signal}; echo ready; while :; do sleep 0.05; done`;
    const session = startTerminal(home, [locateBin(), "exec", "okta", "--", "sh", "-c", script]);
    await session.see("ready");
    if (send === undefined) session.type(CTRL_C);
    else send(session.processId);
    await session.see("heard");
    expect(await session.ended).toBe(9);
  });

  test("Ctrl-C at a terminal ends a waiting sign-in with exit code 130", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const session = startTerminal(home, [locateBin(), "login", "--no-browser"]);
    await session.see(/[A-Z]{4}-[A-Z]{4}/);
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
  });

  test(
    "a profile gets the program's own path, which works without Node and after another installation",
    async () => {
      const home = await createSignedInHome();
      const words = ["--form", "credential-process", "--profile", "sdk", "--sso-session", "corp"];
      const role = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess", "--yes"];
      const written = await runBin(home, ["configure", ...words, ...role]);
      expect(written, written.stderr).toMatchObject({ exitCode: 0 });
      const line = /^credential_process = (.*)$/m.exec(home.read(".aws/config"))?.[1] ?? "";
      expect(line).toMatch(new RegExp(`^${locateProgram()} credential-process `));
      const ask = () =>
        runProgram(["/bin/sh", "-c", line], home.env, { env: { PATH: "/usr/bin:/bin" } });
      expect(JSON.parse((await ask()).stdout)).toMatchObject({ Version: 1 });
      await runNpm(place, ["install", "--global", "--prefix", prefix, locateTarball(HOST_PACKAGE)]);
      expect(JSON.parse((await ask()).stdout)).toMatchObject({ Version: 1 });
      const { findings } = parseOutput<{ findings: { id: string }[] }>(
        await runBin(home, ["doctor", "--json"]),
      );
      expect(findings.filter(({ id }) => id.startsWith("process-"))).toEqual([]);
    },
    patience(60_000),
  );

  test("a line from an older version, with Node and bin/run.js, still works, cold and cached", async () => {
    const home = await createSignedInHome();
    const entry = join(locateModules(), "latchkey", "bin", "run.js");
    const role = [
      "--sso-session",
      "corp",
      "--account-id",
      "100000000001",
      "--role-name",
      "ViewOnlyAccess",
    ];
    const ask = () =>
      runProgram([process.execPath, entry, "credential-process", ...role], home.env);
    const [cold, cached] = [await ask(), await ask()];
    expect(JSON.parse(cold.stdout)).toMatchObject({ Version: 1 });
    expect(cached).toEqual(cold);
  });

  describe("Node runs the program, and --debug prints why,", () => {
    /** Makes a copy of the installation, with the program's package changed. */
    const createCopy = (change: (folder: string) => void): string => {
      const copy = mkdtempSync(join(place, "copy-"));
      cpSync(prefix, copy, { recursive: true, verbatimSymlinks: true });
      change(join(copy, "lib", "node_modules", HOST_PACKAGE));
      return join(copy, "bin", "latchkey");
    };
    const replaceProgram = (bytes: Buffer | string) => (folder: string) => {
      const program = join(folder, "bin", "latchkey");
      rmSync(program);
      writeFileSync(program, bytes);
      chmodSync(program, 0o755);
    };
    const setVersion = (folder: string): void =>
      writeFileSync(join(folder, "package.json"), '{"version":"0.0.9"}');

    test.each([
      [
        "if its package is missing",
        (folder: string) => rmSync(folder, { recursive: true }),
        "is not installed",
      ],
      ["if it has another version", setVersion, `is of version 0.0.9, and this is ${version}`],
      ["if it is damaged", replaceProgram("garbage"), "is not made for"],
      [
        "if it may not be run",
        (folder: string) => chmodSync(join(folder, "bin", "latchkey"), 0o644),
        "may not be run",
      ],
    ] as const)("%s", async (_, change, reason) => {
      const home = await createHome();
      const program = createCopy(change);
      expect(await runProgram([program, "--version"], home.env)).toMatchObject({
        stdout: expect.stringMatching(NODE),
        stderr: "",
        exitCode: 0,
      });
      const { stderr } = await runProgram([program, "profiles", "--debug"], home.env);
      expect(stderr).toContain(`runs on Node: the `);
      expect(stderr).toContain(reason);
    });

    test("if Node's permissions forbid it", async () => {
      const home = await createHome();
      const words = [
        process.execPath,
        "--permission",
        "--allow-fs-read=*",
        locateBin(),
        "--version",
      ];
      const ended = await runProgram(words, home.env);
      expect(ended).toMatchObject({ stdout: expect.stringMatching(NODE), stderr: "", exitCode: 0 });
    });
  });

  describe("from a registry", () => {
    let registry: Awaited<ReturnType<typeof startRegistry>>;
    beforeAll(async () => {
      registry = await startRegistry([...dependencies, ...PACKAGES.map(locateTarball)]);
    }, patience(60_000));
    afterAll(() => registry.stop());

    /** @returns the folder of the packages */
    const install = async (...options: readonly string[]): Promise<string> => {
      const folder = mkdtempSync(join(place, "registry-"));
      const words = ["install", "--prefix", folder, ...options, "latchkey"];
      await runNpm(place, words, registry.url);
      return join(folder, options.includes("--global") ? "lib" : "", "node_modules");
    };

    test(
      "only the machine's own package is installed, inside the one that names it",
      async () => {
        const home = await createHome();
        const modules = await install("--global");
        expect(readdirSync(modules)).toEqual(["latchkey"]);
        const nested = readdirSync(join(modules, "latchkey", "node_modules"));
        expect(nested.filter((name) => /^latchkey-/.test(name))).toEqual([HOST_PACKAGE]);
        const program = join(modules, "..", "..", "bin", "latchkey");
        const { stdout } = await runProgram([program, "--version"], home.env);
        expect(stdout).toMatch(STANDALONE);
      },
      patience(60_000),
    );

    test(
      "--omit=optional installs only the Node program",
      async () => {
        const home = await createHome();
        const modules = await install("--omit=optional");
        const program = join(modules, ".bin", "latchkey");
        expect(readdirSync(modules).filter((name) => /^latchkey-/.test(name))).toEqual([]);
        const { stdout } = await runProgram([program, "update"], home.env);
        const command = `npm install --prefix ${dirname(modules)} latchkey@latest`;
        expect(stdout).toContain(command);
        const debugged = await runProgram([program, "profiles", "--debug"], home.env);
        expect(debugged.stderr).toContain(
          `runs on Node: the package ${HOST_PACKAGE} is not installed`,
        );
        const demo = await runProgram([program, "demo"], home.env);
        expect(demo, demo.stderr).toMatchObject({ exitCode: 0 });
      },
      patience(60_000),
    );
  });
});
