import { describe, expect, test } from "vitest";
import type { Choice, PickOptions } from "../../src/context.ts";
import { LatchkeyError } from "../../src/errors.ts";
import { openPicker } from "../support/picker.ts";
import { DOWN, ENTER, ESCAPE } from "../support/keys.ts";

const [CTRL_O, CTRL_R, CTRL_S] = ["\u000f", "\u0012", "\u0013"];

const CHOICES: ReadonlyArray<Choice<string>> = [
  { cells: ["payments-prod", "ViewOnlyAccess", "new"], value: "payments", mark: "★" },
  { cells: ["search", "PowerUserAccess", ""], value: "search" },
  { cells: ["billing-and-some-more-of-a-name", "Billing", "new"], value: "billing" },
];

function createOptions(more: Partial<PickOptions<string, string>> = {}) {
  const marked = new Set(["payments"]);
  return {
    enter: "uses",
    acts: [
      { key: "ctrl-r", label: "look again", needsRow: false, run: (_, typed) => `again ${typed}` },
      { key: "ctrl-o", label: "console", run: (value) => `console ${value}` },
      { key: "ctrl-y", label: "copy", run: async (value) => `copy ${value}` },
      { key: "ctrl-t", label: "whoami", run: (value) => `whoami ${value}` },
    ],
    marking: {
      key: "ctrl-s",
      label: "favourite",
      toggle: async (value: string) => {
        if (!marked.delete(value)) marked.add(value);
        return marked.has(value) ? "★" : "";
      },
    },
    note: "roles as listed 10:04 (3 d ago)",
    ...more,
  } satisfies PickOptions<string, string>;
}

describe("the text below a picker's rows", () => {
  test.each([
    [
      150,
      [
        "  3 of 3 · Enter uses · ^O console · ^Y copy · ^T whoami · ^S favourite · ^R look again · roles as listed 10:04 (3 d ago) · type to narrow",
      ],
    ],
    [
      80,
      [
        "  3 of 3 · roles as listed 10:04 (3 d ago) · type to narrow",
        "  Enter uses · ^O console · ^Y copy · ^T whoami · ^S favourite · ^R look again",
      ],
    ],
    [40, ["  3 of 3 · roles as listed 10:04 (3 d …", "  Enter uses · ^O console · ^Y copy · …"]],
  ])("in %i columns", async (columns, expected) => {
    const picker = await openPicker(CHOICES, createOptions(), columns);
    const { lines, isWrapped } = await picker.draw();
    expect(isWrapped).toBe(false);
    for (const line of lines) expect(line.length, line).toBeLessThan(columns);
    const foot = lines.filter((line) => line !== "").slice(-expected.length);
    expect(foot).toEqual(expected);
    await picker.press(ESCAPE, "");
    await expect(picker.picked).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("is short if a question has no keys and no note", async () => {
    const picker = await openPicker(CHOICES, {}, 80);
    const { lines } = await picker.draw();
    expect(lines.at(-1) || lines.filter((line) => line !== "").at(-1)).toBe(
      "  3 of 3 · type to narrow",
    );
    await picker.press("z", "0 of 3");
    await picker.press("\u0015", "3 of 3");
    expect((await picker.draw()).lines.join("\n")).not.toContain("type to narrow");
    await picker.press(ESCAPE, "");
    await picker.picked.catch(() => undefined);
  });
});

describe("a key with an action in the picker", () => {
  test.each([
    ["Ctrl-O of the chosen row", `sea${CTRL_O}`, "console search"],
    ["Ctrl-O of the row that was moved to", `${DOWN}${CTRL_O}`, "console search"],
    ["Ctrl-R with what was typed", `pay new${CTRL_R}`, "again pay new"],
    ["Ctrl-R where nothing fits", `zzz${CTRL_R}`, "again zzz"],
    ["Enter where Ctrl-O had no row", `zzz${CTRL_O}\u0015${ENTER}`, "payments"],
  ])("%s ends the question", async (_name, keys, expected) => {
    const picker = await openPicker(CHOICES, createOptions(), 80);
    await picker.press(keys, "");
    expect(await picker.picked).toBe(expected);
    expect((await picker.draw()).lines.join("").trim()).toBe("");
  });

  test("adds and removes the row's mark, and the question stays open", async () => {
    const picker = await openPicker(CHOICES, createOptions(), 80);
    const readMarks = async () =>
      (await picker.draw()).lines.slice(1, 4).map((line) => line.slice(0, 10));
    expect(await readMarks()).toEqual(["> ★ paymen", "    search", "    billin"]);
    await picker.press(`${DOWN}${CTRL_S}`, "★ search");
    expect(await readMarks()).toEqual(["  ★ paymen", "> ★ search", "    billin"]);
    await picker.press(CTRL_S, ">   search");
    await picker.press(`${CTRL_S}${CTRL_S}${CTRL_S}`, "★ search");
    await picker.press(ENTER, "");
    expect(await picker.picked).toBe("search");
  });

  test("shows why a mark failed until the next key, and the question stays open", async () => {
    const toggle = async (): Promise<string> => {
      throw new LatchkeyError("UNREACHABLE", "The user name is not known:\u001b[2J no answer.");
    };
    const marking = { key: "ctrl-s", label: "favourite", toggle };
    const picker = await openPicker(CHOICES, createOptions({ marking }), 80);
    await picker.press(CTRL_S, "The user name is not known:\\u{1b}[2J no answer.");
    expect((await picker.draw()).lines.join("\n")).not.toContain("^O console");
    await picker.press(DOWN, "^O console");
    await picker.press(CTRL_O, "");
    expect(await picker.picked).toBe("console search");
  });

  test("is awaited if the question ends first, and its failure is shown then", async () => {
    const told = Promise.withResolvers<string>();
    const marking = { key: "ctrl-s", label: "favourite", toggle: () => told.promise };
    const picker = await openPicker(CHOICES, createOptions({ marking }), 80);
    await picker.press(CTRL_S, "favourite …");
    await picker.press(ENTER, "");
    expect(await Promise.race([picker.picked, sleep(50)])).toBe("still open");
    told.reject(new LatchkeyError("UNREACHABLE", "No answer."));
    expect(await picker.picked).toBe("payments");
    expect((await picker.draw()).lines[0]).toBe("latchkey: notice: No answer.");
  });

  test("throws an unexpected failure", async () => {
    const toggle = async () => {
      throw new TypeError("of nothing");
    };
    const marking = { key: "ctrl-s", label: "favourite", toggle };
    const picker = await openPicker(CHOICES, createOptions({ marking }), 80);
    await picker.press(CTRL_S, "");
    await picker.press(ENTER, "");
    await expect(picker.picked).rejects.toThrow("of nothing");
  });
});

function sleep(milliseconds: number): Promise<string> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, "still open"));
}
