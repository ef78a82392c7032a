import { describe, expect, test } from "vitest";
import { narrowKeptAnswers, parseKeptAnswers } from "../../src/configure/wizard/kept-answers.ts";
import type { StepAnswers } from "../../src/configure/wizard/steps.ts";

const ALL: StepAnswers = {
  ssoSession: "corp",
  startUrl: "https://my-company.awsapps.com/start",
  ssoRegion: "us-east-1",
  registrationScopes: "sso:account:access",
  accountId: "111122223333",
  roleName: "ViewOnlyAccess",
  region: "",
  output: "json",
  profile: "okta",
};

const read = (answers: unknown) => parseKeptAnswers({ version: 1, answers })?.answers;

test("answers are read as they were kept", () => {
  expect(read(ALL)).toEqual(ALL);
  expect(parseKeptAnswers({ version: 1, answers: ALL, hasFailed: true })?.hasFailed).toBe(true);
});

test.each<[keyof StepAnswers, unknown]>([
  ["ssoSession", "a b"],
  ["ssoSession", "__proto__"],
  ["ssoSession", 7],
  ["startUrl", "http://my-company.awsapps.com/start"],
  ["startUrl", "https://acme.okta.com/home"],
  ["startUrl", "https://user:password@my-company.awsapps.com/start"],
  ["startUrl", " https://my-company.awsapps.com/start"],
  ["ssoRegion", "us-est-1"],
  ["ssoRegion", ""],
  ["registrationScopes", "a b"],
  ["accountId", "1111"],
  ["roleName", "a b"],
  ["region", "eu-wst-1"],
  ["region", "\u001b[2J"],
  ["output", "xml"],
  ["profile", "eyJhbGciOiJIUzI1NiJ9.e30.abcdefghijklmnop"],
  ["profile", "aoaAAAAAGm5XyZ0123456789Qw8Er7Ty6Ui5Op4As3Df2Gh1"],
])("the kept %s %j is dropped", (step, value) => {
  const { [step]: _left, ...others } = ALL;
  expect(read({ ...ALL, [step]: value })).toEqual(others);
});

test.each([undefined, null, [], "text", {}, { version: 2, answers: ALL }, { version: 1 }])(
  "nothing is read from %j",
  (stored) => {
    expect(parseKeptAnswers(stored)).toBeUndefined();
  },
);

describe("the kept answers that fit the given ones", () => {
  const listSteps = (given: StepAnswers): string[] =>
    Object.entries(narrowKeptAnswers(ALL, given))
      .filter(([, value]) => value !== undefined)
      .map(([step]) => step);
  const place = ["ssoSession", "startUrl", "ssoRegion", "registrationScopes"];

  test.each<[StepAnswers, string[]]>([
    [{}, Object.keys(ALL)],
    [{ profile: "okta", ssoSession: "corp" }, Object.keys(ALL)],
    [{ profile: "other" }, place],
    [{ ssoSession: "other" }, []],
    [{ startUrl: "https://other.awsapps.com/start" }, []],
    [{ ssoRegion: "eu-west-1" }, []],
    [{ region: "eu-west-1" }, Object.keys(ALL)],
  ])("are found beside %j", (given, steps) => {
    expect(listSteps(given).sort()).toEqual([...steps].sort());
  });
});
