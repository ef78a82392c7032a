import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findSplice, applyByteSplices } from "../../src/aws-config/byte-splice.ts";

/** Few different bytes, so that what is put in repeats what stands around it. */
const bytes = fc.uint8Array({ max: 3, maxLength: 40 });
const toNumbers = (array: Uint8Array): number[] => [...array];

describe("the stretch in which two versions of a file differ", () => {
  test("turns the one into the other, and begins and ends with a byte that differs", () => {
    let insideBoth = 0;
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (start, end, before, after) => {
        const [some, other] = [
          Buffer.concat([start, before, end]),
          Buffer.concat([start, after, end]),
        ];
        const splice = findSplice(some, other);
        expect(toNumbers(applyByteSplices(some, [splice]))).toEqual(toNumbers(other));
        const gone = some.subarray(splice.start, splice.end);
        expect(gone.length).toBeLessThanOrEqual(before.length);
        if (gone.length === 0 || splice.bytes.length === 0) return;
        insideBoth += 1;
        expect(gone[0]).not.toBe(splice.bytes[0]);
        expect(gone.at(-1)).not.toBe(splice.bytes.at(-1));
      }),
      { numRuns: 2000, seed: 20_261_124 },
    );
    expect(insideBoth).toBeGreaterThan(500);
  });

  test("is empty where nothing differs", () => {
    expect(findSplice(Buffer.from("same"), Buffer.from("same"))).toEqual({
      start: 4,
      end: 4,
      bytes: Buffer.alloc(0),
    });
  });
});

test("several stretches are put in at their places of the version before", () => {
  const splices = [
    [0, 1, "A"],
    [3, 3, "++"],
    [4, 6, ""],
  ].map(([start, end, text]) => ({
    start: Number(start),
    end: Number(end),
    bytes: Buffer.from(String(text)),
  }));
  expect(Buffer.from(applyByteSplices(Buffer.from("abcdef"), splices)).toString()).toBe("Abc++d");
});
