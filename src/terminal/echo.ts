import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import type { Environment } from "../context.ts";
import { toChildEnvironment } from "./child-environment.ts";

/** Turns off the echo while latchkey waits, since typed characters would appear between its lines. */

/**
 * Prints the terminal's modes and turns its echo off, but only in the foreground. In the background, the terminal would
 * stop the whole process group, or another program would lose its echo.
 */
const SCRIPT = `
if [ -r /proc/$$/stat ]; then read -r _ _ _ _ group _ _ front _ </proc/$$/stat
else set -- $(ps -o pgid=,tpgid= -p $$); group=$1 front=$2; fi
[ "$group" = "$front" ] && stty -g && stty -echo`;

/**
 * Turns off the echo of the terminal at stdin. Signals still work, and the next reader gets what was typed. Does
 * nothing if there is no stty, as on Windows, where nothing is echoed unless a program reads.
 * @returns a function that restores the modes; at the latest, this happens when the process ends
 */
export function stopEcho(env: Environment): () => void {
  if (process.platform === "win32") return () => undefined;
  const options: SpawnSyncOptionsWithStringEncoding = {
    env: toChildEnvironment(env, "desktop"),
    encoding: "utf8",
    stdio: ["inherit", "pipe", "ignore"],
  };
  const { stdout, status } = spawnSync("sh", ["-c", SCRIPT], options);
  const modes = status === 0 ? stdout.trim() : "";
  if (modes === "") return () => undefined;
  const restore = (): void => {
    process.off("exit", restore);
    spawnSync("stty", [modes], options);
  };
  process.on("exit", restore);
  return restore;
}
