import type { Context } from "../context.ts";
import { readSettings } from "./file.ts";

/**
 * Returns the command that opens a browser: from the session's setting, the general setting, or BROWSER. Undefined
 * means the desktop's default.
 */
export function browserCommand(context: Context, session: string | undefined): string | undefined {
  return [readSettings(context.home, context.env, session).browser, context.env["BROWSER"]].find(
    (command) => (command ?? "").trim() !== "",
  );
}

/**
 * Returns the program of such a command as `terminal/desktop/browser.ts` starts it: the first of several separated by
 * `:`.
 */
export function browserProgram(command: string, platform: string): string {
  const first = platform === "win32" ? command : (command.split(":")[0] ?? command);
  return first.trim().split(/\s+/)[0] ?? "";
}
