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
  /** The value of a JSON file of ours, or of the shared cache. */
  readJson<Json>(relative: string): Json;
  write(relative: string, text: string, mode?: number): string;
  exists(relative: string): boolean;
  list(relative: string): string[];
}

/** Where Node keeps what it has compiled: a home of its own for each test would have it compile the program at each start. */
const COMPILED = "NODE_COMPILE_CACHE";

const open: Array<{ home: EmulatedHome; mayMeetUnknownRoutes: boolean }> = [];

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

export async function createEmulatedHome(options: EmulatorOptions = {}): Promise<EmulatedHome> {
  const path = mkdtempSync(join(tmpdir(), "latchkey-test-"));
  const emulator = await startEmulator(options);
  // A program under test gets an environment of its own: vitest's NODE_ENV, and whatever AWS_… is set here, would steer it.
  // It lives in the zone of the test, which may be any.
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

/** That config for the emulator as it is by itself. */
export const SESSION_CONFIG = sessionConfig("100000000001", "https://emu.awsapps.com/start");

/** A home with that config, signed in: what is there is what `login` leaves. */
export async function createSignedInEmulatedHome(
  options: EmulatorOptions = {},
): Promise<EmulatedHome> {
  const home = await createEmulatedHome({ autoApprove: { afterPolls: 0 }, ...options });
  signIn(home);
  return home;
}

/** Gives a home that config, and what `login` leaves. */
export function signIn(home: EmulatedHome): void {
  home.write(".aws/config", SESSION_CONFIG);
  writeSignIn(home);
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

/** Moves the token's end, as time would: real clients go by their own clock. */
export function expireTokenFile(home: EmulatedHome, relative: string, secondsFromNow = -60): void {
  const stored = home.readJson<TokenFileJson>(relative);
  const expiresAt = new Date(Date.now() + secondsFromNow * 1000)
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  keepSignIn(home, () => void home.write(relative, JSON.stringify({ ...stored, expiresAt })));
}

/** The role credentials that are cached, of whatever session, by file name. */
export function listCachedRoleFiles(home: EmulatedHome): string[] {
  const root = ".aws/latchkey/role-credentials";
  return home
    .list(root)
    .flatMap((folder) => home.list(`${root}/${folder}`).map((file) => `${root}/${folder}/${file}`));
}

/** Moves the time of their fetching, so that cached role credentials which still last are due to be renewed. */
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
