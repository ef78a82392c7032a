import { describe, expect, test } from "vitest";
import { parse, print, catchRefusal } from "./botocore.ts";
import {
  type ConfigDocument,
  editConfig,
  listProfileNames,
  removeProfiles,
  type SectionEdit,
  findSections,
  listSessionNames,
  splitShellWords,
  verifyEdit,
} from "../support/config-editor.ts";
import { loadVectors, type WriterVector } from "../support/vectors.ts";

const vectors = loadVectors();
const rows = vectors.config_writer;
const findRow = (id: string): WriterVector => rows.find((candidate) => candidate.id === id)!;

function toEdit({ section, values }: WriterVector): SectionEdit {
  const [type, name] = section === "default" ? ["profile", "default"] : splitShellWords(section)!;
  return { type: type as SectionEdit["type"], name: name!, set: Object.entries(values) };
}

function writeEdit(before: ConfigDocument, edit: SectionEdit): string {
  const { document, changes } = editConfig(before, [edit], "~/.aws/config");
  verifyEdit(before, document, changes);
  return print(document);
}

const SSO = "sso_session = s1\nsso_account_id = 111111111111\nsso_role_name = Admin\n";

describe("config_writer: if the AWS CLI's edit loses nothing, latchkey writes the same bytes", () => {
  test.each(rows.filter(({ copy, after }) => copy && after !== null))("$id", (vector) => {
    expect(writeEdit(parse(vector.before ?? ""), toEdit(vector))).toBe(vector.after);
  });

  test("a value with a line break is refused, and not shown in the message", () => {
    const vector = findRow("newline-in-value");
    const refusal = catchRefusal(() =>
      editConfig(
        parse(vector.before!),
        [{ ...toEdit(vector), set: [["region", "hush\nb"]] }],
        "config",
      ),
    );
    expect(refusal).toMatchObject({ code: "USAGE", exitCode: 2 });
    expect(`${refusal.message}${refusal.hint}`).not.toContain("hush");
  });
});

/**
 * latchkey's full result, where the AWS CLI's edit loses spacing, line breaks or nested keys, or adds an unwanted
 * section.
 */
const OURS: Readonly<Record<string, string>> = {
  "replace-in-place-normalises-spacing":
    "[profile dev]\nsso_account_id=111111111111\n# keep me\nsso_role_name   =  Admin\nregion=eu-west-1\nsso_session=s1\n\n[default]\nregion = us-west-2\n",
  "header-leading-space": `  [profile dev]\nregion = x\n${SSO}`,
  "header-tab": `[profile\tdev]\nregion = x\n${SSO}`,
  "single-quoted-header": `[profile 'dev']\nregion = x\n${SSO}`,
  "space-name-double-quoted-existing": `[profile "my prof"]\nregion = x\n${SSO}`,
  "plain-default-vs-profile-default": `[profile default]\nregion = x\n${SSO}`,
  "nested-key-collides":
    "[profile dev]\ns3 =\n    region = inner\noutput = json\nregion = us-east-1\n",
  crlf: "[profile dev]\r\nregion = z\r\noutput = json\r\n[b]\r\nc = d\r\n",
  "colon-delimiter": "[profile dev]\nregion: z\n",
};

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  "duplicate-section-first-only": ["profile", "dev", "line 1", "line 3"],
  "duplicate-key": ["sso_role_name", "lines 2, 3"],
};

describe("config_writer: if the AWS CLI's edit loses something, latchkey's result differs", () => {
  test("every such row is listed here", () => {
    const answered = [...Object.keys(OURS), ...Object.keys(REFUSED)].sort();
    expect(answered).toEqual(
      rows
        .filter(({ copy }) => !copy)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test.each(Object.entries(OURS))("%s", (id, expected) => {
    const vector = findRow(id);
    expect(writeEdit(parse(vector.before!), toEdit(vector))).toBe(expected);
    expect(expected).not.toBe(vector.after);
    // No line of the old text is lost, except those whose value should change.
    const kept = vector
      .before!.split(/(?<=\n)/)
      .filter((line) => !Object.keys(vector.values).some((key) => line.startsWith(key)));
    for (const line of kept) expect(expected).toContain(line);
  });

  test.each(Object.entries(REFUSED))(
    "%s is refused, and the error names the lines",
    (id, words) => {
      const vector = findRow(id);
      const refusal = catchRefusal(() =>
        editConfig(parse(vector.before!), [toEdit(vector)], "~/.aws/config"),
      );
      expect(refusal).toMatchObject({ code: "CONFIG_INVALID", exitCode: 7 });
      for (const word of ["~/.aws/config", ...words]) expect(refusal.message).toContain(word);
    },
  );
});

describe("section_headers: names with blanks and quotes", () => {
  const headers = vectors.section_headers;
  const unusual = headers.filter(([name]) => /[^\w-]/.test(name));
  const read = headers.filter(([, header]) => splitShellWords(header.slice(1, -1)) !== undefined);

  test.each(read)(
    "%s is found under %s and edited there, and removed if it is a profile",
    (spelt, header) => {
      const isSession = header.startsWith("[sso-session");
      const [type, name] = isSession
        ? (["sso-session", spelt.replace(/^sso-session /, "")] as const)
        : (["profile", spelt] as const);
      const before = parse(`# above\n${header}\nregion=a\n\n[profile other]\nx = y\n`);
      expect(isSession ? listSessionNames(before) : listProfileNames(before)).toContain(name);
      expect(writeEdit(before, { type, name, set: [["region", "b"]] })).toBe(
        `# above\n${header}\nregion=b\n\n[profile other]\nx = y\n`,
      );
      if (isSession) return;
      const { document, changes, removed } = removeProfiles(before, [name], false, "config");
      verifyEdit(before, document, changes, removed);
      expect(print(document)).toBe("# above\n\n[profile other]\nx = y\n");
    },
  );

  test("a header with an unclosed quote is not a profile, like in the AWS CLI", () => {
    expect(listProfileNames(parse("[profile it's]\nregion = a\n"))).toEqual([]);
  });

  test.each(unusual)("%s can't be the name of a new section", (name) => {
    expect(
      catchRefusal(() =>
        editConfig(parse(""), [{ type: "profile", name, set: [["region", "a"]] }], "config"),
      ),
    ).toMatchObject({ code: "USAGE", exitCode: 2 });
  });

  test("__proto__ can't be the name of a new section, because the SDK for JavaScript would reject the whole file", () => {
    expect(
      catchRefusal(() =>
        editConfig(
          parse(""),
          [{ type: "profile", name: "__proto__", set: [["region", "a"]] }],
          "config",
        ),
      ),
    ).toMatchObject({ code: "USAGE" });
  });

  test.each([
    '[profile "dev"]',
    "[profile 'dev']",
    "[profile\tdev]",
    "[profile  dev]",
    "[profile d\\ev]",
    '[profile d"e"v]',
    "  [profile dev] # mine",
  ])("dev is found as the section %s", (header) => {
    expect(findSections(parse(`${header}\na = 1\n`), "profile", "dev")).toHaveLength(1);
  });
});
