import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { locateExecutable } from "../../../scripts/build/standalone/targets.ts";
import { wrapInRoot } from "../../../scripts/tools/platforms/debian-root.ts";
import { findObstacle } from "../../../scripts/tools/platforms/linux.ts";
import { runProgram, type RunOptions, type RunResult } from "../../support/child.ts";
import { createHome, createSignedInHome, parseOutput, type Home } from "../../support/home.ts";
import { patience } from "../../support/patience.ts";
import { CHECKOUT } from "../../support/program.ts";
import { OKTA_ROLE } from "../../support/session-config.ts";

/** Runs programs for other Linux machines in a Debian root that has their loaders, and qemu for other processors. */

const PROGRAMS = "/opt/latchkey";
const BINDS = { [PROGRAMS]: join(CHECKOUT, "dist-standalone"), [tmpdir()]: tmpdir() };

/** A program starts in a second and a half under qemu; a demo starts ten. */
const LIMIT_MILLISECONDS = patience(120_000);

const obstacle = findObstacle();

/** Defines a test that needs the Debian root; without it the test is skipped, with the reason in its name. */
export function testInRoot(name: string, body: () => Promise<void>): void {
  if (obstacle === undefined) test(name, { timeout: LIMIT_MILLISECONDS }, body);
  else test.skip(`${name} [left out: ${obstacle}]`);
}

/** The first 64-bit ARM, of 2012, as in a Raspberry Pi 3. qemu reads the variable, also in child processes. */
const OLD_ARM = ["/usr/bin/env", "QEMU_CPU=cortex-a53"];

/** Returns the words that start a target's program in the root, after `before` (an emulator's or a shell's words). */
export function programWords(target: string, before: readonly string[] = []): string[] {
  const program = locateExecutable(target).replace("dist-standalone", PROGRAMS);
  const processor = target.startsWith("linux-arm64") ? OLD_ARM : [];
  return wrapInRoot([...before, ...processor, program], { binds: BINDS, runsArm: true });
}

/** Runs these words with the home's environment. */
export function runIn(
  home: Home,
  words: readonly string[],
  options?: RunOptions,
): Promise<RunResult> {
  return runProgram(words, home.env, options);
}

const CREDENTIAL_PROCESS = ["credential-process", ...OKTA_ROLE];

/** Expects that a cold call fetches credentials, and a hot one makes no request and prints the same. */
export async function expectColdAndHotCall(words: readonly string[]): Promise<void> {
  const home = await createSignedInHome();
  const call = (): Promise<RunResult> => runIn(home, [...words, ...CREDENTIAL_PROCESS]);
  const cold = await call();
  expect(cold, cold.stderr).toMatchObject({ exitCode: 0, stderr: "" });
  expect(parseOutput(cold)).toMatchObject({ Version: 1, AccessKeyId: expect.any(String) });
  const requests = home.emulator.journal.entries().length;
  expect(await call()).toEqual(cold);
  expect(home.emulator.journal.entries()).toHaveLength(requests);
  expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
}

export interface LinuxTarget {
  readonly target: string;
  /** Its name in `--version`. */
  readonly platform: string;
}

/** Defines the tests of every Linux program. */
export function describeLinuxProgram({ target, platform }: LinuxTarget): void {
  const words = programWords(target);
  describe(target, () => {
    testInRoot("names its platform in --version", async () => {
      const home = await createHome();
      const { exitCode, stdout, stderr } = await runIn(home, [...words, "--version"]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`^latchkey/\\S+ ${platform} bun-\\S+\n$`));
    });

    testInRoot("runs the whole demo, which ends with an ARN from STS", async () => {
      const home = await createHome();
      const { exitCode, stdout, stderr } = await runIn(home, [...words, "demo"]);
      expect(exitCode, stderr).toBe(0);
      expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
        /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]+\/\S+$/,
      );
    });

    testInRoot("starts itself and a command in a directory that was removed", async () => {
      const home = await createSignedInHome();
      const gone = join(home.path, "worktree");
      const shell = ["/bin/sh", "-c", 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"', gone];
      const exec = ["exec", "okta", "--", "readlink", "/proc/self/cwd"];
      const { exitCode, stdout, stderr } = await runIn(home, [
        ...programWords(target, shell),
        ...exec,
      ]);
      expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: `${gone} (deleted)\n` });
    });

    testInRoot("answers a cold and a hot credential-process", () => expectColdAndHotCall(words));
  });
}
