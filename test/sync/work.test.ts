import { describe, expect, test } from "vitest";
import { formatUnifiedDiff } from "../../src/profiles/change/text-diff.ts";
import type { HeldRole } from "../../src/configure/filter.ts";
import { simulateSync } from "./simulate.ts";
import { parseConfig, type ConfigDocument, verifyEdit } from "../support/config-editor.ts";

describe("work in proportion to the file", () => {
  const buildMany = (count: number): ConfigDocument =>
    parseConfig(
      Buffer.from(
        Array.from(
          { length: count },
          (_, index) => `[profile p${index}]\nregion = eu-west-1\nnote = ${"x".repeat(400)}\n`,
        ).join(""),
      ),
    );
  const buildOrg = (count: number): HeldRole[] =>
    Array.from({ length: count }, (_, index) => ({
      account: {
        accountId: String(index).padStart(12, "0"),
        accountName: `account ${index}`,
        emailAddress: undefined,
      },
      roleName: "ViewOnlyAccess",
    }));
  const measureRound = (size: number): number => {
    const before = buildMany(size * 5);
    const started = process.cpuUsage();
    const wish = { held: buildOrg(size), template: undefined, regions: ["eu-west-1"] };
    const first = simulateSync(before, wish, new Map());
    const gone = simulateSync(
      first!.edited.document,
      { ...wish, held: buildOrg(1) },
      first!.plan.memory,
      {
        prune: true,
        rename: false,
      },
    );
    for (const [from, { edited }] of [
      [before, first!],
      [first!.edited.document, gone!],
    ] as const)
      verifyEdit(from, edited.document, edited.changes, edited.removed);
    expect([first!.plan.add.length, gone!.plan.remove.length]).toEqual([size, size - 1]);
    formatUnifiedDiff(before, gone!.edited.document, "config");
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };

  test(
    "adding and removing 4,000 profiles in a file of 10 MB takes time in proportion to their number",
    { tags: ["long"] },
    () => {
      measureRound(500);
      const [small, large] = [
        Math.min(measureRound(1000), measureRound(1000)),
        Math.min(measureRound(4000), measureRound(4000)),
      ];
      console.log(`1,000 profiles: ${small.toFixed(0)} ms; 4,000 in 10 MB: ${large.toFixed(0)} ms`);
      expect(large / small).toBeLessThan(10);
    },
  );
});
