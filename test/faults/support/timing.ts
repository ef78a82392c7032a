import type { Home } from "../../support/home.ts";
import { ROLE } from "./injection.ts";

/** Runs a command and also returns how long it took. */
export async function timeRun(
  home: Home,
  argv = ROLE,
): Promise<{ exitCode: number; stdout: string; stderr: string; seconds: number }> {
  const started = performance.now();
  return { ...(await home.run(argv)), seconds: (performance.now() - started) / 1000 };
}
