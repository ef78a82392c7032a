import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeBytes,
  encodeText,
  findLineBreak,
  replaceLines,
  splitLines,
} from "../../src/aws-config/text.ts";
import { SEED } from "../support/seed.ts";
import { arbitraryWildDocuments } from "./generator-wild.ts";

/** Bytes that often start, continue or end a sequence, so that most sequences are damaged. */
const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x0a, 0x0d, 0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xa0, 0xef, 0xf0, 0xf4, 0xff),
      fc.nat(255),
    ),
    { maxLength: 40 },
  )
  .map((all) => Uint8Array.from(all));
const files = fc.oneof(bytes, arbitraryWildDocuments());
const toHex = (all: Uint8Array): string => Buffer.from(all).toString("hex");

describe("bytes as text", () => {
  test("are the same after decoding and encoding", { tags: ["long"] }, () => {
    fc.assert(
      fc.property(files, (all) => {
        expect(toHex(encodeText(decodeBytes(all)))).toBe(toHex(all));
      }),
      { numRuns: 20_000, seed: SEED },
    );
  });

  test(
    "are decoded as UTF-8 if they are valid, and give ill-formed text if not",
    { tags: ["long"] },
    () => {
      fc.assert(
        fc.property(files, (all) => {
          const text = decodeBytes(all);
          const shown = new TextDecoder("utf-8", { ignoreBOM: true }).decode(all);
          expect(text.isWellFormed()).toBe(toHex(Buffer.from(shown)) === toHex(all));
          if (text.isWellFormed()) expect(text).toBe(shown);
        }),
        { numRuns: 20_000, seed: SEED },
      );
    },
  );

  test.each([
    ["a lone continuation", [0x61, 0x80, 0x62], "a\udc80b"],
    ["a sequence that is cut short", [0xe2, 0x82, 0x61], "\udce2\udc82a"],
    ["an overlong slash", [0xc0, 0xaf], "\udcc0\udcaf"],
    ["a surrogate", [0xed, 0xb0, 0x80], "\udced\udcb0\udc80"],
    ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80], "\udcf4\udc90\udc80\udc80"],
    ["good and bad side by side", [0xc3, 0xa9, 0xe9, 0xf0, 0x9f, 0x94, 0x91], "é\udce9🔑"],
  ])("that are %s are decoded like in Python's surrogateescape", (_, all, text) => {
    expect(decodeBytes(Uint8Array.from(all))).toBe(text);
  });
});

describe("lines", () => {
  test("make up the text, and each except the last has its line break", () => {
    fc.assert(
      fc.property(files, (all) => {
        const text = decodeBytes(all);
        const lines = splitLines(text);
        expect(lines.join("")).toBe(text);
        expect(lines.slice(0, -1).every((line) => findLineBreak(line) !== "")).toBe(true);
        expect(lines.every((line) => /^[^\r\n]*(?:\r\n|\r|\n|)$/.test(line))).toBe(true);
      }),
      { numRuns: 5000, seed: SEED },
    );
  });

  test("are replaced in file order, whatever the order of the edits", () => {
    const edits = [
      { from: 3, to: 4, lines: ["D1", "D2"] },
      { from: 1, to: 2, lines: [] },
      { from: 1, to: 1, lines: ["new"] },
    ];
    expect(replaceLines(["a", "b", "c", "d"], edits)).toEqual(["a", "new", "c", "D1", "D2"]);
  });
});
