import type { Context } from "../context.ts";

/** Something a person should know although the work went on. One line on stderr, which SDKs show only on failure. */
export function notice({ terminal }: Pick<Context, "terminal">, text: string): void {
  terminal.say(`latchkey: notice: ${text}`);
}
