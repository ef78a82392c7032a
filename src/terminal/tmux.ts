import { execFile } from "node:child_process";

const MILLISECONDS = 1_000;

/**
 * Whether the person who is attached to this tmux session came over SSH: tmux renews SSH_CONNECTION in the session's
 * own environment with each attachment, never in a pane's. undefined outside of tmux, or where it does not say.
 */
export function isTmuxOverSsh(
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean | undefined> {
  if ((env["TMUX"] ?? "") === "") return Promise.resolve(undefined);
  return new Promise((resolve) => {
    execFile(
      "tmux",
      ["show-environment", "SSH_CONNECTION"],
      { timeout: MILLISECONDS, env: { ...env } },
      (failure, stdout) => {
        if (/^SSH_CONNECTION=./.test(stdout)) resolve(true);
        // A minus sign: it was taken away at the last attachment. A failure: tmux never had it, or is not there.
        else resolve(failure === null && stdout.startsWith("-SSH_CONNECTION") ? false : undefined);
      },
    );
  });
}
