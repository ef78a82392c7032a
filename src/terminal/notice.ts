import type { Context } from "../context.ts";

/** Prints one line on stderr that a person should see although the work succeeded. SDKs show stderr only on failure. */
export function notice({ terminal }: Pick<Context, "terminal">, text: string): void {
  terminal.say(`latchkey: notice: ${text}`);
}
