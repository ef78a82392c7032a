import { execFileSync } from "node:child_process";
import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createHome, PROGRAM, runProgram, type Home, type RunResult } from "./home.ts";
import { OKTA_ROLE, sessionConfig } from "./session-config.ts";

/** Homes on odd disks and of other users, and what is done every day in one. */

/** A user that is not root. */
export const NOBODY = 65534;
const BINDFS = "/usr/bin/bindfs";

/** A test that mounts or changes users; elsewhere it is left out, and the run's summary says so. */
export function testAsRoot(name: string, body: () => Promise<void>): void {
  const missing = [
    process.geteuid?.() === 0 ? undefined : "root",
    existsSync(BINDFS) && existsSync("/dev/fuse") ? undefined : "bindfs",
  ].find((part) => part !== undefined);
  if (missing === undefined) test(name, { timeout: 60_000 }, body);
  else test.skip(`${name} [left out: needs ${missing}]`);
}

/** A home with a config, whose emulator approves every sign-in, and which belongs to a user that is not root. */
export async function createPlainHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  home.write(".aws/config", sessionConfig("100000000001", home.emulator.startUrl));
  giveAway(home.path, NOBODY);
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

/** Puts a disk under `~/.aws` that keeps no modes: everything there may be written by everybody. */
export function takeModesAway(home: Home, options: readonly string[] = []): void {
  const [mounted, real] = [join(home.path, ".aws"), join(home.path, "real")];
  renameSync(mounted, real);
  mkdirSync(mounted);
  execFileSync(BINDFS, ["--perms=0777", "--chmod-ignore", ...options, real, mounted]);
  mounts.push(mounted);
}

const mounts: string[] = [];

// Before the home is removed, whose own hook was there first.
afterEach(() => {
  for (const mounted of mounts.splice(0))
    execFileSync("/usr/bin/fusermount", ["-u", "-z", mounted]);
});

/** As a user; root runs it as it is. */
export function runAs(user: number, home: Home, argv: readonly string[]): Promise<RunResult> {
  const change = ["/usr/bin/setpriv", "--reuid", `${user}`, "--regid", `${user}`, "--clear-groups"];
  const program = user === 0 ? PROGRAM : ([...change, ...PROGRAM] as const);
  return runProgram([...program, ...argv], home.env, { cwd: "/" });
}

const PROCESS = ["credential-process", ...OKTA_ROLE];

/**
 * What is done every day, each with exit 0.
 * @param profile a name that configure gives
 * @returns all of stderr.
 */
export async function workADay(user: number, home: Home, profile: string): Promise<string> {
  const role = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
  const commands = [
    ["login", "--no-browser"],
    PROCESS,
    PROCESS,
    ["exec", "okta", "--", "true"],
    ["whoami", "okta"],
    ["configure", "--profile", profile, "--sso-session", "corp", ...role, "--yes"],
  ];
  let said = "";
  for (const argv of commands) {
    const result = await runAs(user, home, argv);
    expect(result, `${argv.join(" ")}: ${result.stderr}`).toMatchObject({ exitCode: 0 });
    if (argv === PROCESS) expect(result.stdout).toContain("ASIA");
    said += result.stderr;
  }
  // Once in all: the second call is answered by what the first has kept, also for another user.
  expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
  return said;
}
