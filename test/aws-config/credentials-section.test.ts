import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findSectionOwner, putSection } from "../../src/aws-config/credentials-section.ts";
import { parseConfig } from "../../src/aws-config/document.ts";

const parse = (text: string) => parseConfig(Buffer.from(text, "utf8"));
const put = (text: string, wanted: string | undefined) =>
  Buffer.from(putSection(parse(text), "own", wanted, "credentials")).toString("utf8");
const OWN = "[own]\n# good until then\naws_access_key_id = A\nlatchkey_exported = okta\n";
const CRLF = OWN.replaceAll("\n", "\r\n");

describe("latchkey's own section of the credentials file", () => {
  const rows: ReadonlyArray<readonly [what: string, before: string, after: string]> = [
    ["alone in a file that was empty", "", OWN],
    ["after a blank line", "[a]\nb = c\n", `[a]\nb = c\n\n${OWN}`],
    ["with the last line ended", "[a]\nb = c", `[a]\nb = c\n\n${OWN}`],
    ["without a second blank line", "[a]\n\n", `[a]\n\n${OWN}`],
    ["with the file's own line breaks", "[a]\r\nb = c\r\n", `[a]\r\nb = c\r\n\r\n${CRLF}`],
    ["behind a byte order mark", "\ufeff[a]\nb = c\n", `\ufeff[a]\nb = c\n\n${OWN}`],
    [
      "in the place of the one before",
      `# x\n[own]\nold = 1\nlatchkey_exported = o\n# y\n[a]\n`,
      `# x\n${OWN}# y\n[a]\n`,
    ],
    ["in the place of one with another spelling", "[ own ]\nlatchkey_exported = o\n", OWN],
  ];
  for (const [what, before, after] of rows)
    test(`is written ${what}`, () => {
      expect(put(before, OWN)).toBe(after);
    });

  test("is removed together with its blank line", () => {
    for (const before of ["[a]\nb = c\n", "[a]\r\nb = c\r\n", ""])
      expect(put(put(before, OWN), undefined)).toBe(before);
  });

  test("is removed from the middle of a file without changing other lines", () => {
    expect(put(`[a]\n${OWN}\n; z\n[b]\n`, undefined)).toBe("[a]\n\n; z\n[b]\n");
  });

  test("belongs to nobody, to latchkey by its mark, or to somebody else", () => {
    const kinds = ["[a]\n", OWN, "[own]\nx = y\n", `${OWN}[own]\n`].map(
      (text) => findSectionOwner(parse(text), "own").kind,
    );
    expect(kinds).toEqual(["nobody", "latchkey", "somebody-else", "somebody-else"]);
    for (const text of ["[own]\nx = y\n", `${OWN}[own]\n`])
      expect(() => put(text, OWN)).toThrow(/was not written by latchkey/);
  });

  test("is not written to a file that can't be edited safely", () => {
    for (const text of ["stray\n[a]\n", "[a\nb = c\n", "[a]\nb = \u0000\n"])
      expect(() => put(text, OWN)).toThrow(/line 1|line 2|NUL/);
  });

  test("changes no other byte of any file", () => {
    const line = fc.constantFrom(
      "[a]",
      "[b]",
      "k = v",
      "  nested = x",
      "# c",
      "",
      "k2=v2",
      "[own]",
      "latchkey_exported = o",
    );
    const file = fc
      .array(line, { maxLength: 12 })
      .map((lines) => lines.map((text) => `${text}\n`).join(""));
    fc.assert(
      fc.property(file, (text) => {
        const document = parse(text);
        let after: string;
        try {
          after = put(text, OWN);
        } catch {
          return;
        }
        const owner = findSectionOwner(document, "own");
        const own = owner.kind === "latchkey" ? owner.text : "";
        const at = own === "" ? text.length : text.indexOf(own);
        expect(after.startsWith(text.slice(0, at))).toBe(true);
        expect(after.endsWith(text.slice(at + own.length))).toBe(true);
        expect(after).toContain(OWN);
      }),
    );
  });
});
