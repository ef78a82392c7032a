import { describe, expect, test } from "vitest";
import { parsed, printed, refusalOf } from "./botocore.ts";
import {
  editConfig,
  findSection,
  parseConfig,
  profileNames,
  removeProfiles,
  type SectionEdit,
  sectionsNamed,
  verifyEdit,
} from "../support/config-editor.ts";

type Change = Partial<SectionEdit>;

/** The text after one edit of the profile p, or of another; proven. */
function after(text: string, ...changes: Change[]): string {
  const before = parsed(text);
  const { document, changes: made } = editConfig(
    before,
    changes.map((change) => ({ type: "profile", name: "p", set: [], ...change })),
    "config",
  );
  verifyEdit(before, document, made);
  return printed(document);
}

function without(text: string, name = "p"): string {
  const before = parsed(text);
  const { document, changes, removed } = removeProfiles(before, [name], false, "config");
  verifyEdit(before, document, changes, removed);
  return printed(document);
}

const region: Change = { set: [["region", "r"]] };

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
  ])("of %j is set in its place, and no blank is added at its end", (line, expected) => {
    expect(after(`[profile p]\n${line}`, { set: [["cli_pager", "less"]] })).toBe(
      `[profile p]\n${expected}`,
    );
  });

  test("that ends in à keeps its last byte", () => {
    expect(after("", { set: [["x", "voil\u00e0"]] })).toBe("[profile p]\nx = voil\u00e0\n");
    expect(after("[profile p]\n", { set: [["x", "voil\u00e0"]] })).toBe(
      "[profile p]\nx = voil\u00e0\n",
    );
  });

  test("with a no-break space around it is read without, as the AWS CLI reads it", () => {
    expect(
      findSection(parsed("[profile p]\nregion =\u00a0eu-west-1\u00a0\n\u3000\n"), "profile", "p")
        ?.entries[0]?.value,
    ).toBe("eu-west-1");
  });

  test("that begins with a byte order mark keeps it", () => {
    expect(
      findSection(parsed("[profile p]\nx = \ufeffa\n"), "profile", "p")?.entries[0]?.value,
    ).toBe("\ufeffa");
  });

  test.each(["\ud800", "a # b", " a", "a\u2028b", "a\u0085b"])("%j is refused", (value) => {
    expect(refusalOf(() => after("", { set: [["x", value]] }))).toMatchObject({ code: "USAGE" });
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
      "in a section without keys, as deep as the header below, which it would swallow else",
      "[profile p]\n# note\n  [profile q]\n  a = 1\n",
      "[profile p]\n  region = r\n# note\n  [profile q]\n  a = 1\n",
    ],
    [
      "as deep as the line above, which would swallow it else",
      "[profile p]\n    a = 1\nb: 2\n",
      "[profile p]\n    a = 1\nb: 2\nregion = r\n",
    ],
    [
      "after keys that are commented out right below the header",
      "[profile p]\n# region = x\n\n# == q ==\n[profile q]\n",
      "[profile p]\n# region = x\nregion = r\n\n# == q ==\n[profile q]\n",
    ],
  ])("stands %s", (_, text, expected) => {
    expect(after(text, region)).toBe(expected);
  });

  test("may come while the last key goes, also where that line is not ended", () => {
    expect(after("[profile p]\na = 1\n\n[profile q]\n", { ...region, remove: ["a"] })).toBe(
      "[profile p]\nregion = r\n\n[profile q]\n",
    );
    expect(after("[profile p]\na = 1", { ...region, remove: ["a"] })).toBe(
      "[profile p]\nregion = r",
    );
    expect(after("[profile p]\na = 1\nb = 2", { ...region, remove: ["a", "B"] })).toBe(
      "[profile p]\nregion = r",
    );
  });

  test("of [profile default] is proven though the [default] before it has that key", () => {
    const text = "[default]\nregion = a\n[profile default]\noutput = json\n";
    expect(after(text, { ...region, name: "default" })).toBe(`${text}region = r\n`);
  });
});

describe("a removed key", () => {
  test("may be the only one: the header stays", () => {
    expect(after("[profile p]\na = 1\n[profile q]\nb = 2\n", { remove: ["a"] })).toBe(
      "[profile p]\n[profile q]\nb = 2\n",
    );
  });

  test("takes its nested block along, and no blank line after it", () => {
    expect(
      after("[profile p]\ns3 =\n  a = 1\n\n  # c\n  b = 2\n\n\n[profile q]\n", { remove: ["s3"] }),
    ).toBe("[profile p]\n\n\n[profile q]\n");
  });

  test("at the end of a file that is not ended leaves it so", () => {
    expect(after("[profile p]\nk = v\na = 1\nb = 2", { remove: ["a", "b"] })).toBe(
      "[profile p]\nk = v",
    );
    expect(after("[profile p]\na = 1", { remove: ["a"] }, { ...region, name: "new" })).toBe(
      "[profile p]\n[profile new]\nregion = r\n",
    );
  });
});

describe("several edits at once", () => {
  test("of one section count as one after the other, and make one section", () => {
    expect(
      after("", region, {
        set: [
          ["output", "json"],
          ["region", "s"],
        ],
      }),
    ).toBe("[profile p]\nregion = s\noutput = json\n");
    expect(after("[profile p]\na = 1\n", { set: [["a", "2"]] }, { remove: ["a"] }, region)).toBe(
      "[profile p]\nregion = r\n",
    );
  });

  test("of neighbours meet in one gap", () => {
    expect(
      after("[profile p]\na = 1\n[profile q]\nb = 2\n", region, {
        name: "q",
        set: [["region", "s"]],
        remove: ["b"],
      }),
    ).toBe("[profile p]\na = 1\nregion = r\n[profile q]\nregion = s\n");
  });

  test("make new sections, each after one blank line where the file has them", () => {
    const spaced = "[profile a]\nk = 1\n\n[profile b]\nk = 2\n";
    const fresh = "[profile p]\nregion = r\n\n[profile q]\nregion = r\n";
    expect(after(spaced, region, { ...region, name: "q" })).toBe(`${spaced}\n${fresh}`);
    expect(after(`${spaced}  `, region, { ...region, name: "q" })).toBe(`${spaced}  \n${fresh}`);
  });
});

describe("a section", () => {
  test("with a comment above its header in a CRLF file is not taken for spaced out", () => {
    const text = "[profile a]\r\nk = 1\r\n# b\r\n[profile b]\r\nk = 2\r\n";
    expect(after(text, region)).toBe(`${text}[profile p]\r\nregion = r\r\n`);
  });

  test("without keys is removed, and that is proven, too", () => {
    expect(without("[profile p]\n[profile q]\n")).toBe("[profile q]\n");
  });

  test("with comments between its keys is removed with them; those after its last key stay", () => {
    expect(without("[profile p]\n# one\na = 1\n# two\nb = 2\n# three\n[profile q]\n")).toBe(
      "# three\n[profile q]\n",
    );
  });

  test("is not removed where the one below is indented and would become part of the value above", () => {
    const refusal = refusalOf(() =>
      without("[profile o]\na = 1\n[profile p]\n  [profile q]\n  b = 2\n"),
    );
    expect(refusal).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("line 4: [profile q] is indented"),
    });
  });

  test("that stands twice is not removed, not even [profile default] after [default]: the one above would count again", () => {
    for (const text of [
      "[default]\na = 1\n[profile default]\nb = 2\n",
      "[default]\na = 1\n[profile  default]\n",
    ]) {
      const refusal = refusalOf(() => without(text, "default"));
      expect(refusal).toMatchObject({ code: "CONFIG_INVALID", exitCode: 7 });
      expect(refusal.message).toContain("more than once (line 1: [default], line 3: [profile");
    }
    expect(
      after("[default]\na = 1\n[profile default]\nb = 2\n", { name: "default", set: [["b", "3"]] }),
    ).toBe("[default]\na = 1\n[profile default]\nb = 3\n");
  });

  test("is named in the file's own letters", () => {
    const before = parsed('[profile "\u00e9t\u00e9"]\nregion = a\n');
    expect(profileNames(before)).toEqual(["\u00e9t\u00e9"]);
    expect(after(printed(before), { ...region, name: "\u00e9t\u00e9" })).toBe(
      '[profile "\u00e9t\u00e9"]\nregion = r\n',
    );
    expect(
      refusalOf(() =>
        after('[profile \u00e9]\n[profile "\u00e9"]\n', { ...region, name: "\u00e9" }),
      ).message,
    ).toContain('line 2: [profile "\u00e9"]');
  });

  test("[profile  default], which JavaScript does not read, after [default] is refused: readers differ", () => {
    expect(
      refusalOf(() =>
        after("[default]\na = 1\n[profile  default]\n", { ...region, name: "default" }),
      ),
    ).toMatchObject({ code: "CONFIG_INVALID" });
  });

  test("whose header is not ended is nobody's, and takes no header's name: its keys are not the section's above", () => {
    const document = parsed("[2]\n[profile p\na = 1\n");
    expect(document.problems.map(({ kind, line }) => [kind, line])).toEqual([
      ["unterminated-header", 2],
    ]);
    expect(sectionsNamed(document, "profile", "p")).toEqual([]);
    expect(document.sections[0]?.entries).toEqual([]);
  });

  test("[DEFAULT] may come twice, but a key of it may not", () => {
    expect(parsed("[DEFAULT]\na = 1\n[profile p]\n[DEFAULT]\nb = 2\n").problems).toEqual([]);
    expect(parsed("[DEFAULT]\na = 1\n[profile p]\n[DEFAULT]\na = 2\n").problems).toMatchObject([
      { kind: "duplicate-key", line: 5 },
    ]);
  });
});

describe("the proof", () => {
  const before = parsed("[default]\na = 1\n[profile p]\nregion = x\n# note\noutput = json\n");
  const changes = [{ section: "profile p", key: "region", before: "x", after: "r" }];

  test.each([
    ["another value", "[default]\na = 1\n[profile p]\nregion = s\n# note\noutput = json\n"],
    ["another key, too", "[default]\na = 1\n[profile p]\nregion = r\n# note\noutput = text\n"],
    ["another section, too", "[default]\na = 2\n[profile p]\nregion = r\n# note\noutput = json\n"],
    ["a comment lost", "[default]\na = 1\n[profile p]\nregion = r\noutput = json\n"],
    ["other line breaks", "[default]\r\na = 1\n[profile p]\nregion = r\n# note\noutput = json\n"],
    [
      "a section more",
      "[default]\na = 1\n[profile p]\nregion = r\n# note\noutput = json\n[profile q]\n",
    ],
    ["a section less", "[profile p]\nregion = r\n# note\noutput = json\n"],
    ["another order", "[profile p]\nregion = r\n# note\noutput = json\n[default]\na = 1\n"],
    ["the section gone", "[default]\na = 1\n"],
  ])("fails over %s", (_, text) => {
    expect(refusalOf(() => verifyEdit(before, parsed(text), changes))).toMatchObject({
      code: "BUG",
    });
  });

  test("holds for the edit itself, and for bytes that are no UTF-8", () => {
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

test("a line that is no key is told by its number alone: it may be a secret that was pasted there", () => {
  const secret = "AbCd1/EfGh2/IjKl3";
  const document = parsed(`${secret}\n[profile p]\n${secret}\n`);
  expect(document.problems.map(({ kind, line }) => [kind, line])).toEqual([
    ["key-before-section", 1],
    ["no-delimiter", 3],
  ]);
  expect(JSON.stringify(document.problems)).not.toContain(secret);
  expect(refusalOf(() => after(`${secret}\n[profile p]\n`, region)).message).toBe(
    "config has a line before its first section (line 1: a line without =).",
  );
  expect(refusalOf(() => after("region = a\n[profile p]\n", region)).message).toContain(
    "line 1: region",
  );
});

test("the proof takes a byte order mark for no part of the first line: a blank line behind it may end the file", () => {
  const before = parsed("\u{feff}[profile p]\n  ");
  const { document, changes, removed } = removeProfiles(before, ["p"], false, "config");
  verifyEdit(before, document, changes, removed);
  expect(printed(document)).toBe("\u{feff}  ");
});

test("a profile whose name is empty is a profile: listed, found, and refused where it stands twice", () => {
  const document = parseConfig(Buffer.from('[profile ""]\nregion = x\n[profile ""]\nregion = y\n'));
  expect(profileNames(document)).toEqual([""]);
  expect(sectionsNamed(document, "profile", "")).toHaveLength(2);
  expect(document.problems).toMatchObject([{ kind: "duplicate-section", line: 3 }]);
});
