import { describe, expect, test } from "vitest";
import { fitColumns } from "../../src/terminal/prompts/pick/columns.ts";
import { toLineText, type Key } from "../../src/terminal/prompts/edit-line.ts";
import { applyLineKey, type LineState } from "../../src/terminal/prompts/line-state.ts";
import { createMatcher, findMarks } from "../../src/terminal/prompts/pick/match.ts";
import { applyKey, type PickKey, type PickState } from "../../src/terminal/prompts/pick/state.ts";

/** The keys in the format of readline. */
const KEYS: Readonly<Record<string, Key>> = {
  Enter: { name: "return", sequence: "\r" },
  "Ctrl-J": { name: "enter", sequence: "\n" },
  Tab: { name: "tab", sequence: "\t" },
  "Shift-Tab": { name: "tab", shift: true, sequence: "\u001b[Z" },
  Backspace: { name: "backspace", sequence: "\u007f" },
  "Alt-B": { name: "b", meta: true, sequence: "\u001bb" },
};

function findKey(word: string): Key {
  const known = KEYS[word];
  if (known !== undefined) return known;
  if (word.startsWith("Ctrl-")) return { name: word.slice(5).toLowerCase(), ctrl: true };
  if (word.length === 1) return { name: word.toLowerCase(), sequence: word };
  return { name: word.toLowerCase(), sequence: "\u001b[" };
}

const START: PickState = { filter: toLineText(""), active: 0, isUsed: false };

const PICK_KEYS: readonly PickKey[] = [
  { key: "ctrl-o", label: "console", needsRow: true, kind: "act" },
  { key: "ctrl-r", label: "look again", needsRow: false, kind: "act" },
  { key: "ctrl-s", label: "favourite", needsRow: true, kind: "mark" },
  // Keys of the line or the list, which no caller can redefine.
  { key: "ctrl-a", label: "all", needsRow: false, kind: "act" },
  { key: "ctrl-k", label: "kill", needsRow: false, kind: "act" },
  { key: "text", label: "any letter", needsRow: false, kind: "act" },
];

/** The state after keys in a list of 20 rows, 5 of them shown: `before|after active`, or how it ended. */
function pressInPicker(keys: string, count = 20): string {
  let state = START;
  const facts = { count, page: 5, canGoBack: true, keys: PICK_KEYS };
  for (const word of keys.split(" ")) {
    const step = applyKey(state, findKey(word), facts);
    if ("key" in step) return `${step.kind} ${step.key.label}`;
    if (step.kind !== "stay") return step.kind;
    state = step.state;
  }
  return `${state.filter.before}|${state.filter.after} ${state.active}`;
}

describe("a key in the picker", () => {
  test.each([
    ["p a y", "pay| 0"],
    ["p Down o", "po| 0"],
    ["p Down Down Up", "p| 1"],
    ["Up", "| 0"],
    ["Tab Tab Shift-Tab", "| 1"],
    ["Ctrl-N Ctrl-N Ctrl-P", "| 1"],
    ["Ctrl-J Ctrl-J Ctrl-K", "| 1"],
    ["PageDown PageDown PageUp", "| 5"],
    ["End", "| 19"],
    ["End Down", "| 19"],
    ["End Home", "| 0"],
    ["a b Left c", "ac|b 0"],
    ["a b Ctrl-A c", "c|ab 0"],
    ["a b Ctrl-A Right Ctrl-E c", "abc| 0"],
    ["a b Ctrl-W", "| 0"],
    ["a b Left Ctrl-U", "|b 0"],
    ["a b Backspace", "a| 0"],
    ["é 全 Backspace", "é| 0"],
    ["a Down Left", "|a 1"],
    ["F5", "| 0"],
    ["Down Enter", "take"],
    ["< Enter", "back"],
    ["Ctrl-O", "act console"],
    ["a Down Ctrl-R", "act look again"],
    ["Ctrl-S", "mark favourite"],
    ["Ctrl-Y", "| 0"],
    ["a b Ctrl-A c", "c|ab 0"],
    ["Down Ctrl-K", "| 0"],
  ])("%s", (keys, expected) => {
    expect(pressInPicker(keys)).toBe(expected);
  });

  test.each([
    ["z Enter", "z| 0"],
    ["z Down PageDown End", "z| 0"],
    ["z Ctrl-O", "z| 0"],
    ["z Ctrl-S", "z| 0"],
    ["z Ctrl-R", "act look again"],
  ])("if no row matches: %s", (keys, expected) => {
    expect(pressInPicker(keys, 0)).toBe(expected);
  });
});

/** The line after keys, with `|` at the cursor. The initial answer is "corp". */
function pressInLine(keys: string): string {
  let state: LineState = {
    line: toLineText(""),
    initial: "corp",
    fault: undefined,
    proposed: undefined,
  };
  const rules = {
    validate: (answer: string) => answer !== "bad" || "not this one",
    complete: (typed: string) =>
      typed === ""
        ? []
        : ["eu-west-1", "eu-west-2", "us-east-1"].filter((name) => name.startsWith(typed)),
    canGoBack: true,
  };
  for (const word of keys.split(" ")) {
    const step = applyLineKey(state, findKey(word), rules);
    if (step.kind === "answer") return `answer ${step.answer}`;
    if (step.kind === "back") return "back";
    state = step.state;
  }
  return `${state.line.before}|${state.line.after} ${state.fault ?? ""}`.trimEnd();
}

describe("a key in a line", () => {
  test.each([
    ["Enter", "answer corp"],
    ["Backspace Enter", "answer"],
    ["a Enter", "answer a"],
    ["b a d Enter", "bad| not this one"],
    ["b a d Enter Backspace", "ba|"],
    ["e Tab", "eu-west-1|"],
    ["e Tab Tab", "eu-west-2|"],
    ["e Tab Tab Tab", "eu-west-1|"],
    ["e Shift-Tab", "eu-west-2|"],
    ["x Tab", "x|"],
    ["Tab", "corp|"],
    ["Up", "back"],
    ["a Up", "a|"],
    ["Tab Up", "back"],
    ["< Enter", "back"],
    ["a b Alt-B c", "c|ab"],
  ])("%s", (keys, expected) => {
    expect(pressInLine(keys).trim()).toBe(expected);
  });
});

const ROWS = [
  ["payments-prod-view", "Payments", "ViewOnlyAccess"],
  ["prod-old", "Legacy", "ViewOnlyAccess"],
  ["prod", "Übung", "PowerUserAccess"],
  ["全角", "", ""],
];

describe("the typed text matches", () => {
  test.each([
    ["", [0, 1, 2, 3]],
    ["prod", [2, 1, 0]],
    ["old prod", [1]],
    ["PROD legacy", [1]],
    ["payview", [0]],
    ["ubung", [2]],
    ["übung", [2]],
    ["全", [3]],
    ["nosuch", []],
  ])("%s", (typed, expected) => {
    const found = createMatcher(ROWS)(typed);
    expect(found.slice(0, expected.length)).toEqual(expected);
    if (expected.length === 0) expect(found).toEqual([]);
  });

  test("the same rows whether it was typed key by key, deleted again, or entered at once", () => {
    const match = createMatcher(ROWS);
    for (const typed of ["p", "pr", "pro", "pr", "", "o", "ol", "old", "old ", "old p"])
      expect(match(typed), typed).toEqual(createMatcher(ROWS)(typed));
  });

  test("a hostile name quickly", () => {
    const started = performance.now();
    expect(createMatcher([["a".repeat(5_000)]])(`${"a".repeat(60)}z`)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test.each([
    ["pow", ["prod", "PowerUserAccess"], "---- +++------------"],
    ["pu", ["prod", "PowerUserAccess"], "+--- -----+---------"],
    ["zz", ["prod"], "----"],
  ])("%s is marked in the text", (typed, cells, expected) => {
    const marks = findMarks(cells, typed).map((cell) =>
      cell.map((isMarked) => (isMarked ? "+" : "-")).join(""),
    );
    expect(marks.join(" ")).toBe(expected);
  });
});

describe("the columns of a list", () => {
  const TELLING = [1, 2, 0, 3];
  test.each([
    ["all of them in full", [29, 13, 15, 9], 76, "0:29 1:13 2:15 3:9"],
    ["the most telling two in 40 columns", [29, 13, 15, 9], 36, "1:13 2:15"],
    ["a name that is short, too", [4, 13, 15, 9], 36, "0:4 1:13 2:15"],
    ["long ones have their share, the name is cut", [29, 50, 32, 9], 76, "0:12 1:30 2:30"],
    ["one that is longer than the terminal", [0, 90, 0, 0], 36, "1:36"],
    ["none that is empty", [10, 0, 0, 9], 76, "0:10 3:9"],
  ])("%s", (_name, widths, room, expected) => {
    const { columns } = fitColumns(widths, TELLING, room);
    expect(columns.map(({ index, width }) => `${index}:${width}`).join(" ")).toBe(expected);
  });
});
