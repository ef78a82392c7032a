import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import type { Environment } from "../context.ts";
import { toChildEnvironment } from "./child-environment.ts";

/** Turns off the terminal's echo while latchkey waits. Otherwise typed characters would appear between its lines. */

/**
 * Prints the terminal's modes and turns its echo off, but only in the foreground. In the background, the terminal would
 * stop the whole process group, or the echo of another program would be off.
 */
const SCRIPT = `
if [ -r /proc/$$/stat ]; then read -r _ _ _ _ group _ _ front _ </proc/$$/stat
else set -- $(ps -o pgid=,tpgid= -p $$); group=$1 front=$2; fi
[ "$group" = "$front" ] && stty -g && stty -echo`;

/**
 * Turns off the echo of the terminal at stdin. Signals still work, and the next program that reads stdin gets the typed
 * characters. Does nothing without stty, as on Windows, where characters are echoed only while a program reads.
 * @returns a function that restores the modes. If it is not called, they are restored when the process ends.
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
