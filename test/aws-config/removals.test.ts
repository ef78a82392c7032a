import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LatchkeyError } from "../../src/errors.ts";
import { arbitraryDocuments } from "./generator.ts";
import { SEED } from "../support/seed.ts";
import {
  parseConfig,
  listProfileNames,
  findSections,
  type ConfigDocument,
  verifyEdit,
  removeProfiles,
} from "../support/config-editor.ts";

describe("many removals at once", () => {
  test("give the same result as one after another", { tags: ["long"] }, () => {
    fc.assert(
      fc.property(
        arbitraryDocuments(),
        fc.array(fc.nat(20), { maxLength: 4 }),
        ({ bytes }, picks) => {
          const before = parseConfig(bytes);
          const all = listProfileNames(before);
          const names = [
            ...new Set(picks.flatMap((pick) => all[pick % Math.max(all.length, 1)] ?? [])),
          ];
          const outcome = (act: () => ConfigDocument): string => {
            try {
              return act().text;
            } catch (thrown) {
              return (thrown as LatchkeyError).code;
            }
          };
          const together = outcome(() => {
            const edited = removeProfiles(before, names, false, "config");
            verifyEdit(before, edited.document, edited.changes, edited.removed);
            return edited.document;
          });
          // From the end upwards: a blank line at the end is removed with its section.
          const order = names.toSorted(
            (a, b) =>
              (findSections(before, "profile", b).at(-1)?.line ?? 0) -
              (findSections(before, "profile", a).at(-1)?.line ?? 0),
          );
          const oneByOne = outcome(() =>
            order.reduce(
              (document, name) => removeProfiles(document, [name], false, "config").document,
              before,
            ),
          );
          if (together !== "CONFIG_INVALID" && oneByOne !== "CONFIG_INVALID")
            expect(together).toBe(oneByOne);
        },
      ),
      { numRuns: 3000, seed: SEED },
    );
  });
});
