import { describe, expect, test } from "vitest";
import { parseExecArguments, rejoinWords } from "../../src/shell/exec-arguments.ts";
import { listOwnWords, splitExecWords } from "../../src/text/exec-words.ts";

const FLAGS = {
  json: { type: "boolean" },
  debug: { type: "boolean" },
  color: { type: "boolean", allowNo: true },
  profile: { type: "option", char: "p" },
  region: { type: "option", aliases: ["in-region"] },
  server: { type: "boolean" },
} as const;

/** The typed line → latchkey's words, and the command's; null for no command, which opens a shell. */
const ROWS: ReadonlyArray<readonly [line: string, own: string, command: string | null]> = [
  // With the separator.
  ["okta -- aws s3 ls", "okta", "aws s3 ls"],
  ["okta --server -- terraform apply", "okta --server", "terraform apply"],
  ["-p okta -- aws s3 ls", "-p okta", "aws s3 ls"],
  ["--region ap-south-1 okta -- env", "--region ap-south-1 okta", "env"],
  ["-- make deploy", "", "make deploy"],
  ["-- --server", "", "--server"],
  ["okta -- git log -- file --profile x", "okta", "git log -- file --profile x"],
  ["okta -- -h", "okta", "-h"],
  ["okta --json -- ls --json", "okta --json", "ls --json"],
  ["--server -- env", "--server", "env"],
  // Without the separator.
  ["okta aws s3 ls", "okta", "aws s3 ls"],
  ["okta terraform plan -out=x", "okta", "terraform plan -out=x"],
  ["okta --server terraform plan", "okta --server", "terraform plan"],
  ["--server okta terraform plan", "--server okta", "terraform plan"],
  ["okta --region eu-west-1 make", "okta --region eu-west-1", "make"],
  ["okta --region=eu-west-1 make", "okta --region=eu-west-1", "make"],
  ["okta --in-region eu-west-1 make", "okta --in-region eu-west-1", "make"],
  ["--region eu-west-1 --server okta make -j 4", "--region eu-west-1 --server okta", "make -j 4"],
  ["--server okta --region eu-west-1 make", "--server okta --region eu-west-1", "make"],
  // Flags of the command, whatever their names.
  ["okta aws --profile x", "okta", "aws --profile x"],
  ["okta aws -p x --region y", "okta", "aws -p x --region y"],
  ["okta aws --json", "okta", "aws --json"],
  ["okta aws --debug s3 ls", "okta", "aws --debug s3 ls"],
  ["okta terraform -h", "okta", "terraform -h"],
  ["okta terraform --help", "okta", "terraform --help"],
  ["okta sh --server", "okta", "sh --server"],
  ["okta npm run x -- --watch", "okta", "npm run x -- --watch"],
  ["okta git log -- file", "okta", "git log -- file"],
  ["okta env --", "okta", "env --"],
  ["okta ls -", "okta", "ls -"],
  // With a profile from a flag, the first word is the command.
  ["-p okta aws s3 ls", "-p okta", "aws s3 ls"],
  ["-pokta aws s3 ls", "-pokta", "aws s3 ls"],
  ["--profile okta aws", "--profile okta", "aws"],
  ["--profile=okta aws", "--profile=okta", "aws"],
  ["--profile okta --server aws x", "--profile okta --server", "aws x"],
  ["okta -p prod aws", "okta -p prod", "aws"],
  ["--server -p okta okta", "--server -p okta", "okta"],
  // A flag's value is never read as a flag or a command.
  ["-p --server aws", "-p --server", "aws"],
  ["--region okta aws s3", "--region okta aws", "s3"],
  ["--profile -- aws", "--profile --", "aws"],
  // Without a command: a shell.
  ["okta", "okta", null],
  ["", "", null],
  ["-p okta", "-p okta", null],
  ["okta --server", "okta --server", null],
  ["--server okta", "--server okta", null],
  ["--region eu-west-1", "--region eu-west-1", null],
  ["okta --region", "okta --region", null],
  // latchkey's own --help comes before the command.
  ["--help", "--help", null],
  ["okta -h", "okta -h", null],
  ["okta --help aws", "okta --help", "aws"],
  ["okta --no-color aws --no-color", "okta --no-color", "aws --no-color"],
  // A single dash is a word.
  ["- aws", "-", "aws"],
];

describe("exec's arguments", () => {
  test.each(ROWS)("exec %s", (line, own, command) => {
    const split = splitExecWords(toWords(line), FLAGS);
    expect(split).toEqual({
      own: toWords(own),
      command: command === null ? undefined : toWords(command),
      unknownFlag: undefined,
    });
  });

  test.each([
    ["--sever okta aws", "--sever"],
    ["okta --recursive aws", "--recursive"],
    ["okta -x=secret -- aws", "-x"],
    ["--x", "--x"],
    ["okta --no-server aws", "--no-server"],
    ["okta --x --", "--x"],
  ])("%s has an unknown flag before the command", (line, flag) => {
    expect(splitExecWords(toWords(line), FLAGS).unknownFlag).toBe(flag);
    expect(() => parseExecArguments(toWords(line), FLAGS)).not.toThrow();
  });

  test.each([
    ["exec okta aws --json", "exec okta"],
    ["exec okta --json aws --debug", "exec okta --json"],
    ["--json exec okta aws --debug", "exec --json okta"],
    ["-p okta exec aws --json", "exec -p okta"],
    ["--debug -p okta exec -- aws --json", "exec --debug -p okta"],
    ["whoami okta --json -- --debug", "whoami okta --json"],
    ["whoami exec --json", "whoami exec --json"],
    ["--json", "--json"],
    ["", ""],
  ])("latchkey's own words of %s are: %s", (line, own) => {
    expect(listOwnWords(toWords(line), FLAGS)).toEqual(toWords(own));
  });

  test.each([
    [["okta", "--"], "latchkey exec okta -- COMMAND"],
    [["okta", "--", ""], "latchkey exec okta -- COMMAND"],
    [["okta", ""], "latchkey exec okta -- COMMAND"],
    [["--"], "latchkey exec PROFILE -- COMMAND"],
    [["it's", "--"], `latchkey exec 'it'"'"'s' -- COMMAND`],
  ])("%j has no command, and the hint is the line to type", (argv, hint) => {
    expect(() => parseExecArguments(argv, FLAGS)).toThrow(
      expect.objectContaining({ code: "USAGE", hint }),
    );
  });
});

function toWords(line: string): string[] {
  return line === "" ? [] : line.split(" ");
}

/** The arguments as PowerShell passes them, the text from its hook, and the words as typed. */
test.each([
  ["-- run -p: A=B", "1\n-p:", "-- run -p:A=B"],
  ["-- run -p: A=B -p: C", "1\n-p:\n0\n-p:", "-- run -p:A=B -p: C"],
  ["-- run -p: C -p: A=B", "0\n-p:\n1\n-p:", "-- run -p: C -p:A=B"],
  ["mvn -Dx .y=1 -a: b .c", "1\n-Dx\n2\n-a:", "mvn -Dx.y=1 -a:b.c"],
  // The typed pattern has been replaced by file names, and the last noted word is missing.
  ["-- -a x -p: y", "0\n-b*\n1\n-p:\n1\n-q:", "-- -a x -p:y"],
  ["-- -p:", "1\n-p:", "-- -p:"],
  ["-- a b", "", "-- a b"],
  ["-- a b", "x", "-- a b"],
])("%s with the hook's text %j was typed as %s", (given, split, typed) => {
  expect(rejoinWords(given.split(" "), split).join(" ")).toBe(typed);
});

test.each([
  ["aws s3 ls", "aws"],
  ["node -v", "node"],
  ["okta --region x aws", "okta"],
  ["okta -- aws", undefined],
  ["-p okta aws", undefined],
  ["payments/Admin aws", undefined],
  ["okta", undefined],
  ["okta --server", undefined],
  ["-- aws", undefined],
])("the word of exec %s that may be the command is %s", (line, doubtful) => {
  expect(parseExecArguments(toWords(line), FLAGS).doubtful).toBe(doubtful);
});
