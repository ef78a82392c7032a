import { describe, expect, test } from "vitest";
import { parse, catchRefusal } from "./botocore.ts";
import { editText, region } from "./edits.ts";
import { findSection } from "../support/config-editor.ts";

describe("a value", () => {
  test.each([
    ["cli_pager = \n", "cli_pager = less\n"],
    ["cli_pager =\n", "cli_pager = less\n"],
    ["cli_pager=\n", "cli_pager=less\n"],
    ["cli_pager =   \r\n", "cli_pager =   less\r\n"],
    ["cli_pager =", "cli_pager = less"],
    ["cli_pager = more  \n", "cli_pager = less  \n"],
    ["CLI_Pager = more\n", "CLI_Pager = less\n"],
    ["cli_pager =\n  a = 1\n\n  b = 2\n\n", "cli_pager = less\n\n"],
  ])("is replaced in %j, without a new blank at its end", (line, expected) => {
    expect(editText(`[profile p]\n${line}`, { set: [["cli_pager", "less"]] })).toBe(
      `[profile p]\n${expected}`,
    );
  });

  test("that ends in à keeps its last byte", () => {
    expect(editText("", { set: [["x", "voil\u00e0"]] })).toBe("[profile p]\nx = voil\u00e0\n");
    expect(editText("[profile p]\n", { set: [["x", "voil\u00e0"]] })).toBe(
      "[profile p]\nx = voil\u00e0\n",
    );
  });

  test("is read without no-break spaces around it, like in the AWS CLI", () => {
    expect(
      findSection(parse("[profile p]\nregion =\u00a0eu-west-1\u00a0\n\u3000\n"), "profile", "p")
        ?.entries[0]?.value,
    ).toBe("eu-west-1");
  });

  test("that begins with a byte order mark keeps it", () => {
    expect(
      findSection(parse("[profile p]\nx = \ufeffa\n"), "profile", "p")?.entries[0]?.value,
    ).toBe("\ufeffa");
  });

  test.each(["\ud800", "a # b", " a", "a\u2028b", "a\u0085b"])("%j is refused", (value) => {
    expect(catchRefusal(() => editText("", { set: [["x", value]] }))).toMatchObject({
      code: "USAGE",
    });
  });
});

describe("a new key", () => {
  test.each([
    [
      "after a header that is the last line and not ended",
      "[profile p]",
      "[profile p]\nregion = r",
    ],
    [
      "in CRLF after such a header",
      "[default]\r\n[profile p]",
      "[default]\r\n[profile p]\r\nregion = r",
    ],
    [
      "before a last line of blanks that is not ended",
      "[profile p]\na=1\n  ",
      "[profile p]\na=1\nregion=r\n  ",
    ],
    [
      "in a section without keys, as indented as the header below, which would become part of the value otherwise",
      "[profile p]\n# note\n  [profile q]\n  a = 1\n",
      "[profile p]\n  region = r\n# note\n  [profile q]\n  a = 1\n",
    ],
    [
      "as indented as the line above, whose value it would become part of otherwise",
      "[profile p]\n    a = 1\nb: 2\n",
      "[profile p]\n    a = 1\nb: 2\nregion = r\n",
    ],
    [
      "after keys that are commented out right below the header",
      "[profile p]\n# region = x\n\n# == q ==\n[profile q]\n",
      "[profile p]\n# region = x\nregion = r\n\n# == q ==\n[profile q]\n",
    ],
  ])("is written %s", (_, text, expected) => {
    expect(editText(text, region)).toBe(expected);
  });

  test("is added while the last key is removed, also if that line has no line break", () => {
    expect(editText("[profile p]\na = 1\n\n[profile q]\n", { ...region, remove: ["a"] })).toBe(
      "[profile p]\nregion = r\n\n[profile q]\n",
    );
    expect(editText("[profile p]\na = 1", { ...region, remove: ["a"] })).toBe(
      "[profile p]\nregion = r",
    );
    expect(editText("[profile p]\na = 1\nb = 2", { ...region, remove: ["a", "B"] })).toBe(
      "[profile p]\nregion = r",
    );
  });

  test("of [profile default] passes the check even if an earlier [default] has that key", () => {
    const text = "[default]\nregion = a\n[profile default]\noutput = json\n";
    expect(editText(text, { ...region, name: "default" })).toBe(`${text}region = r\n`);
  });
});

describe("a removed key", () => {
  test("can be the only one, and then the header stays", () => {
    expect(editText("[profile p]\na = 1\n[profile q]\nb = 2\n", { remove: ["a"] })).toBe(
      "[profile p]\n[profile q]\nb = 2\n",
    );
  });

  test("is removed with its nested block, but without the blank line after it", () => {
    expect(
      editText("[profile p]\ns3 =\n  a = 1\n\n  # c\n  b = 2\n\n\n[profile q]\n", {
        remove: ["s3"],
      }),
    ).toBe("[profile p]\n\n\n[profile q]\n");
  });

  test("at the end of a file without a final line break adds none", () => {
    expect(editText("[profile p]\nk = v\na = 1\nb = 2", { remove: ["a", "b"] })).toBe(
      "[profile p]\nk = v",
    );
    expect(editText("[profile p]\na = 1", { remove: ["a"] }, { ...region, name: "new" })).toBe(
      "[profile p]\n[profile new]\nregion = r\n",
    );
  });
});

describe("several edits at once", () => {
  test("of one section are applied one after another and create one section", () => {
    expect(
      editText("", region, {
        set: [
          ["output", "json"],
          ["region", "s"],
        ],
      }),
    ).toBe("[profile p]\nregion = s\noutput = json\n");
    expect(editText("[profile p]\na = 1\n", { set: [["a", "2"]] }, { remove: ["a"] }, region)).toBe(
      "[profile p]\nregion = r\n",
    );
  });

  test("of adjacent keys are applied at one place", () => {
    expect(
      editText("[profile p]\na = 1\n[profile q]\nb = 2\n", region, {
        name: "q",
        set: [["region", "s"]],
        remove: ["b"],
      }),
    ).toBe("[profile p]\na = 1\nregion = r\n[profile q]\nregion = s\n");
  });

  test("create new sections, each after a blank line if the file has them", () => {
    const spaced = "[profile a]\nk = 1\n\n[profile b]\nk = 2\n";
    const fresh = "[profile p]\nregion = r\n\n[profile q]\nregion = r\n";
    expect(editText(spaced, region, { ...region, name: "q" })).toBe(`${spaced}\n${fresh}`);
    expect(editText(`${spaced}  `, region, { ...region, name: "q" })).toBe(`${spaced}  \n${fresh}`);
  });
});
