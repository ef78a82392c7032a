import type { Context } from "../context.ts";
import { LatchkeyError } from "../errors.ts";
import { runShell } from "../terminal/child.ts";

/** Long, since the program may wait for a person to sign in with a browser. */
const PROCESS_SECONDS = 300;

/**
 * Runs the credential_process of a profile that latchkey does not own, as AWS clients run it. Returns its output.
 * @throws LatchkeyError UNREACHABLE if it does not end; the interruption's reason; Node's error if it fails
 */
export async function runCredentialProcess(
  command: string,
  profile: string,
  around: Pick<Context, "env" | "interruption">,
): Promise<string> {
  const printed = await runShell(command, around, PROCESS_SECONDS * 1000);
  if (printed !== undefined) return printed;
  throw new LatchkeyError(
    "UNREACHABLE",
    `The credential_process of the profile "${profile}" printed nothing in ${PROCESS_SECONDS} s.`,
    { hint: "Run its command by hand to see what it waits for." },
  );
}
