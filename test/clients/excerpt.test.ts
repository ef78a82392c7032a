import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/aws-config/document.ts";
import { decodeBytes, encodeText } from "../../src/aws-config/text.ts";
import { excerptProfiles, excerptSections, findOddSections } from "../../src/clients/excerpt.ts";
import { resolveClients } from "../../src/clients/resolve.ts";
import { READER_ROWS } from "./reader-rows.ts";
import { ROWS } from "./rows.ts";

/** Without its plain sections, a config gives the same result for any profile in every client. */

const formatPlainSection = (name: string): string =>
  `[profile ${name}]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\nregion = eu-west-1\n\n# a comment\n`;

const toText = (config: string | Uint8Array): string =>
  typeof config === "string" ? config : decodeBytes(config);

describe("the credentials that each client uses", () => {
  test.each([...ROWS, ...READER_ROWS])("are the same with the excerpt: $id", (row) => {
    const config = toText(row.config ?? "");
    const whole = `${config}\n${formatPlainSection("p1")}${formatPlainSection("p2")}`;
    const files = { credentials: toText(row.credentials ?? ""), env: row.env ?? {} };
    for (const profile of [row.profile, row.env?.["AWS_PROFILE"], "a", "base", "p1"]) {
      const names = [
        profile,
        row.env?.["AWS_PROFILE"],
        row.env?.["AWS_DEFAULT_PROFILE"],
        "default",
      ];
      const excerpt = excerptProfiles(
        parseConfig(encodeText(whole)),
        parseConfig(encodeText(files.credentials)),
        names.filter((name) => name !== undefined),
      );
      expect(resolveClients({ ...files, config: excerpt.text, profile })).toEqual(
        resolveClients({ ...files, config: whole, profile }),
      );
    }
  });
});

test("plain sections are removed, odd ones and the line numbers stay", () => {
  const text = `${formatPlainSection("p1")}[profile odd]\nregion = "eu-west-1"\n${formatPlainSection("p2")}`;
  const document = parseConfig(encodeText(text));
  expect([...findOddSections(document)]).toEqual(["profile odd"]);
  const excerpt = excerptSections(document, findOddSections(document));
  expect(excerpt.sections.map(({ name, line }) => [name, line])).toEqual([["odd", 8]]);
  expect(excerpt.lines.length).toBe(document.lines.length);
});
