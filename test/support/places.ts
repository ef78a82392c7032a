import { execFileSync, spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
} from "node:fs";
import { isAbsolute, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createHome, PROGRAM, runProgram, type Home, type RunResult } from "./home.ts";
import { OKTA_ROLE, sessionConfig } from "./session-config.ts";
import { writeSignIn } from "./sign-in-files.ts";

/** Homes on odd disks and of other users, and what is done every day in one. */

/** A user that is not root. */
export const NOBODY = 65534;
const BINDFS = "/usr/bin/bindfs";
const SETPRIV = "/usr/bin/setpriv";
const MISSING = findMissing();

/** What a run needs that mounts and changes users. */
function findMissing(): string | undefined {
  if (process.geteuid?.() !== 0) return "root";
  if (!existsSync(BINDFS) || !existsSync("/dev/fuse")) return "bindfs";
  const program = PROGRAM.filter((word) => isAbsolute(word));
  const isReachable = program.every(
    (path) => spawnSync(SETPRIV, [...changeUser(NOBODY), "/usr/bin/test", "-r", path]).status === 0,
  );
  return isReachable ? undefined : "a checkout that other users can read";
}

/** A test that mounts or changes users; elsewhere it is left out, and the run's summary says so. */
export function testAsRoot(name: string, body: () => Promise<void>): void {
  if (MISSING === undefined) test(name, { timeout: 60_000 }, body);
  else test.skip(`${name} [left out: needs ${MISSING}]`);
}

/** A home with a config, whose emulator approves every sign-in, and which belongs to a user that is not root. */
export async function createPlainHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  home.write(".aws/config", sessionConfig("100000000001", home.emulator.startUrl));
  giveAway(home.path, NOBODY);
  return home;
}

/** The same, signed in, of any user. */
export async function createSignedInHomeOf(user: number): Promise<Home> {
  const home = await createPlainHome();
  writeSignIn(home);
  giveAway(home.path, user);
  return home;
}

/** With all that is in it. */
export function giveAway(path: string, user: number): void {
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    chownSync(join(entry.parentPath, entry.name), user, user);
  chownSync(path, user, user);
}

export function listOwnedBy(path: string, user: number): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => lstatSync(file).uid === user);
}

/**
 * Puts a disk under `~/.aws` that keeps no modes: everything there may be written by everybody. What was there is in `real`.
 * @param at where it is mounted instead, with a link to it
 * @returns where it is mounted.
 */
export function mountWithoutModes(
  home: Home,
  { at, options = [] }: { at?: string; options?: readonly string[] },
): string {
  return mount(home, ["--perms=0777", "--chmod-ignore", ...options], at);
}

export function mountReadOnly(home: Home): void {
  mount(home, ["-r"]);
}

function mount(home: Home, options: readonly string[], at = ".aws"): string {
  const [shared, real, mounted] = [".aws", "real", at].map((name) => join(home.path, name)) as [
    string,
    string,
    string,
  ];
  renameSync(shared, real);
  mkdirSync(mounted, { recursive: true });
  if (mounted !== shared) symlinkSync(mounted, shared);
  execFileSync(BINDFS, [...options, real, mounted]);
  mounts.push(mounted);
  return mounted;
}

const mounts: string[] = [];

// Before the home is removed, whose own hook was there first.
afterEach(() => {
  for (const mounted of mounts.splice(0))
    execFileSync("/usr/bin/fusermount", ["-u", "-z", mounted]);
});

function changeUser(user: number): string[] {
  return ["--reuid", `${user}`, "--regid", `${user}`, "--clear-groups"];
}

/** As a user; root runs it as it is. */
export function runAs(
  user: number,
  home: Home,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const program = user === 0 ? PROGRAM : ([SETPRIV, ...changeUser(user), ...PROGRAM] as const);
  return runProgram([...program, ...argv], { ...home.env, ...env }, { cwd: "/" });
}

/** What every SDK runs. */
export const PROCESS = ["credential-process", ...OKTA_ROLE];

/**
 * What is done every day, each with exit 0.
 * @param day the name that configure gives, flags of login, and variables
 * @returns all of stderr.
 */
export async function workADay(
  user: number,
  home: Home,
  day: { profile: string; argv?: readonly string[]; env?: Readonly<Record<string, string>> },
): Promise<string> {
  const role = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
  const commands = [
    ["login", ...(day.argv ?? [])],
    PROCESS,
    PROCESS,
    ["exec", "okta", "--", "true"],
    ["configure", "--profile", day.profile, "--sso-session", "corp", ...role, "--yes"],
  ];
  let said = "";
  for (const argv of commands) {
    const result = await runAs(user, home, argv, day.env);
    expect(result, `${argv.join(" ")}: ${result.stderr}`).toMatchObject({ exitCode: 0 });
    if (argv === PROCESS) expect(result.stdout).toContain("ASIA");
    said += result.stderr;
  }
  // Once in all: the second call is answered by what the first has kept, also for another user.
  expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
  return said;
}
