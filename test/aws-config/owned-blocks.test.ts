import { describe, expect, test } from "vitest";
import { parse, print, catchRefusal } from "./botocore.ts";
import { editConfig, removeProfiles, renameProfiles } from "../support/config-editor.ts";

/** aws-sso-cli rewrites the text between its two comments. */
const BEGIN = "# BEGIN_AWS_SSO_CLI\n";
const END = "# END_AWS_SSO_CLI\n";
const p = "[profile p]\nregion = x\n";
const q = "[profile q]\nregion = y\n";

function editOwned(text: string, force = false): string {
  const edit = { type: "profile", name: "p", set: [["region", "z"]], force } as const;
  return print(editConfig(parse(text), [edit], "config").document);
}

describe("a block of another tool", () => {
  test.each([
    ["whose end is missing", `${BEGIN}${p}`],
    ["whose end is missing, with other sections above and in it", `${q}${BEGIN}[a]\n${p}`],
    ["whose end is missing, where one with an end is above it", `${BEGIN}${END}${BEGIN}${p}`],
    ["whose end is above its beginning", `${END}${BEGIN}${p}`],
    ["with both ends", `${BEGIN}${p}${END}`],
    ["which is the second of two", `${BEGIN}${q}${END}${BEGIN}${p}${END}`],
  ])("%s, is not edited, removed or renamed without --force", (_, text) => {
    const refusals = [
      catchRefusal(() => editOwned(text)),
      catchRefusal(() => removeProfiles(parse(text), ["p"], false, "config")),
      catchRefusal(() => renameProfiles(parse(text), new Map([["p", "r"]]), false, "config")),
    ];
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: "CONFIG_INVALID", exitCode: 7 });
      expect(refusal.message).toContain("belongs to aws-sso-cli");
    }
    expect(editOwned(text, true)).toBe(text.replace("region = x", "region = z"));
  });

  test.each([
    ["above it", `${p}${BEGIN}${q}`],
    ["below its end", `${BEGIN}${q}${END}${p}`],
    ["between two", `${BEGIN}${END}${p}${BEGIN}${q}`],
  ])("does not block edits of a profile %s", (_, text) => {
    expect(editOwned(text)).toBe(text.replace("region = x", "region = z"));
  });

  test("without an end gets no new section without --force, because the section would be part of it", () => {
    const add = (text: string, force: boolean): string =>
      print(
        editConfig(
          parse(text),
          [{ type: "profile", name: "fresh", set: [["region", "x"]], force }],
          "config",
        ).document,
      );
    expect(catchRefusal(() => add(`${q}${BEGIN}${p}`, false))).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("line 3: the block of aws-sso-cli has no end"),
    });
    expect(add(`${q}${BEGIN}${p}`, true)).toBe(`${q}${BEGIN}${p}[profile fresh]\nregion = x\n`);
    expect(add(`${BEGIN}${p}${END}`, false)).toBe(
      `${BEGIN}${p}${END}[profile fresh]\nregion = x\n`,
    );
  });
});
