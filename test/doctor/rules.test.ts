import { describe, expect, test } from "vitest";
import { DOCTOR_RULES } from "../../src/doctor/rule-table.ts";
import { listHits } from "../../src/doctor/hit.ts";
import { observeFiles } from "../../src/doctor/observe.ts";
import { diagnoseMachine, listIds, visitMachine, type Fixture } from "./machine.ts";
import { CONFIG_FIXTURES } from "./config-fixtures.ts";
import { MACHINE_FIXTURES } from "./machine-fixtures.ts";
import { PROFILE_FIXTURES } from "./profile-fixtures.ts";
import { isOnWindows, leaveOutOnWindows } from "../support/windows.ts";

const FIXTURES: readonly Fixture[] = [...CONFIG_FIXTURES, ...PROFILE_FIXTURES, ...MACHINE_FIXTURES];

test("every rule has a fixture, and every fixture has a rule", () => {
  const ids = DOCTOR_RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(FIXTURES.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

describe("each rule", () => {
  test.each(FIXTURES.map(({ id, ...rest }) => [id, rest] as const))(
    "%s is the only finding on its fixture, and the similar machine has no finding",
    { tags: ["long"] },
    async (id, { bad, near, notOnWindows }) => {
      if (notOnWindows !== undefined) leaveOutOnWindows(notOnWindows);
      expect(await listIds(bad)).toEqual([id]);
      expect(await listIds(near)).toEqual([]);
    },
  );
});

test(
  "every finding has a summary with the effect, evidence and a hint, and contains no secret",
  { tags: ["long"] },
  async () => {
    for (const { bad, notOnWindows } of FIXTURES) {
      if (bad.portal !== undefined || (isOnWindows && notOnWindows !== undefined)) continue;
      const { findings, notices, ok } = await diagnoseMachine(bad);
      const [found] = [...findings, ...notices];
      expect(found).toMatchObject({
        summary: expect.stringContaining(": "),
        evidence: expect.stringMatching(/\S/),
        hint: expect.stringMatching(/\S/),
      });
      expect(JSON.stringify({ findings, notices })).not.toMatch(/hunter2|= example|AKIAEXAMPLE/);
      expect(ok).toBe(found?.level !== "fail");
    }
  },
);

test("exactly the rules that are marked as fixable have edits", { tags: ["long"] }, async () => {
  const mended = new Set<string>();
  for (const { bad } of FIXTURES) {
    const seen = await visitMachine(bad, observeFiles);
    const rules = DOCTOR_RULES.filter(({ judge }) =>
      listHits(judge({ ...seen, services: [], tools: [] })).some(
        ({ edits = [] }) => edits.length > 0,
      ),
    );
    for (const { id } of rules) mended.add(id);
  }
  const said = DOCTOR_RULES.filter(({ isFixable }) => isFixable === true).map(({ id }) => id);
  expect([...mended].toSorted()).toEqual(said.toSorted());
});
