import { describe, expect, test } from "vitest";
import { formatUnifiedDiff as formatDiff } from "../../src/profiles/change/text-diff.ts";
import { parseConfig } from "../support/config-editor.ts";

/** A diff of the AWS config as it is shown: every line near the change, without secrets. */

function formatUnifiedDiff(before: string, after: string, file: string): string {
  const [old, fresh] = [before, after].map((text) => parseConfig(new TextEncoder().encode(text)));
  return old === undefined || fresh === undefined ? "" : formatDiff(old, fresh, file);
}

const OTHER = "[profile b]\nregion = x\n";

describe("a secret within three lines of the change", () => {
  test.each([
    ["aws_secret_access_key = hush", "aws_secret_access_key = …"],
    ["aws_access_key_id = hush", "aws_access_key_id = …"],
    ["aws_session_token = hush", "aws_session_token = …"],
    ["aws_security_token=hush", "aws_security_token=…"],
    ["some_password: hush", "some_password: …"],
    ["  Aws_Secret_Access_Key =  hush and more", "  Aws_Secret_Access_Key =  …"],
    ["aws_secret_access_key = hush=hush ; why", "aws_secret_access_key = …"],
  ])(
    "in %j is shown as %j next to the change, in removed, added and changed lines",
    (line, shown) => {
      const [old, more] = [`[profile a]\n${line}\n`, "region = y\n"];
      expect(formatUnifiedDiff(old, old + OTHER, "f").split("\n")).toContain(` ${shown}`);
      expect(formatUnifiedDiff(old + more + OTHER, OTHER, "f").split("\n")).toContain(`-${shown}`);
      expect(formatUnifiedDiff(OTHER, OTHER + old, "f").split("\n")).toContain(`+${shown}`);
      const both = formatUnifiedDiff(old, old.replace("hush", "hush2"), "f");
      expect(both).toBe(`--- f\n+++ f\n@@ -1,2 +1,2 @@\n [profile a]\n-${shown}\n+${shown}\n`);
    },
  );

  test("is masked with CRLF, and on a last line without a line break", () => {
    const diff = formatUnifiedDiff(
      "[a]\r\naws_session_token = hush\r\n",
      "[a]\r\naws_session_token = hush",
      "f",
    );
    expect(diff).not.toContain("hush");
    expect(diff).toContain("+aws_session_token = …\n\\ No newline at end of file\n");
  });

  test("is masked, like every value of a key not known to be harmless, while headers and comments are shown", () => {
    const text = "[profile token]\nregion = eu-west-1\n# note\ncolor = …\n";
    expect(formatUnifiedDiff(text.replace("…", "on"), "", "f")).toBe(
      `--- f\n+++ f\n@@ -1,4 +0,0 @@\n${text.replaceAll(/^(?=.)/gm, "-")}`,
    );
  });
});

test("a line farther than three from the change is not in the diff", () => {
  const text = (last: string): string => `[one]\n[two]\n[three]\n[four]\n[five]\n[${last}]\n`;
  expect(formatUnifiedDiff(text("six"), text("seven"), "f")).toBe(
    "--- f\n+++ f\n@@ -3,4 +3,4 @@\n [three]\n [four]\n [five]\n-[six]\n+[seven]\n",
  );
});
