import { createHome, type RunResult } from "./home.ts";

/** `federation metadata --json` of a file with this text. */
export async function checkMetadata(
  text: string,
  flags: readonly string[] = [],
): Promise<RunResult> {
  const home = await createHome();
  return home.run(["federation", "metadata", home.write("file.xml", text), "--json", ...flags]);
}
