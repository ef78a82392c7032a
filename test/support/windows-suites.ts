/** Which tests of the built program CI runs under Wine, beside test/windows, where each-command.test.ts has every command. */

/** Of the command-line suite: the form of every write, the sources of credentials, tokens and their refresh, undo. */
export const CLI_ON_WINDOWS: string[] = [
  "configure-vectors",
  "contract-config",
  "profiles-undo-steps",
  "whoami-sources",
].map((name) => `test/cli/${name}.test.ts`);

/** Rows of the fault table whose faults Windows has: no signals, modes, links or mounts. */
export const FAULTS_ON_WINDOWS: string[] = ["cache-shapes", "config-text", "start-urls"].map(
  (name) => `test/faults/${name}.test.ts`,
);
