import type { Environment } from "../context.ts";
import { readOutput } from "./child.ts";

/**
 * Whether the person who is attached to this tmux session came over SSH: tmux renews SSH_CONNECTION in the session's
 * own environment with each attachment, never in a pane's. undefined outside of tmux, or where it does not say.
 */
export async function isTmuxOverSsh(env: Environment): Promise<boolean | undefined> {
  if ((env["TMUX"] ?? "") === "") return undefined;
  const output = await readOutput("tmux", ["show-environment", "SSH_CONNECTION"], env, 1_000);
  // A minus sign: it was taken away at the last attachment. A failure: tmux never had it, or is not there.
  if (output?.startsWith("-SSH_CONNECTION") === true) return false;
  return output !== undefined && /^SSH_CONNECTION=./.test(output) ? true : undefined;
}
