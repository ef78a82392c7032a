import { describe, expect, test } from "vitest";
import { parseExecArguments } from "../../src/shell/exec-arguments.ts";

describe("exec's arguments", () => {
  test("are cut at the first -- and at no other", () => {
    expect(
      parseExecArguments(["okta", "--", "git", "log", "--", "file", "--profile", "x"]),
    ).toEqual({
      own: ["okta"],
      command: ["git", "log", "--", "file", "--profile", "x"],
    });
    expect(parseExecArguments(["--", "--server"])).toEqual({ own: [], command: ["--server"] });
  });

  test.each([
    [["okta", "aws", "s3", "ls", "--recursive"], "latchkey exec okta -- aws s3 ls --recursive"],
    [["-p", "okta", "aws", "s3"], "latchkey exec -p okta -- aws s3"],
    [["--profile=okta", "sh", "-c", "exit 7"], "latchkey exec --profile=okta -- sh -c 'exit 7'"],
    [
      ["--server", "okta", "--region", "eu-west-1", "make"],
      "latchkey exec --server okta --region eu-west-1 -- make",
    ],
    [["it's"], `latchkey exec 'it'"'"'s' -- COMMAND`],
    [[], "latchkey exec PROFILE -- COMMAND"],
    [["okta", "--"], "latchkey exec okta -- COMMAND"],
    [["okta", "--", ""], "latchkey exec okta -- COMMAND"],
  ])("%j lacks a command after --: the hint is the line to type", (argv, line) => {
    expect(() => parseExecArguments(argv)).toThrow(
      expect.objectContaining({ code: "USAGE", hint: line }),
    );
  });
});
