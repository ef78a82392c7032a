import { describe, expect, test } from "vitest";
import { parse, print, catchRefusal } from "./botocore.ts";
import { parseConfig, editConfig, verifyEdit, removeProfiles } from "../support/config-editor.ts";

describe("the check of an edit", () => {
  const before = parse("[default]\na = 1\n[profile p]\nregion = x\n# note\noutput = json\n");
  const changes = [{ section: "profile p", key: "region", before: "x", after: "r" }];

  test.each([
    ["another value", "[default]\na = 1\n[profile p]\nregion = s\n# note\noutput = json\n"],
    ["another key as well", "[default]\na = 1\n[profile p]\nregion = r\n# note\noutput = text\n"],
    [
      "another section as well",
      "[default]\na = 2\n[profile p]\nregion = r\n# note\noutput = json\n",
    ],
    ["a comment lost", "[default]\na = 1\n[profile p]\nregion = r\noutput = json\n"],
    ["other line breaks", "[default]\r\na = 1\n[profile p]\nregion = r\n# note\noutput = json\n"],
    [
      "an additional section",
      "[default]\na = 1\n[profile p]\nregion = r\n# note\noutput = json\n[profile q]\n",
    ],
    ["a missing section", "[profile p]\nregion = r\n# note\noutput = json\n"],
    ["another order", "[profile p]\nregion = r\n# note\noutput = json\n[default]\na = 1\n"],
    ["the section gone", "[default]\na = 1\n"],
  ])("fails for %s", (_, text) => {
    expect(catchRefusal(() => verifyEdit(before, parse(text), changes))).toMatchObject({
      code: "BUG",
    });
  });

  test("fails if the old value is not the planned one, and if a byte order mark is lost", () => {
    const after = "[default]\na = 1\n[profile p]\nregion = r\n# note\noutput = json\n";
    const other = [{ section: "profile p", key: "region", before: "y", after: "r" }];
    expect(catchRefusal(() => verifyEdit(before, parse(after), other))).toMatchObject({
      code: "BUG",
    });
    const marked = parse(`\u{feff}${print(before)}`);
    expect(catchRefusal(() => verifyEdit(marked, parse(after), changes))).toMatchObject({
      code: "BUG",
    });
    verifyEdit(marked, parse(`\u{feff}${after}`), changes);
  });

  test("passes for the edit itself, and for bytes that are not UTF-8", () => {
    const odd = parseConfig(Buffer.from("[profile p]\nregion = x\n# cl\u00e9\n", "latin1"));
    const { document, changes: made } = editConfig(
      odd,
      [{ type: "profile", name: "p", set: [["region", "r"]] }],
      "config",
    );
    verifyEdit(odd, document, made);
    expect(Buffer.from(document.bytes).toString("latin1")).toBe(
      "[profile p]\nregion = r\n# cl\u00e9\n",
    );
  });
});

test("a byte order mark is not part of the first line, so a blank line after it may be the end of the file", () => {
  const before = parse("\u{feff}[profile p]\n  ");
  const { document, changes, removed } = removeProfiles(before, ["p"], false, "config");
  verifyEdit(before, document, changes, removed);
  expect(print(document)).toBe("\u{feff}  ");
});
