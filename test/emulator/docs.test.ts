import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KNOB_NAMES } from "../../src/emulator/control/knobs.ts";

test("docs/emulator.md lists exactly the existing knobs", () => {
  const table = readFileSync(new URL("../../docs/emulator.md", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const named = table.flatMap((line) =>
    [...(line.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map((match) => match[1]),
  );
  expect(named.toSorted()).toEqual(KNOB_NAMES);
});
