import type { Context } from "../context.ts";
import { readSettings } from "./file.ts";

/**
 * Returns the command that opens a browser: from the session's setting, the general setting, or BROWSER. undefined
 * means the desktop's default browser.
 */
export function browserCommand(context: Context, session: string | undefined): string | undefined {
  return [readSettings(context.home, context.env, session).browser, context.env["BROWSER"]].find(
    (command) => (command ?? "").trim() !== "",
  );
}
