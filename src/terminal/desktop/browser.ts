import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Environment } from "../../context.ts";
import { isLoopback } from "../../aws/endpoints.ts";
import { isWithheld, toChildEnvironment } from "../child-environment.ts";
import { withholdVariables } from "../program.ts";

/**
 * Opening a URL for a person. Never waits for the opener and never fails the work around it: the URL is on the screen,
 * too, so a missing, failing or hanging opener costs nothing.
 */

/**
 * Whether a URL may be handed to the desktop: https, or http to this machine; nothing that a shell could misread, and no
 * name before the host, which would look like the host.
 */
export function isOpenable(text: string): boolean {
  if (!/^[\w\-.~:/?#[\]@!&*+,=%]+$/.test(text)) return false;
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

/**
 * @param command the user's own browser command (BROWSER): a program and its arguments, split at blanks, run without a
 *   shell, `%s` replaced by the URL, else the URL last. Several alternatives parted by `:` as xdg-open reads them are
 *   not tried one by one: the first is taken.
 * @returns whether an opener was started.
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

function browserArguments(command: string, url: string): string[] {
  const first = process.platform === "win32" ? command : (command.split(":")[0] ?? command);
  const words = first.trim().split(/\s+/);
  return words.some((word) => word.includes("%s"))
    ? words.map((word) => word.replaceAll("%s", url))
    : [...words, url];
}

/** @throws Node's system error where it can't be started. */
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
