import { spawn } from "node:child_process";
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
import { PROGRAM } from "./program.ts";
import { writeSignIn } from "./sign-in-files.ts";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../src/emulator/emulator.ts";

export { isStandalone, onNodeOnly, PROGRAM } from "./program.ts";
export { CORP_TOKEN } from "./sign-in-files.ts";

/** A temporary home, an emulated Identity Center, and the built program run in them as a child. */

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with all of stderr so far, whenever some arrives. */
  readonly onStderr?: (text: string) => void;
  /** File descriptors or "pipe"; stdin is empty unless given. */
  readonly stdout?: number;
  /** All that stdin holds; empty without. */
  readonly input?: string;
  readonly cwd?: string;
}

export interface Home {
  readonly path: string;
  readonly emulator: Emulator;
  readonly env: Readonly<Record<string, string>>;
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs, expects exit 0, and parses the one JSON value on stdout. */
  runJson(argv: readonly string[], options?: RunOptions): Promise<any>;
  read(relative: string): string;
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
    ...zone,
    ...emulator.env,
  };
  const home: Home = {
    path,
    emulator,
    env,
    run: (argv, runOptions = {}) => runProgram([...PROGRAM, ...argv], env, runOptions),
    async runJson(argv, runOptions) {
      const result = await home.run([...argv, "--json"], runOptions);
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
      return JSON.parse(result.stdout);
    },
    read: (relative) => readFileSync(join(path, relative), "utf8"),
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

export function runProgram(
  argv: readonly string[],
  baseEnv: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<RunResult> {
  const [program = "", ...args] = argv;
  const merged = { ...baseEnv, ...options.env };
  const env = Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  const child = spawn(program, args, {
    env,
    stdio: [options.input === undefined ? "ignore" : "pipe", options.stdout ?? "pipe", "pipe"],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stdout = "";
  let stderr = "";
  child.stdin?.end(options.input);
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    options.onStderr?.(stderr);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({ stdout, stderr, exitCode: code ?? (signal === "SIGPIPE" ? 141 : 255) }),
    );
  });
}

/** A config with one session and one profile of it, as `configure` writes them. */
export const sessionConfig = (accountId: string, startUrl: string): string => `[profile okta]
sso_session = corp
sso_account_id = ${accountId}
sso_role_name = ViewOnlyAccess
region = eu-west-1
output = json
[sso-session corp]
sso_start_url = ${startUrl}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

/** That config for the emulator as it is by itself. */
export const SESSION_CONFIG = sessionConfig("100000000001", "https://emu.awsapps.com/start");

/** A home with that config, signed in: what is there is what `login` leaves. */
export async function signedInHome(options: EmulatorOptions = {}): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, ...options });
  home.write(".aws/config", SESSION_CONFIG);
  writeSignIn(home);
  return home;
}

/** Moves the token's end, as time would: real clients go by their own clock. */
export function expireTokenFile(home: Home, relative: string, secondsFromNow = -60): void {
  const stored = JSON.parse(home.read(relative)) as Record<string, unknown>;
  const expiresAt = new Date(Date.now() + secondsFromNow * 1000)
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  home.write(relative, JSON.stringify({ ...stored, expiresAt }));
}

/** The role credentials that are cached, of whatever session, by file name. */
export function cachedRoleFiles(home: Home): string[] {
  const root = ".aws/latchkey/role-credentials";
  return home
    .list(root)
    .flatMap((folder) => home.list(`${root}/${folder}`).map((file) => `${root}/${folder}/${file}`));
}

/** Moves the time of their fetching, so that cached role credentials which still last are due to be renewed. */
export function letRenewalsComeDue(home: Home): void {
  for (const file of cachedRoleFiles(home))
    home.write(
      file,
      JSON.stringify({
        ...(JSON.parse(home.read(file)) as object),
        fetchedAt: "2026-01-01T00:00:00Z",
      }),
    );
}

/** A command for BROWSER whose person approves at once: it notes the URL in `opened` and follows it to its end. */
export function browserThatComesBack(home: Home): string {
  return home.write(
    "bin/browser",
    `#!/bin/sh\necho "$1" >> "$HOME/opened"\nexec "${process.execPath}" -e 'fetch(process.argv[1])' "$1"\n`,
    0o755,
  );
}
