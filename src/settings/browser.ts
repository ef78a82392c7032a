import type { Context } from "../context.ts";
import { readSettings } from "./file.ts";

/** The command that opens a browser for a session: its own setting, else the general one, else BROWSER; undefined for the desktop's own way. */
export function browserCommand(context: Context, session: string | undefined): string | undefined {
  return [readSettings(context.home, context.env, session).browser, context.env["BROWSER"]].find(
    (command) => (command ?? "").trim() !== "",
  );
}

/** The program of such a command, as `terminal/desktop/browser.ts` starts it: of several parted by `:` the first. */
export function browserProgram(command: string, platform: string): string {
  const first = platform === "win32" ? command : (command.split(":")[0] ?? command);
  return first.trim().split(/\s+/)[0] ?? "";
}
