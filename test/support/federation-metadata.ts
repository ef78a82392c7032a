import { createHome, type RunResult } from "./home.ts";

/** Runs `federation metadata --json` on a file with this text. */
export async function checkMetadata(
  text: string,
  flags: readonly string[] = [],
): Promise<RunResult> {
  const home = await createHome();
  return home.run(["federation", "metadata", home.write("file.xml", text), "--json", ...flags]);
}
