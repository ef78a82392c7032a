import { describe, expect, test } from "vitest";
import { parse, print, catchRefusal } from "./botocore.ts";
import { editText, region, removeProfileFrom } from "./edits.ts";
import { parseConfig, listProfileNames, findSections } from "../support/config-editor.ts";

describe("a section", () => {
  test("with a comment above its header in a CRLF file does not count as separated by a blank line", () => {
    const text = "[profile a]\r\nk = 1\r\n# b\r\n[profile b]\r\nk = 2\r\n";
    expect(editText(text, region)).toBe(`${text}[profile p]\r\nregion = r\r\n`);
  });

  test("without keys is removed, and passes the check", () => {
    expect(removeProfileFrom("[profile p]\n[profile q]\n")).toBe("[profile q]\n");
  });

  test("with comments between its keys is removed with them, but those after its last key stay", () => {
    expect(
      removeProfileFrom("[profile p]\n# one\na = 1\n# two\nb = 2\n# three\n[profile q]\n"),
    ).toBe("# three\n[profile q]\n");
  });

  test("is not removed if the next one is indented and would become part of the value above", () => {
    const refusal = catchRefusal(() =>
      removeProfileFrom("[profile o]\na = 1\n[profile p]\n  [profile q]\n  b = 2\n"),
    );
    expect(refusal).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("line 4: [profile q] is indented"),
    });
  });

  test("that appears twice is not removed, not even [profile default] after [default]", () => {
    for (const text of [
      "[default]\na = 1\n[profile default]\nb = 2\n",
      "[default]\na = 1\n[profile  default]\n",
    ]) {
      const refusal = catchRefusal(() => removeProfileFrom(text, "default"));
      expect(refusal).toMatchObject({ code: "CONFIG_INVALID", exitCode: 7 });
      expect(refusal.message).toContain("more than once (line 1: [default], line 3: [profile");
    }
    expect(
      editText("[default]\na = 1\n[profile default]\nb = 2\n", {
        name: "default",
        set: [["b", "3"]],
      }),
    ).toBe("[default]\na = 1\n[profile default]\nb = 3\n");
  });

  test("is named in messages as in the file", () => {
    const before = parse('[profile "\u00e9t\u00e9"]\nregion = a\n');
    expect(listProfileNames(before)).toEqual(["\u00e9t\u00e9"]);
    expect(editText(print(before), { ...region, name: "\u00e9t\u00e9" })).toBe(
      '[profile "\u00e9t\u00e9"]\nregion = r\n',
    );
    expect(
      catchRefusal(() =>
        editText('[profile \u00e9]\n[profile "\u00e9"]\n', { ...region, name: "\u00e9" }),
      ).message,
    ).toContain('line 2: [profile "\u00e9"]');
  });

  test("[profile  default] after [default] is refused, because JavaScript does not read it", () => {
    expect(
      catchRefusal(() =>
        editText("[default]\na = 1\n[profile  default]\n", { ...region, name: "default" }),
      ),
    ).toMatchObject({ code: "CONFIG_INVALID" });
  });

  test("whose header has no ] gets no name, and its keys are not read as those of the section above", () => {
    const document = parse("[2]\n[profile p\na = 1\n");
    expect(document.problems.map(({ kind, line }) => [kind, line])).toEqual([
      ["unterminated-header", 2],
    ]);
    expect(findSections(document, "profile", "p")).toEqual([]);
    expect(document.sections[0]?.entries).toEqual([]);
  });

  test("[DEFAULT] may appear twice, but none of its keys may", () => {
    expect(parse("[DEFAULT]\na = 1\n[profile p]\n[DEFAULT]\nb = 2\n").problems).toEqual([]);
    expect(parse("[DEFAULT]\na = 1\n[profile p]\n[DEFAULT]\na = 2\n").problems).toMatchObject([
      { kind: "duplicate-key", line: 5 },
    ]);
  });
});

test("a line that is not a key is reported only by its number, because it may be a pasted secret", () => {
  const secret = "AbCd1/EfGh2/IjKl3";
  const document = parse(`${secret}\n[profile p]\n${secret}\n`);
  expect(document.problems.map(({ kind, line }) => [kind, line])).toEqual([
    ["key-before-section", 1],
    ["no-delimiter", 3],
  ]);
  expect(JSON.stringify(document.problems)).not.toContain(secret);
  expect(catchRefusal(() => editText(`${secret}\n[profile p]\n`, region)).message).toBe(
    "config has a line before its first section (line 1: a line without =).",
  );
  expect(catchRefusal(() => editText("region = a\n[profile p]\n", region)).message).toContain(
    "line 1: region",
  );
});

test("a profile with an empty name is listed and found, and is a problem if it appears twice", () => {
  const document = parseConfig(Buffer.from('[profile ""]\nregion = x\n[profile ""]\nregion = y\n'));
  expect(listProfileNames(document)).toEqual([""]);
  expect(findSections(document, "profile", "")).toHaveLength(2);
  expect(document.problems).toMatchObject([{ kind: "duplicate-section", line: 3 }]);
});
