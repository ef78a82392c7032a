import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatManagedMemory, parseManagedMemory } from "../../src/profiles/change/memory.ts";
import { formatMark } from "../../src/sync/managed-profiles.ts";
import { planNames } from "../../src/sync/names.ts";
import { arbitraryDocuments } from "../aws-config/generator.ts";
import { simulateSync, wishes } from "./simulate.ts";
import { SEED } from "../support/seed.ts";
import {
  parseConfig,
  listProfileNames,
  findSections,
  type ConfigDocument,
  isPortableName,
  verifyEdit,
} from "../support/config-editor.ts";

/** Returns key and value of every entry, for each section with the profile's name. */
function valuesOf(document: ConfigDocument, name: string): string[][][] {
  return findSections(document, "profile", name).map(({ entries }) =>
    entries.map(({ key, value }) => [key, value]),
  );
}

describe("any organisation, any file", () => {
  test(
    "a sync passes verification, makes portable names and changes no other section, and a second one changes nothing",
    { tags: ["long"] },
    () => {
      let made = 0;
      fc.assert(
        fc.property(arbitraryDocuments(), wishes, ({ bytes }, wish) => {
          const before = parseConfig(bytes);
          const first = simulateSync(before, wish, new Map());
          if (first === undefined) return;
          made += first.plan.add.length;
          verifyEdit(before, first.edited.document, first.edited.changes, first.edited.removed);
          for (const { name } of first.plan.add)
            expect(isPortableName(name) && name !== "default").toBe(true);
          const names = planNames(wish.held, () => true, {
            template: undefined,
            session: "corp",
            regions: wish.regions,
          }).length;
          expect(first.plan.add.length + first.plan.collisions.length).toBe(names);
          const after = parseConfig(first.edited.document.bytes);
          expect(
            listProfileNames(after)
              .filter((name) => !listProfileNames(before).includes(name))
              .toSorted(),
          ).toEqual(first.plan.add.map(({ name }) => name).toSorted());
          for (const name of listProfileNames(before))
            expect(valuesOf(after, name)).toEqual(valuesOf(before, name));
          const second = simulateSync(
            after,
            wish,
            parseManagedMemory(JSON.parse(JSON.stringify(formatManagedMemory(first.plan.memory)))),
            { prune: true, rename: true },
          );
          expect([second?.plan.add, second?.plan.change, second?.plan.remove]).toEqual([
            [],
            [],
            [],
          ]);
          expect(second?.edited.document).toBe(after);
        }),
        { numRuns: 1500, seed: SEED },
      );
      expect(made).toBeGreaterThan(1000);
    },
  );

  test(
    "a later sync with another organisation, template and regions changes or removes only marked profiles, and does all that it plans",
    { tags: ["long"] },
    () => {
      const kinds = { change: 0, remove: 0, rename: 0 };
      fc.assert(
        fc.property(
          arbitraryDocuments(),
          wishes,
          wishes,
          fc.boolean(),
          ({ bytes }, wish, later, rename) => {
            const first = simulateSync(parseConfig(bytes), wish, new Map());
            if (first === undefined) return;
            const before = first.edited.document;
            const second = simulateSync(before, later, first.plan.memory, { prune: true, rename });
            if (second === undefined) return;
            verifyEdit(
              before,
              second.edited.document,
              second.edited.changes,
              second.edited.removed,
            );
            const marked = new Set(
              before.sections
                .filter((section) => formatMark(section) === "corp")
                .map(({ name }) => name),
            );
            for (const { name } of second.plan.remove) expect(marked).toContain(name);
            for (const { from } of second.plan.change) expect(marked).toContain(from);
            kinds.change += second.plan.change.length;
            kinds.remove += second.plan.remove.length;
            kinds.rename += second.plan.change.filter(({ from, name }) => from !== name).length;
            const third = simulateSync(second.edited.document, later, second.plan.memory, {
              prune: true,
              rename: false,
            });
            expect([third?.plan.change, third?.plan.remove]).toEqual([[], []]);
          },
        ),
        { numRuns: 1500, seed: SEED },
      );
      expect(Math.min(kinds.change, kinds.remove, kinds.rename)).toBeGreaterThan(100);
    },
  );
});
