import { join } from "node:path";
import type { Diagnosis } from "../../src/doctor/findings.ts";
import { createHome, parseOutput, type Home, type RunOptions } from "../support/home.ts";
import { build, type Machine } from "./machine.ts";

/** Creates a fixture's home, with the emulator's portal. PATH contains only the home's programs. */
export async function createMachineHome(machine: Machine): Promise<{
  home: Home;
  runDoctor: (argv: readonly string[], options?: RunOptions) => ReturnType<Home["run"]>;
}> {
  const home = await createHome();
  build(home.path, machine);
  const env = { PATH: join(home.path, "bin"), ...machine.env?.(home.path) };
  return {
    home,
    runDoctor: (argv, options = {}) =>
      home.run(["doctor", ...argv], { ...options, env: { ...env, ...options.env } }),
  };
}

export function listDoctorIds(stdout: string, list: "findings" | "notices" = "findings"): string[] {
  return parseOutput<Diagnosis>({ stdout })
    [list].map(({ id }) => id)
    .toSorted();
}
