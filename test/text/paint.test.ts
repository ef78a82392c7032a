import { describe, expect, test } from "vitest";
import { createPaint, hasColours, paintLine, type Look, type Paint } from "../../src/text/paint.ts";

describe("whether a stream gets colours", () => {
  test.each<[what: string, env: Record<string, string>, onTerminal: boolean, elsewhere: boolean]>([
    ["nothing is set", {}, true, false],
    ["NO_COLOR", { NO_COLOR: "1" }, false, false],
    ["an empty NO_COLOR, which is not set", { NO_COLOR: "" }, true, false],
    ["FORCE_COLOR", { FORCE_COLOR: "1" }, true, true],
    ["FORCE_COLOR=0", { FORCE_COLOR: "0" }, false, false],
    ["FORCE_COLOR=false", { FORCE_COLOR: "false" }, false, false],
    ["an empty FORCE_COLOR, which is not set", { FORCE_COLOR: "" }, true, false],
    ["FORCE_COLOR for one command, over NO_COLOR", { FORCE_COLOR: "3", NO_COLOR: "1" }, true, true],
    ["CLICOLOR=0", { CLICOLOR: "0" }, false, false],
    ["CLICOLOR=1", { CLICOLOR: "1" }, true, false],
    ["CLICOLOR_FORCE", { CLICOLOR_FORCE: "1" }, true, true],
    ["CLICOLOR_FORCE=0", { CLICOLOR_FORCE: "0" }, true, false],
    ["a terminal without colours", { TERM: "dumb" }, false, false],
    ["a terminal with colours", { TERM: "xterm-256color" }, true, false],
  ])("%s", (_, env, onTerminal, elsewhere) => {
    const ask = (isTerminal: boolean, isRefused: boolean): boolean =>
      hasColours(env, { isTerminal, isRefused });
    expect([ask(true, false), ask(false, false)]).toEqual([onTerminal, elsewhere]);
    expect([ask(true, true), ask(false, true)]).toEqual([false, false]);
  });

  test("a tone adds one colour and its end, and without colours the text stays the same", () => {
    const paint = createPaint(true);
    expect([paint("good", "a"), paint("soon", "a"), paint("bad", "a"), paint("hint", "a")]).toEqual(
      [
        "\u001b[32ma\u001b[39m",
        "\u001b[33ma\u001b[39m",
        "\u001b[31ma\u001b[39m",
        "\u001b[36ma\u001b[39m",
      ],
    );
    expect(createPaint(false)("bad", "a")).toBe("a");
  });
});

describe("what has a colour in a line", () => {
  const paint: Paint = (tone, text) => `<${tone}>${text}</>`;
  test.each<[look: Look, line: string, painted: string]>([
    ["notices", "latchkey: error: No.", "latchkey: <bad>error</>: No."],
    ["notices", "latchkey: hint: latchkey login", "latchkey: <hint>hint</>: latchkey login"],
    ["notices", "latchkey: notice: error: x", "latchkey: <soon>notice</>: error: x"],
    ["notices", "an error: of somebody else", "an error: of somebody else"],
    ["notices", "  + no plan", "  + no plan"],
    ["plan", "  + okta  1 R", "  <good>+</> okta  1 R"],
    ["plan", "  ~ okta  a → b", "  <soon>~</> okta  a → b"],
    ["plan", "    - region = x", "    <bad>-</> region = x"],
    ["plan", "  ! okta  taken", "  <bad>!</> okta  taken"],
    ["plan", "-5 of them", "-5 of them"],
    ["plan", "  [profile - a]", "  [profile - a]"],
    ["diff", "+region = x", "<good>+region = x</>"],
    ["diff", "-region = x", "<bad>-region = x</>"],
    ["diff", "+++ /home/a/.aws/config", "+++ /home/a/.aws/config"],
    ["diff", "--- /home/a/.aws/config", "--- /home/a/.aws/config"],
    ["diff", "@@ -1,2 +1,3 @@", "@@ -1,2 +1,3 @@"],
    ["diff", " region = x", " region = x"],
  ])("%s: %s", (look, line, painted) => {
    expect(paintLine(line, look, paint)).toBe(painted);
  });
});
