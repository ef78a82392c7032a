import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Environment } from "../../context.ts";
import { isLoopback } from "../../aws/endpoints.ts";
import { findProgram } from "../../fs/programs.ts";
import { splitProcessWords } from "../../text/shell-words.ts";
import { isWithheld, toChildEnvironment } from "../child-environment.ts";
import { withholdVariables } from "../program.ts";

/** Opens a URL for the user. Never waits for the browser and never fails, because the URL is also on the screen. */

/**
 * Returns whether a URL may be passed to the desktop: https, or http to this machine. It must not contain a character
 * that a shell could misread, nor a user name, which could look like the host.
 */
export function isOpenable(text: string): boolean {
  if (!/^[\w\-.~:/?#[\]@!&*+,=%]+$/.test(text)) return false;
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

/**
 * Opens a URL in a browser.
 * @param command the user's own browser command (BROWSER), as `splitBrowserCommand` reads it. `%s` is replaced by the URL;
 *   without `%s`, the URL is the last argument.
 * @returns whether the program was started
 */
export async function openInBrowser(
  url: string,
  command: string | undefined,
  env: Environment,
): Promise<boolean> {
  if (!isOpenable(url)) return false;
  try {
    if (command !== undefined && command.trim() !== "") {
      await startDetached(browserArguments(command, url), env);
    } else {
      const { default: open } = await import("open");
      const child = await withholdVariables(
        (name) => isWithheld("desktop", name, process.platform),
        () => open(url),
      );
      child.on("error", () => undefined);
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the program and its arguments, which are run without a shell. Of several alternatives separated by `:`, as
 * xdg-open supports them, only the first is used. A path with spaces needs quotes, except if it is the whole command
 * (`/mnt/c/Program Files/…/chrome.exe` in WSL).
 */
export function splitBrowserCommand(command: string, platform: string): string[] {
  const first = (platform === "win32" ? command : (command.split(":")[0] ?? command)).trim();
  const isPath = /[/\\]/.test(first) && findProgram(first, undefined) !== undefined;
  return isPath ? [first] : (splitProcessWords(first, platform) ?? first.split(/\s+/));
}

function browserArguments(command: string, url: string): string[] {
  const words = splitBrowserCommand(command, process.platform);
  return words.some((word) => word.includes("%s"))
    ? words.map((word) => word.replaceAll("%s", url))
    : [...words, url];
}

/** @throws Node's system error if the program can't be started */
async function startDetached(
  [program = "", ...args]: readonly string[],
  env: Environment,
): Promise<void> {
  const child = spawn(program, args, {
    env: toChildEnvironment(env, "desktop"),
    detached: true,
    stdio: "ignore",
    shell: false,
  });
  await once(child, "spawn");
  child.unref();
}
