import type { Context } from "../context.ts";
import { LatchkeyError } from "../errors.ts";
import { runShell } from "../terminal/child.ts";

/** The program may take a person to a browser, who signs in there. */
const PROCESS_SECONDS = 300;

/**
 * What the credential_process of a profile that is not ours prints, run as AWS clients run it.
 * @throws LatchkeyError UNREACHABLE where it never ends; the interruption's reason; Node's error where it fails.
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
    { hint: "Run the program of that line by hand, and see what it waits for." },
  );
}
