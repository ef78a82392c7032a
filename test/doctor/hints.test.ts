import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { CONFIG_FIXTURES } from "./config-fixtures.ts";
import { diagnoseMachine, type Fixture } from "./machine.ts";
import { MACHINE_FIXTURES } from "./machine-fixtures.ts";
import { PROFILE_FIXTURES } from "./profile-fixtures.ts";
import { testOnPosixOnly } from "../support/windows.ts";

const FIXTURES: readonly Fixture[] = [...CONFIG_FIXTURES, ...PROFILE_FIXTURES, ...MACHINE_FIXTURES];

/** Replaces what differs between runs: paths in the temporary home, ports, and the path of this program. */
function maskPlaces(hint: string): string {
  return hint
    .replaceAll(/\/[^\s'"]*\/(?=\.aws|\.config)/g, "HOME/")
    .replaceAll(/:\d{4,5}\b/g, ":PORT");
}

testOnPosixOnly("some of the faults are none there")(
  "every hint of the doctor is exactly the one in hints.json",
  async () => {
    const hints: Record<string, string> = {};
    for (const { id, bad } of FIXTURES) {
      const { findings, notices } = await diagnoseMachine(bad);
      hints[id] = maskPlaces([...findings, ...notices].find((one) => one.id === id)?.hint ?? "");
    }
    expect(hints).toEqual(
      JSON.parse(readFileSync(join(import.meta.dirname, "hints.json"), "utf8")),
    );
  },
);
