import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import type { Environment } from "../context.ts";
import { toChildEnvironment } from "./child-environment.ts";

/** What a person types while nobody asks would be echoed into the lines that this program writes. */

/**
 * Prints the terminal's modes, and turns its echo off. Only in the foreground: elsewhere the terminal would stop the
 * whole process group, or go silent for another program.
 */
const SCRIPT = `
if [ -r /proc/$$/stat ]; then read -r _ _ _ _ group _ _ front _ </proc/$$/stat
else set -- $(ps -o pgid=,tpgid= -p $$); group=$1 front=$2; fi
[ "$group" = "$front" ] && stty -g && stty -echo`;

/**
 * Turns the echo of the terminal at stdin off; signals work on, and what is typed goes to whoever reads next. Does
 * nothing where there is no stty, as on Windows, where nothing is echoed unless somebody reads.
 * @returns puts the modes back; at the latest the end of this process does.
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
