import { describe, expect, test } from "vitest";
import {
  csv,
  escapeControls,
  escapeOutput,
  formatJson,
  hasControls,
} from "../../src/text/terminal.ts";

/** Characters that control a terminal or are invisible: the kind, a member of it, and how it is shown. */
const HIDDEN: ReadonlyArray<readonly [what: string, character: string, shown: string]> = [
  ["an escape", "\u001b", "\\u{1b}"],
  ["a bell", "\u0007", "\\u{7}"],
  ["a line break", "\n", "\\u{a}"],
  ["a carriage return", "\r", "\\u{d}"],
  ["a tab", "\t", "\\u{9}"],
  ["DEL", "\u007f", "\\u{7f}"],
  ["CSI of C1", "\u009b", "\\u{9b}"],
  ["OSC of C1", "\u009d", "\\u{9d}"],
  ["a line separator", "\u2028", "\\u{2028}"],
  ["an override", "\u202e", "\\u{202e}"],
  ["an isolate", "\u2066", "\\u{2066}"],
  ["a mark of direction", "\u200f", "\\u{200f}"],
  ["a zero-width space", "\u200b", "\\u{200b}"],
  ["a joiner", "\u200d", "\\u{200d}"],
  ["a word joiner", "\u2060", "\\u{2060}"],
  ["a byte order mark", "\ufeff", "\\u{feff}"],
  ["a soft hyphen", "\u00ad", "\\u{ad}"],
  ["a grapheme joiner", "\u034f", "\\u{34f}"],
  ["a Hangul filler", "\u3164", "\\u{3164}"],
  ["a half-wide filler", "\uffa0", "\\u{ffa0}"],
  ["a Braille blank", "\u2800", "\\u{2800}"],
  ["a variation selector", "\ufe0f", "\\u{fe0f}"],
  ["a tag", "\u{e0041}", "\\u{e0041}"],
  ["a selector beyond U+FFFF", "\u{e0101}", "\\u{e0101}"],
  ["an annotation", "\ufff9", "\\u{fff9}"],
  ["a no-break space", "\u00a0", "\\u{a0}"],
  ["a thin space", "\u2009", "\\u{2009}"],
  ["half of a character", "\ud800", "\\u{d800}"],
];

describe("a name for a terminal", () => {
  test.each(HIDDEN)("shows %s as an escape", (_, character, shown) => {
    expect(escapeControls(`a${character}b`)).toBe(`a${shown}b`);
    expect(hasControls(`a${character}b`)).toBe(true);
  });

  test.each(["Zürich – Größe", "日本　環境", "한국어", "e\u0301", "العربية", "👍🏽", "a\\u{1b}"])(
    "stays the same: %s",
    (name) => {
      expect(escapeControls(name)).toBe(name);
      expect(hasControls(name)).toBe(false);
    },
  );

  test("stays the same if it is escaped twice", () => {
    for (const [, character] of HIDDEN) {
      const once = escapeControls(character);
      expect(escapeControls(once)).toBe(once);
    }
  });
});

describe("the last escaping for stdout", () => {
  test("keeps only line breaks, tabs and latchkey's own colours", () => {
    const text = "a\tb\r\n\u001b[32mgood\u001b[39m\n";
    expect(escapeOutput(text, true)).toBe(text);
    expect(escapeOutput(text, false)).toBe("a\tb\r\n\\u{1b}[32mgood\\u{1b}[39m\n");
    expect(escapeOutput("\u001b[2J\u001b]0;x\u0007\r\u001b[31;1mx", true)).toBe(
      "\\u{1b}[2J\\u{1b}]0;x\\u{7}\\u{d}\\u{1b}[31;1mx",
    );
  });
});

describe("JSON", () => {
  test.each(HIDDEN)("escapes %s and still has the same value", (_, character) => {
    const value = { name: `a${character}b`, list: [character] };
    for (const indent of [0, 2, 4]) {
      const json = formatJson(value, indent);
      expect(JSON.parse(json)).toEqual(value);
      expect(escapeControls(json.replaceAll("\n", ""))).toBe(json.replaceAll("\n", ""));
    }
  });

  test("is that of JSON.stringify without such characters, and null for undefined", () => {
    expect(formatJson({ a: ["é", 1] })).toBe('{\n  "a": [\n    "é",\n    1\n  ]\n}\n');
    expect(formatJson(undefined)).toBe("null\n");
  });
});

describe("CSV", () => {
  test.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\\u{9}=1"],
    ["\rx", "'\\u{d}x"],
    ["  =1", "'  =1"],
    ["＝1", "'＝1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ["a=1", "a=1"],
    ["111122223333", "111122223333"],
  ])("writes %j as %j for people, and unchanged for scripts", (cell, shown) => {
    expect(csv([[cell]], true)).toBe(`${shown}\r\n`);
    expect(csv([[cell]], false)).toBe(`${shown.replace(/^("?)'/, "$1")}\r\n`);
  });

  test.each(HIDDEN)("shows %s as an escape", (_, character, shown) => {
    expect(csv([[`a${character}b`, "c"]], false)).toBe(`a${shown}b,c\r\n`);
  });
});
