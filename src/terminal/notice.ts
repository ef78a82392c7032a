import type { Context } from "../context.ts";

/** Prints one line on stderr that a user should see although the command succeeds. SDKs show stderr only if it fails. */
export function notice({ terminal }: Pick<Context, "terminal">, text: string): void {
  terminal.say(`latchkey: notice: ${text}`);
}
