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

/** What is typed → ours, and the command's; null: none, so a shell. */
const ROWS: ReadonlyArray<readonly [line: string, own: string, command: string | null]> = [
  // With the separator, as ever.
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
  // Without it.
  ["okta aws s3 ls", "okta", "aws s3 ls"],
  ["okta terraform plan -out=x", "okta", "terraform plan -out=x"],
  ["okta --server terraform plan", "okta --server", "terraform plan"],
  ["--server okta terraform plan", "--server okta", "terraform plan"],
  ["okta --region eu-west-1 make", "okta --region eu-west-1", "make"],
  ["okta --region=eu-west-1 make", "okta --region=eu-west-1", "make"],
  ["okta --in-region eu-west-1 make", "okta --in-region eu-west-1", "make"],
  ["--region eu-west-1 --server okta make -j 4", "--region eu-west-1 --server okta", "make -j 4"],
  ["--server okta --region eu-west-1 make", "--server okta --region eu-west-1", "make"],
  // The command's own flags, whatever they are called.
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
  // A profile named by flag leaves no word to us.
  ["-p okta aws s3 ls", "-p okta", "aws s3 ls"],
  ["-pokta aws s3 ls", "-pokta", "aws s3 ls"],
  ["--profile okta aws", "--profile okta", "aws"],
  ["--profile=okta aws", "--profile=okta", "aws"],
  ["--profile okta --server aws x", "--profile okta --server", "aws x"],
  ["okta -p prod aws", "okta -p prod", "aws"],
  ["--server -p okta okta", "--server -p okta", "okta"],
  // A value is a value, whatever it looks like.
  ["-p --server aws", "-p --server", "aws"],
  ["--region okta aws s3", "--region okta aws", "s3"],
  ["--profile -- aws", "--profile --", "aws"],
  // No command: a shell.
  ["okta", "okta", null],
  ["", "", null],
  ["-p okta", "-p okta", null],
  ["okta --server", "okta --server", null],
  ["--server okta", "--server okta", null],
  ["--region eu-west-1", "--region eu-west-1", null],
  ["okta --region", "okta --region", null],
  // Help of ours stands before the command.
  ["--help", "--help", null],
  ["okta -h", "okta -h", null],
  ["okta --help aws", "okta --help", "aws"],
  ["okta --no-color aws --no-color", "okta --no-color", "aws --no-color"],
  // A dash alone is a word.
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
  ])("%s has a flag before the command that is none of ours", (line, flag) => {
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
  ])("of %s latchkey's own are: %s", (line, own) => {
    expect(listOwnWords(toWords(line), FLAGS)).toEqual(toWords(own));
  });

  test.each([
    [["okta", "--"], "latchkey exec okta -- COMMAND"],
    [["okta", "--", ""], "latchkey exec okta -- COMMAND"],
    [["okta", ""], "latchkey exec okta -- COMMAND"],
    [["--"], "latchkey exec PROFILE -- COMMAND"],
    [["it's", "--"], `latchkey exec 'it'"'"'s' -- COMMAND`],
  ])("%j names no command: the hint is the line to type", (argv, hint) => {
    expect(() => parseExecArguments(argv, FLAGS)).toThrow(
      expect.objectContaining({ code: "USAGE", hint }),
    );
  });
});

function toWords(line: string): string[] {
  return line === "" ? [] : line.split(" ");
}

/** The arguments as PowerShell gives them, what its hook says of them, and the words as typed. */
test.each([
  ["-- run -p: A=B", "1\n-p:", "-- run -p:A=B"],
  ["-- run -p: A=B -p: C", "1\n-p:\n0\n-p:", "-- run -p:A=B -p: C"],
  ["-- run -p: C -p: A=B", "0\n-p:\n1\n-p:", "-- run -p: C -p:A=B"],
  ["mvn -Dx .y=1 -a: b .c", "1\n-Dx\n2\n-a:", "mvn -Dx.y=1 -a:b.c"],
  // A pattern that was named has become files, and what is named last is not there.
  ["-- -a x -p: y", "0\n-b*\n1\n-p:\n1\n-q:", "-- -a x -p:y"],
  ["-- -p:", "1\n-p:", "-- -p:"],
  ["-- a b", "", "-- a b"],
  ["-- a b", "x", "-- a b"],
])("%s, of which %j is known, was typed as %s", (given, split, typed) => {
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
])("of exec %s the word that may be the command itself is %s", (line, doubtful) => {
  expect(parseExecArguments(toWords(line), FLAGS).doubtful).toBe(doubtful);
});
