import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { createSilence } from "../../src/aws/call/silence.ts";
import type { Context } from "../../src/context.ts";
import { diagnose, type Diagnosis } from "../../src/doctor/findings.ts";
import type { Observations } from "../../src/doctor/observations.ts";
import { DOCTOR_RULES } from "../../src/doctor/rule-table.ts";
import { startEmulator } from "../../src/emulator/emulator.ts";
import { createTerminal } from "../../src/terminal/terminal.ts";
import { leavePlain } from "../../src/text/paint.ts";
import { observeMachine } from "../../src/doctor/examine.ts";
import { isOnWindows } from "../support/windows.ts";

/** A machine of a rule's fixture: real files in a temporary home, and an environment. */
export interface Machine {
  readonly config?: string | Buffer;
  readonly credentials?: string;
  /** The token file of the session "corp". */
  readonly token?: string;
  /** Other files by path in the home. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** Programs in the only directory of PATH, with the text that each prints. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Directories with mode 0700, possibly in the place of a file. */
  readonly directories?: readonly string[];
  readonly modes?: Readonly<Record<string, number>>;
  readonly env?: (home: string) => Readonly<Record<string, string>>;
  /** Seconds by which the emulated portal's clock is ahead; "down": no portal listens. Undefined: offline. */
  readonly portal?: number | "down";
  /** Replaces observations that a test can't create without root or a mount. */
  readonly observed?: Partial<Observations>;
  /** No variable sets a region; by default, one does, for profiles without a region. */
  readonly withoutRegion?: true;
}

export interface Fixture {
  readonly id: string;
  /** Why it is skipped on Windows. */
  readonly notOnWindows?: string;
  /** A machine with only this problem. */
  readonly bad: Machine;
  /** A similar machine without problems. */
  readonly near: Machine;
}

export const SESSION = `[sso-session corp]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;
export const PROFILE = `[profile okta]
sso_session = corp
sso_account_id = 100000000001
sso_role_name = ViewOnlyAccess
region = eu-west-1
`;
export const BASE = PROFILE + SESSION;
/** An existing program, for a `credential_process`. */
export const THERE = isOnWindows ? (process.env["ComSpec"] ?? "") : "/bin/cat";
export const CORP_TOKEN = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

export function tokenText(changes: Readonly<Record<string, string | undefined>> = {}): string {
  return JSON.stringify({
    startUrl: "https://emu.awsapps.com/start",
    region: "us-east-1",
    accessToken: "t",
    expiresAt: "2090-01-01T00:00:00Z",
    clientId: "c",
    clientSecret: "s",
    registrationExpiresAt: "2090-01-01T00:00:00Z",
    refreshToken: "r",
    ...changes,
  });
}

/** Returns the ids of findings and notices, each once, without the one for the portal's own variable. */
export async function listIds(machine: Machine): Promise<string[]> {
  const { findings, notices } = await diagnoseMachine(machine);
  const ids = new Set([...findings, ...notices].map(({ id }) => id));
  if (machine.portal !== undefined) ids.delete("endpoint-in-force");
  return [...ids];
}

export async function diagnoseMachine(machine: Machine): Promise<Diagnosis> {
  return visitMachine(machine, async (context) => {
    const offline = machine.portal === undefined;
    const seen = await observeMachine(context, { offline, hasTools: true });
    return diagnose(DOCTOR_RULES, { ...seen, ...machine.observed });
  });
}

/** Calls `act` with the machine, and removes it afterwards. */
export async function visitMachine<T>(
  machine: Machine,
  act: (context: Context) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), "latchkey-doctor-"));
  const emulator = typeof machine.portal === "number" ? await startEmulator() : undefined;
  if (typeof machine.portal === "number") emulator?.clock.advance(machine.portal * 1000);
  try {
    build(home, machine);
    const endpoint =
      machine.portal === undefined
        ? {}
        : { AWS_ENDPOINT_URL_SSO: emulator?.url ?? "http://127.0.0.1:1" };
    const region = machine.withoutRegion === true ? {} : { AWS_REGION: "eu-west-1" };
    const ways = { ...region, ...endpoint, ...machine.env?.(home) };
    const env = { PATH: join(home, "bin"), HOME: home, ...ways };
    return await act(createContext(home, env));
  } finally {
    await emulator?.close();
    rmSync(home, { recursive: true, force: true });
  }
}

export function build(home: string, machine: Machine): void {
  const {
    config = BASE,
    credentials,
    token,
    files = {},
    programs = {},
    directories = [],
    modes = {},
  } = machine;
  for (const directory of [".aws", ...directories])
    mkdirSync(join(home, directory), { recursive: true, mode: 0o700 });
  const write = (path: string, content: string | Buffer | undefined, mode = 0o600): void => {
    if (content === undefined || directories.includes(path)) return;
    mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, path), content, { mode });
  };
  write(".aws/config", config);
  write(".aws/credentials", credentials);
  write(CORP_TOKEN, token);
  for (const [path, text] of Object.entries(files)) write(path, text);
  for (const [name, output] of Object.entries(programs))
    if (isOnWindows) write(`bin/${name}.cmd`, `@echo ${output}\r\n`);
    else write(`bin/${name}`, `#!/bin/sh\necho '${output}'\n`, 0o700);
  for (const [path, mode] of Object.entries(modes)) chmodSync(join(home, path), mode);
}

function createContext(home: string, env: Readonly<Record<string, string>>): Context {
  const doNothing = (): void => undefined;
  return {
    env,
    home,
    hostname: "bench",
    platform: process.platform,
    command: "test",
    program: [],
    terminal: createTerminal({
      streams: () => ({ input: new PassThrough(), output: new PassThrough() }),
      interruption: new AbortController().signal,
      interactive: false,
      stderrIsTerminal: false,
      colours: false,
      columns: 80,
      stdout: { columns: 80, paint: leavePlain },
      rows: 24,
      stopEcho: () => Promise.resolve(() => undefined),
      copy: () => Promise.resolve(false),
      monotonic: () => performance.now(),
      writeOut: doNothing,
      writeError: doNothing,
    }),
    now: () => new Date(),
    monotonic: () => performance.now(),
    silence: createSilence(() => performance.now(), undefined),
    interruption: new AbortController().signal,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    openBrowser: async () => false,
    keychainKey: async () => undefined,
  };
}
