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

/** Homes on unusual disks and of other users, and the daily commands in them. */

/** A user other than root. */
export const NOBODY = 65534;
const BINDFS = "/usr/bin/bindfs";
const SETPRIV = "/usr/bin/setpriv";
const MISSING = findMissing();

/** Returns what is missing for a run that mounts disks and changes users. */
function findMissing(): string | undefined {
  if (process.geteuid?.() !== 0) return "root";
  if (!existsSync(BINDFS) || !existsSync("/dev/fuse")) return "bindfs";
  const program = PROGRAM.filter((word) => isAbsolute(word));
  const isReachable = program.every(
    (path) => spawnSync(SETPRIV, [...changeUser(NOBODY), "/usr/bin/test", "-r", path]).status === 0,
  );
  return isReachable ? undefined : "a checkout that other users can read";
}

/** A test that mounts disks or changes users. If that is not possible it is left out, and the run's summary shows this. */
export function testAsRoot(name: string, body: () => Promise<void>): void {
  if (MISSING === undefined) test(name, { timeout: 60_000 }, body);
  else test.skip(`${name} [left out: needs ${MISSING}]`);
}

/** Makes a home with a config that belongs to a user other than root. Its emulator approves every sign-in. */
export async function createPlainHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  home.write(".aws/config", sessionConfig("100000000001", home.emulator.startUrl));
  giveAway(home.path, NOBODY);
  return home;
}

/** Makes the same home, signed in, for any user. */
export async function createSignedInHomeOf(user: number): Promise<Home> {
  const home = await createPlainHome();
  writeSignIn(home);
  giveAway(home.path, user);
  return home;
}

/** Changes the owner of a folder and everything in it. */
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
 * Mounts a disk without modes at `~/.aws`: every user may write everything there. The original files are in `real`.
 * @param at another mount point, with a link to it
 * @returns the mount point
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

// Unmounts before the home is removed: later hooks run first, and the home's hook is the earlier one.
afterEach(() => {
  for (const mounted of mounts.splice(0))
    execFileSync("/usr/bin/fusermount", ["-u", "-z", mounted]);
});

function changeUser(user: number): string[] {
  return ["--reuid", `${user}`, "--regid", `${user}`, "--clear-groups"];
}

/** Runs the program as a user. Without a change of user for root. */
export function runAs(
  user: number,
  home: Home,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const program = user === 0 ? PROGRAM : ([SETPRIV, ...changeUser(user), ...PROGRAM] as const);
  return runProgram([...program, ...argv], { ...home.env, ...env }, { cwd: "/" });
}

/** The command that every SDK runs. */
export const PROCESS = ["credential-process", ...OKTA_ROLE];

/**
 * Runs the daily commands and expects exit 0 from each.
 * @param day the profile name for configure, flags for login, and variables
 * @returns the whole of stderr
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
  // One request in total: the second call uses the credentials cached by the first, also for another user.
  expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
  return said;
}
