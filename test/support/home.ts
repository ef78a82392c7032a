import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect } from "vitest";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../src/emulator/emulator.ts";
import { runProgram, type RunOptions, type RunResult } from "./child.ts";
import { PROGRAM } from "./program.ts";
import { recordRun } from "./record.ts";
import { sessionConfig } from "./session-config.ts";
import { keepSignIn, writeSignIn } from "./sign-in-files.ts";
import { listHomeVariables, listSystemVariables } from "./windows.ts";

export { runProgram, type RunOptions, type RunResult } from "./child.ts";
export { createReturningBrowser } from "./browser.ts";
export { testOnNodeOnly } from "./on-node-only.ts";
export { isOnWindows, leaveOutOnWindows, testOnPosixOnly } from "./windows.ts";
export { isStandalone, PROGRAM } from "./program.ts";
export { CORP_TOKEN, sessionConfig } from "./session-config.ts";

/** A temporary home, an emulated Identity Center, and the built program run in them as a child. */

export interface Home {
  readonly path: string;
  readonly emulator: Emulator;
  readonly env: Readonly<Record<string, string>>;
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs with --json, expects exit 0, and returns the one value on stdout, of the type that the command exports. */
  runJson<Json>(argv: readonly string[], options?: RunOptions): Promise<Json>;
  read(relative: string): string;
  /** The value of a JSON file of ours, or of the shared cache. */
  readJson<Json>(relative: string): Json;
  write(relative: string, text: string, mode?: number): string;
  exists(relative: string): boolean;
  list(relative: string): string[];
}

const open: Array<{ home: Home; mayMeetUnknownRoutes: boolean }> = [];

afterEach(async () => {
  for (const { home, mayMeetUnknownRoutes } of open.splice(0)) {
    const unknown = home.emulator.journal.entries().filter(({ route }) => route === "Unknown");
    await home.emulator.close();
    chmodSync(home.path, 0o700);
    // A browser that latchkey opened may still be putting its own things there.
    rmSync(home.path, { recursive: true, force: true, maxRetries: 30, retryDelay: 100 });
    if (!mayMeetUnknownRoutes)
      expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  }
});

export async function createHome(options: EmulatorOptions = {}): Promise<Home> {
  const path = mkdtempSync(join(tmpdir(), "latchkey-test-"));
  const emulator = await startEmulator(options);
  // A program under test gets an environment of its own: vitest's NODE_ENV, and whatever AWS_… is set here, would steer it.
  // It lives in the zone of the test, which may be any.
  const zone = process.env["TZ"] === undefined ? {} : { TZ: process.env["TZ"] };
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: path,
    LANG: "C.UTF-8",
    ...listSystemVariables(),
    ...listHomeVariables(path),
    ...zone,
    ...emulator.env,
  };
  const home: Home = {
    path,
    emulator,
    env,
    async run(argv, runOptions = {}) {
      const result = await runProgram([...PROGRAM, ...argv], env, runOptions);
      recordRun({ argv, ...result, home: path, url: emulator.url });
      return result;
    },
    async runJson<Json>(argv: readonly string[], runOptions?: RunOptions) {
      const result = await home.run([...argv, "--json"], runOptions);
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
      return parseOutput<Json>(result);
    },
    read: (relative) => readFileSync(join(path, relative), "utf8"),
    readJson: <Json>(relative: string) => JSON.parse(home.read(relative)) as Json,
    write(relative, text, mode = 0o600) {
      const file = join(path, relative);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode });
      return file;
    },
    exists: (relative) => existsSync(join(path, relative)),
    list: (relative) =>
      existsSync(join(path, relative)) ? readdirSync(join(path, relative)).sort() : [],
  };
  open.push({ home, mayMeetUnknownRoutes: false });
  return home;
}

/** The one JSON value on stdout, of the type that the command exports. */
export function parseOutput<Json>({ stdout }: Pick<RunResult, "stdout">): Json {
  return JSON.parse(stdout) as Json;
}

/** A token file of the shared cache, as this program and the AWS CLI write it. */
export interface TokenFileJson {
  readonly startUrl: string;
  readonly region: string;
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly registrationExpiresAt: string;
  readonly refreshToken: string;
}

/** That config for the emulator as it is by itself. */
export const SESSION_CONFIG = sessionConfig("100000000001", "https://emu.awsapps.com/start");

/** A home with that config, signed in: what is there is what `login` leaves. */
export async function createSignedInHome(options: EmulatorOptions = {}): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, ...options });
  home.write(".aws/config", SESSION_CONFIG);
  writeSignIn(home);
  return home;
}

/** Moves the token's end, as time would: real clients go by their own clock. */
export function expireTokenFile(home: Home, relative: string, secondsFromNow = -60): void {
  const stored = home.readJson<TokenFileJson>(relative);
  const expiresAt = new Date(Date.now() + secondsFromNow * 1000)
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  keepSignIn(home, () => void home.write(relative, JSON.stringify({ ...stored, expiresAt })));
}

/** The role credentials that are cached, of whatever session, by file name. */
export function listCachedRoleFiles(home: Home): string[] {
  const root = ".aws/latchkey/role-credentials";
  return home
    .list(root)
    .flatMap((folder) => home.list(`${root}/${folder}`).map((file) => `${root}/${folder}/${file}`));
}

/** Moves the time of their fetching, so that cached role credentials which still last are due to be renewed. */
export function makeRenewalsDue(home: Home): void {
  for (const file of listCachedRoleFiles(home))
    home.write(
      file,
      JSON.stringify({
        ...home.readJson<object>(file),
        fetchedAt: "2026-01-01T00:00:00Z",
      }),
    );
}
