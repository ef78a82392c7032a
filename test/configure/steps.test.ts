import { describe, expect, test } from "vitest";
import {
  addAnswer,
  canGoBack,
  collectAnswers,
  decideNext,
  goBack,
  listKept,
  NAMED_BY_START_URL,
  readAnswers,
  takeDefaults,
  type StepAnswers,
  type WizardState,
} from "../../src/configure/wizard/steps.ts";

const URL_OF_CORP = "https://corp.awsapps.com/start";
const URL_OF_ACME = "https://acme.awsapps.com/start";
const URL_WITH_REGION = "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws";
const CORP = { name: "corp", startUrl: URL_OF_CORP };

function createState(parts: Partial<WizardState> = {}, answers: StepAnswers = {}): WizardState {
  const state: WizardState = {
    target: "profile",
    form: "sso-session",
    sessions: [CORP],
    given: {},
    defaults: {},
    answered: [],
    ...parts,
  };
  return {
    ...state,
    defaults: {},
    answered: takeDefaults({ ...state, defaults: answers }).answered,
  };
}

const PLACE = { ssoSession: "acme", startUrl: URL_OF_ACME, ssoRegion: "us-east-1" };
const SCOPES = { registrationScopes: "sso:account:access" };
const ROLE = { accountId: "111122223333", roleName: "View" };

describe("the next question", () => {
  test.each<[string, Partial<WizardState>, StepAnswers, string | undefined]>([
    ["nothing is known", {}, {}, "ssoSession"],
    ["the session is new", {}, { ssoSession: "acme" }, "startUrl"],
    ["the session's name will be made from its start URL", {}, { ssoSession: "" }, "startUrl"],
    ["its region is not in the start URL", {}, { ...PLACE, ssoRegion: undefined }, "ssoRegion"],
    [
      "its region is in the start URL",
      {},
      { ssoSession: "acme", startUrl: URL_WITH_REGION },
      "registrationScopes",
    ],
    ["its start URL and region are known", {}, PLACE, "registrationScopes"],
    ["its scopes are known as well", {}, { ...PLACE, ...SCOPES }, "accountId"],
    ["the config has the session", {}, { ssoSession: "corp" }, "accountId"],
    [
      "the config has a session with its start URL",
      {},
      { ssoSession: "", startUrl: URL_OF_CORP },
      "accountId",
    ],
    ["flags give the account", { given: { accountId: "1" } }, { ssoSession: "corp" }, "roleName"],
    ["flags give the role", { given: { roleName: "R" } }, { ssoSession: "corp" }, "accountId"],
    ["the role is chosen", {}, { ssoSession: "corp", ...ROLE }, "region"],
    ["the answer is no region", {}, { ssoSession: "corp", ...ROLE, region: "" }, "output"],
    [
      "only the name is missing",
      {},
      { ssoSession: "corp", ...ROLE, region: "", output: "" },
      "profile",
    ],
    [
      "nothing is missing",
      { given: { profile: "p" } },
      { ssoSession: "corp", ...ROLE, region: "", output: "" },
      undefined,
    ],
    ["the legacy form needs no session name", { form: "legacy" }, {}, "startUrl"],
    [
      "the legacy form needs no scopes",
      { form: "legacy" },
      { startUrl: URL_OF_CORP, ssoRegion: "us-east-1" },
      "accountId",
    ],
    ["a session is written", { target: "session" }, {}, "ssoSession"],
    [
      "an existing session may get another start URL",
      { target: "session" },
      { ssoSession: "corp" },
      "startUrl",
    ],
    ["a session has no role", { target: "session" }, { ...PLACE, ...SCOPES }, undefined],
    [
      "flags give everything about a session",
      { target: "session", given: { ...PLACE, ...SCOPES } },
      {},
      undefined,
    ],
  ])("is right if %s", (_situation, parts, answers, step) => {
    expect(decideNext(createState(parts, answers))).toBe(step);
  });
});

describe("going back", () => {
  test("makes the last answer a default and asks the question again", () => {
    const state = createState({}, PLACE);
    const before = goBack(state);
    expect([decideNext(before), before.defaults]).toEqual([
      "ssoRegion",
      { ssoRegion: "us-east-1" },
    ]);
    expect(decideNext(goBack(before))).toBe("startUrl");
  });

  test("skips a question with only one possible answer", () => {
    const only = addAnswer(createState({}, { ssoSession: "corp" }), "accountId", "1", false);
    expect(decideNext(goBack(only))).toBe("ssoSession");
  });

  test("does nothing if no question was asked", () => {
    const state = createState({ given: { ssoSession: "corp" } });
    expect([canGoBack(state), goBack(state)]).toEqual([false, state]);
  });
});

test("a session without a typed name is named after its start URL, and gets a number if the name is taken", () => {
  const name = (startUrl: string, sessions = [CORP]): string | undefined =>
    readAnswers(createState({ sessions }, { ssoSession: NAMED_BY_START_URL, startUrl })).ssoSession;
  expect([
    name(URL_OF_ACME),
    name(URL_OF_CORP),
    name(URL_OF_CORP, [{ name: "corp", startUrl: URL_OF_ACME }]),
    name(URL_WITH_REGION),
  ]).toEqual(["acme", "corp", "corp-2", "sso"]);
});

test("only the name of an existing session is written, unless flags give its start URL or region", () => {
  const answers = { ssoSession: NAMED_BY_START_URL, startUrl: URL_OF_CORP, ...ROLE };
  expect(collectAnswers(createState({}, answers))).toMatchObject({
    ssoSession: "corp",
    startUrl: undefined,
  });
  const given = { ssoSession: "corp", startUrl: URL_OF_ACME };
  expect(collectAnswers(createState({ given }))).toMatchObject(given);
});

test("the answers of the last run are used as far as they are needed, and all of them are kept again", () => {
  const kept = { ...PLACE, ...SCOPES, ...ROLE };
  const taken = takeDefaults({ ...createState(), defaults: kept });
  expect([decideNext(taken), listKept(taken)]).toEqual(["region", kept]);
  const known = takeDefaults({ ...createState(), defaults: { ...kept, ssoSession: "corp" } });
  expect(known.answered.map(({ step }) => step)).toEqual(["ssoSession", "accountId", "roleName"]);
});
