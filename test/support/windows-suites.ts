/** Which tests of the built program CI runs under Wine. */

/** Of the command-line suite: together every command once, and the files that open, lock and replace the most. */
export const CLI_ON_WINDOWS: string[] = [
  "configure-vectors",
  "credentials",
  "whoami-sources",
  "settings",
].map((name) => `test/cli/${name}.test.ts`);

/** Rows of the fault table whose faults Windows has: no signals, modes, links or mounts. */
export const FAULTS_ON_WINDOWS: string[] = ["cache-shapes", "config-text", "start-urls"].map(
  (name) => `test/faults/${name}.test.ts`,
);
