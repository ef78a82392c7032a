import { expect, test } from "vitest";
import { formatBatchLine } from "../../src/text/batch-line.ts";

test.each([
  [["a"], '"a"'],
  [["", "a b"], '"" "a b"'],
  [['q"uote'], '"q""uote"'],
  [['end\\"x'], '"end\\\\""x"'],
  [["tail\\"], '"tail\\\\"'],
  [["%PATH%"], '"%%cd:~,%PATH%%cd:~,%"'],
  [["a&b|c^d!e"], '"a&b|c^d!e"'],
])("cmd.exe gets %j as %s", (words, line) => {
  expect(formatBatchLine("C:\\x y\\run.cmd", words)).toBe(
    `/e:ON /v:OFF /d /c ""C:\\x y\\run.cmd" ${line}"`,
  );
});

test.each([
  ["C:\\run.cmd", "a\nb"],
  ["C:\\run.cmd", "a\rb"],
  ["C:\\100%\\run.cmd", "a"],
])("no line is possible for %j with %j", (script, word) => {
  expect(formatBatchLine(script, [word])).toBeUndefined();
});
