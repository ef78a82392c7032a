import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CORP_TOKEN, createSignedInHome, type Home, type TokenFileJson } from "../support/home.ts";
import { AWS, runAwsCli } from "./clients.ts";

/** Compares aliases of the AWS CLI's commands with that CLI: the same words print the same bytes. */

/** The accounts are in the order of their names: latchkey sorts by name, the AWS CLI keeps the service's order. */
const ORG = {
  accounts: [
    { accountId: "100000000001", accountName: "zürich-prod", roles: ["ViewOnlyAccess", "Admin"] },
    { accountId: "100000000002", accountName: "日本", roles: ["ViewOnlyAccess"] },
    { accountId: "100000000003", accountName: 'a "quoted" & <b>', roles: ["ViewOnlyAccess"] },
  ],
};

async function createHomeWithConfig(): Promise<Home> {
  const home = await createSignedInHome({ org: ORG });
  const config = home.read(".aws/config");
  home.write(
    ".aws/config",
    `[profile zulu]\nregion = eu-west-1\n${config}[default]\nregion = us-east-1\n[profile "with space"]\nregion = x\n`,
  );
  home.write(
    ".aws/credentials",
    "[okta]\naws_access_key_id = A\n[keys-only]\naws_access_key_id = A\naws_secret_access_key = B\n",
  );
  return home;
}

const ACCOUNT = ["--account-id", "100000000002"];
/** The commands for both, and whether the AWS CLI needs an access token and a region as well. */
const QUESTIONS: ReadonlyArray<readonly [words: readonly string[], needsToken: boolean]> = [
  [["sso", "list-accounts"], true],
  [["sso", "list-account-roles", ...ACCOUNT], true],
  [["sts", "get-caller-identity", "--profile", "okta"], false],
  [["configure", "list-profiles"], false],
];
const FORMATS: ReadonlyArray<readonly string[]> = [
  [],
  ["--output", "json"],
  ["--output", "text"],
  ["--output", "yaml"],
];
const QUERIES: ReadonlyArray<readonly [words: readonly string[], query: string]> = [
  ...[
    "accountList[0]",
    "accountList[*].[accountId,accountName]",
    "accountList[*].{i:accountId,n:accountName}",
    "accountList[?accountId=='100000000002'].accountName | [0]",
    "nothing",
    "{list:accountList[*].accountName,count:length(accountList),isEmpty:`false`}",
  ].map((query) => [["sso", "list-accounts"], query] as const),
  [["sts", "get-caller-identity", "--profile", "okta"], "Arn"],
  [["sts", "get-caller-identity", "--profile", "okta"], "[Account,UserId]"],
];

const testWithAws = existsSync(AWS) ? test : test.skip;

async function compare(home: Home, words: readonly string[], needsToken: boolean): Promise<void> {
  const { accessToken } = home.readJson<TokenFileJson>(CORP_TOKEN);
  // One word, since a token can begin with a hyphen.
  const more = needsToken ? [`--access-token=${accessToken}`, "--region", "us-east-1"] : [];
  const [theirs, ours] = [await runAwsCli(home, [...words, ...more]), await home.run(words)];
  expect(
    { words, exitCode: ours.exitCode, stdout: ours.stdout },
    ours.stderr + theirs.stderr,
  ).toEqual({ words, exitCode: theirs.exitCode, stdout: theirs.stdout });
}

describe("an alias of an AWS command prints what the AWS CLI prints", () => {
  testWithAws.each(QUESTIONS)("%j", async (words, needsToken) => {
    const home = await createHomeWithConfig();
    for (const format of words[0] === "configure" ? [[]] : FORMATS)
      await compare(home, [...words, ...format], needsToken);
  });

  testWithAws.each(QUERIES)("%j --query %s", async (words, query) => {
    const home = await createHomeWithConfig();
    for (const format of [[], ["--output", "text"]])
      await compare(home, [...words, "--query", query, ...format], words[0] === "sso");
  });
});
