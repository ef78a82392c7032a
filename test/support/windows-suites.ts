/**
 * The tests of the built program that CI runs under Wine besides test/windows, whose each-command.test.ts runs every
 * command.
 */

/** From the command-line suite: the form of every write, the sources of credentials, tokens and their refresh, undo. */
export const CLI_ON_WINDOWS: string[] = [
  "configure-vectors",
  "contract-config",
  "profiles-undo-steps",
  "whoami-sources",
].map((name) => `test/cli/${name}.test.ts`);

/** The fault rows that are possible on Windows: without signals, modes, links or mounts. */
export const FAULTS_ON_WINDOWS: string[] = ["cache-shapes", "config-text", "start-urls"].map(
  (name) => `test/faults/${name}.test.ts`,
);
