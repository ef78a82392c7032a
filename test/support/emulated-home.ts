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
import { sessionConfig } from "./session-config.ts";
import { keepSignIn, writeSignIn } from "./sign-in-files.ts";
import { listHomeVariables, listSystemVariables } from "./windows.ts";

export { CORP_TOKEN } from "./session-config.ts";

/** A temporary home and an emulated Identity Center, for features that run in the test's own process. */
export interface EmulatedHome {
  readonly path: string;
  readonly emulator: Emulator;
  readonly env: Readonly<Record<string, string>>;
  read(relative: string): string;
  /** Returns the value of a JSON file of latchkey, or of the shared cache. */
  readJson<Json>(relative: string): Json;
  write(relative: string, text: string, mode?: number): string;
  exists(relative: string): boolean;
  list(relative: string): string[];
}

/** Node's compile cache is shared: with a separate one in each home, Node would compile the program at each start. */
const COMPILED = "NODE_COMPILE_CACHE";

const open: Array<{ home: EmulatedHome; mayMeetUnknownRoutes: boolean }> = [];

afterEach(async () => {
  for (const { home, mayMeetUnknownRoutes } of open.splice(0)) {
    const unknown = home.emulator.journal.entries().filter(({ route }) => route === "Unknown");
    await home.emulator.close();
    chmodSync(home.path, 0o700);
    // A browser that latchkey opened may still be writing its files there.
    rmSync(home.path, { recursive: true, force: true, maxRetries: 30, retryDelay: 100 });
    if (!mayMeetUnknownRoutes)
      expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  }
});

export async function createEmulatedHome(options: EmulatorOptions = {}): Promise<EmulatedHome> {
  const path = mkdtempSync(join(tmpdir(), "latchkey-test-"));
  const emulator = await startEmulator(options);
  // The program gets a separate environment: NODE_ENV from vitest, or any AWS_… variable set here, would change its
  // behaviour.
  // It gets the time zone of the test, which may be any.
  const zone = process.env["TZ"] === undefined ? {} : { TZ: process.env["TZ"] };
  const compiled = process.env[COMPILED];
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: path,
    LANG: "C.UTF-8",
    ...listSystemVariables(),
    ...listHomeVariables(path),
    ...zone,
    ...(compiled === undefined ? {} : { [COMPILED]: compiled }),
    ...emulator.env,
  };
  const home: EmulatedHome = {
    path,
    emulator,
    env,
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

/** The config for the emulator with its default settings. */
export const SESSION_CONFIG = sessionConfig("100000000001", "https://emu.awsapps.com/start");

/** Makes a home with that config, signed in: it has the files that `login` writes. */
export async function createSignedInEmulatedHome(
  options: EmulatorOptions = {},
): Promise<EmulatedHome> {
  const home = await createEmulatedHome({ autoApprove: { afterPolls: 0 }, ...options });
  signIn(home);
  return home;
}

/** Writes that config and the files of `login` to a home. */
export function signIn(home: EmulatedHome): void {
  home.write(".aws/config", SESSION_CONFIG);
  writeSignIn(home);
}

/** A token file of the shared cache, in the format of latchkey and the AWS CLI. */
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

/** Changes the token's expiry in the file, because the clock of real clients can't be set. */
export function expireTokenFile(home: EmulatedHome, relative: string, secondsFromNow = -60): void {
  const stored = home.readJson<TokenFileJson>(relative);
  const expiresAt = new Date(Date.now() + secondsFromNow * 1000)
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  keepSignIn(home, () => void home.write(relative, JSON.stringify({ ...stored, expiresAt })));
}

/** Returns the file names of cached role credentials of all sessions. */
export function listCachedRoleFiles(home: EmulatedHome): string[] {
  const root = ".aws/latchkey/role-credentials";
  return home
    .list(root)
    .flatMap((folder) => home.list(`${root}/${folder}`).map((file) => `${root}/${folder}/${file}`));
}

/** Changes the fetch time of cached role credentials, so that they are still valid but due for renewal. */
export function makeRenewalsDue(home: EmulatedHome): void {
  for (const file of listCachedRoleFiles(home))
    home.write(
      file,
      JSON.stringify({
        ...home.readJson<object>(file),
        fetchedAt: "2026-01-01T00:00:00Z",
      }),
    );
}
