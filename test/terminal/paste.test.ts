import { expect, test } from "vitest";
import { NOTHING_PASTED, takeInput, type PasteState } from "../../src/terminal/prompts/paste.ts";

/** The input in chunks, the text, and its end state. */
const ROWS: ReadonlyArray<
  readonly [what: string, chunks: readonly string[], PasteState["end"], text: string]
> = [
  ["a line is not the end", ["Error\r"], "open", "Error\n"],
  ["an empty line may be the end", ["Error\r", "\r"], "maybe", "Error\n\n"],
  ["but not if more follows at once", ["Error\r", "\r", "at x"], "open", "Error\n\nat x"],
  [
    "an empty line inside of a marked paste is text",
    ["\u001b[200~Error\r\rat x\r\r\u001b[201~"],
    "open",
    "Error\n\nat x\n\n",
  ],
  [
    "an empty line after a marked paste ends it",
    ["\u001b[200~Error\r\u001b[201~", "\r"],
    "maybe",
    "Error\n\n",
  ],
  ["Ctrl-D ends it in the middle of a line", ["Error\u0004rest"], "done", "Error"],
  ["Ctrl-C cancels it", ["Error\u0003"], "cancelled", "Error"],
  ["Esc cancels it", ["Error", "\u001b"], "cancelled", "Error"],
  [
    "control characters in a marked paste are text",
    ["\u001b[200~a\u0003b\u0004c\u001b[201~"],
    "open",
    "a\u0003b\u0004c",
  ],
  ["Backspace removes a character of the line", ["Errr\u007for\u007f\r\u007f"], "open", "Erro\n"],
  ["CRLF is one line break", ["a\r\nb\r\n"], "open", "a\nb\n"],
];

test.each(ROWS)("%s", (_, chunks, end, text) => {
  let state = NOTHING_PASTED;
  for (const chunk of chunks) state = takeInput(state, chunk).state;
  expect(state).toMatchObject({ end, text });
});

test("the echoed text can't move the cursor", () => {
  expect(takeInput(NOTHING_PASTED, "\u001b[200~a\u001b[2Jb\u001b[201~").shown).toBe("a\\u{1b}[2Jb");
});
