import { describe, expect, test } from "vitest";
import { CAUSES, type CauseId } from "../../src/explain/causes.ts";
import { judgeCauses, type Here } from "../../src/explain/judge.ts";
import type { Facts, ProfileFacts, SessionFacts } from "../../src/explain/machine/facts.ts";
import { readPastedText } from "../../src/explain/recognize.ts";

const PROFILE: ProfileFacts = {
  name: "okta",
  by: "environment",
  isKnown: true,
  place: "~/.aws/config, line 3",
  nearest: [],
  file: "~/.aws/config",
  hasSession: true,
  region: "eu-west-1",
  outcome: undefined,
};
const GOOD: SessionFacts["token"] = {
  kind: "token",
  until: "11:04",
  isExpired: false,
  hasRefreshToken: true,
  refused: undefined,
};
const SESSION: SessionFacts = {
  label: "corp",
  isMissing: false,
  loginCommand: "latchkey login --sso-session corp",
  token: GOOD,
  portal: { kind: "works", words: "AWS accepts the token of corp" },
};
const FACTS: Facts = {
  client: "aws-cli",
  names: readPastedText("").names,
  profile: PROFILE,
  findings: [],
  session: SESSION,
  role: { kind: "works", words: "AWS gives the role Admin in 111122223333" },
  identity: { kind: "works", words: "AWS accepts the credentials" },
  process: undefined,
  registry: undefined,
  clockAheadSeconds: 0.3,
  isOffline: false,
};
const finding = (id: string) => ({
  id,
  level: "fail" as const,
  summary: `what ${id} is`,
  evidence: "~/.aws/config, line 9",
  hint: `cure of ${id}`,
  profiles: [],
});
const token = (change: Partial<Extract<SessionFacts["token"], { kind: "token" }>>) => ({
  session: { ...SESSION, token: { ...GOOD, ...change } as SessionFacts["token"] },
});
const ended = { isExpired: true, until: "09:12" };
const fails = (...causes: CauseId[]) => ({
  kind: "fails" as const,
  causes,
  message: "what latchkey says",
  hint: "its cure",
});
const running = (result: NonNullable<Facts["process"]>["result"], isThere = true) => ({
  process: { place: "~/.aws/config, line 4", program: "/opt/keys", isThere, result },
});
const registry = (change: Partial<NonNullable<Facts["registry"]>>) => ({
  registry: {
    host: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    region: "eu-west-1",
    file: "~/.docker/config.json",
    hasLogin: false,
    helper: undefined,
    isHelperThere: false,
    ...change,
  },
});
const LOGIN = "latchkey login --sso-session corp";
const AGAIN = "Run the command again.";

/** What is so on the machine → the verdict. */
const ROWS: ReadonlyArray<
  readonly [cause: CauseId, facts: Partial<Facts>, here: Here, checked: string, cure: string]
> = [
  [
    "profile-missing",
    { profile: { ...PROFILE, isKnown: false, nearest: ["okta2"] } },
    "yes",
    "~/.aws/config has no profile okta; the nearest there: okta2",
    "export AWS_PROFILE=okta2",
  ],
  [
    "profile-missing",
    { profile: { ...PROFILE, isKnown: false } },
    "yes",
    "~/.aws/config has no profile okta",
    "latchkey configure --profile okta",
  ],
  [
    "profile-missing",
    { findings: [finding("header-unread")] },
    "yes",
    "what header-unread is (~/.aws/config, line 9)",
    "cure of header-unread",
  ],
  ["profile-missing", {}, "no", "the profile okta is in ~/.aws/config, line 3", AGAIN],
  [
    "session-missing",
    { session: { ...SESSION, isMissing: true } },
    "yes",
    "~/.aws/config has no sso-session corp",
    "latchkey configure session --sso-session corp",
  ],
  ["session-missing", {}, "no", "the SSO session corp is in ~/.aws/config", AGAIN],
  [
    "session-missing",
    { session: undefined },
    "unknown",
    "the profile okta names no SSO session",
    "latchkey doctor",
  ],
  [
    "client-too-old",
    {},
    "yes",
    "the profile okta has sso_session (~/.aws/config, line 3)",
    "latchkey configure --profile okta --form credential-process",
  ],
  [
    "client-too-old",
    { profile: { ...PROFILE, hasSession: false } },
    "no",
    "the profile okta has no sso_session",
    AGAIN,
  ],
  [
    "config-invalid",
    { findings: [finding("duplicate-key")] },
    "yes",
    "what duplicate-key is (~/.aws/config, line 9)",
    "cure of duplicate-key",
  ],
  [
    "config-invalid",
    { profile: { ...PROFILE, outcome: { kind: "refused", why: "line 7 has no key" } } },
    "yes",
    "line 7 has no key",
    "latchkey doctor",
  ],
  [
    "config-invalid",
    {},
    "no",
    "~/.aws/config and the profile okta read well for this client",
    AGAIN,
  ],
  [
    "other-credentials",
    { findings: [finding("env-keys")] },
    "yes",
    "what env-keys is (~/.aws/config, line 9)",
    "cure of env-keys",
  ],
  ["other-credentials", {}, "no", "no other credentials go before the profile okta", AGAIN],
  [
    "process-gone",
    running({ kind: "not-run" }, false),
    "yes",
    "/opt/keys can't be started (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  [
    "process-gone",
    running({ kind: "printed", fault: undefined }),
    "no",
    "/opt/keys is there (~/.aws/config, line 4)",
    AGAIN,
  ],
  [
    "process-failed",
    running({ kind: "failed", exitCode: 4, says: "no" }),
    "yes",
    "it ended with exit code 4: no (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  [
    "process-failed",
    running({ kind: "printed", fault: undefined }),
    "no",
    "it printed credentials just now (~/.aws/config, line 4)",
    AGAIN,
  ],
  [
    "process-failed",
    running({ kind: "not-run" }),
    "unknown",
    "the credential_process was not run (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  [
    "process-output",
    running({ kind: "printed", fault: "it printed nothing" }),
    "yes",
    "it printed nothing (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  [
    "process-output",
    running({ kind: "silent", seconds: 10 }),
    "yes",
    "it gave no answer in 10 s, and may wait for one (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  ["process-output", {}, "no", "the profile okta has no credential_process", "latchkey doctor"],
  [
    "region-missing",
    { profile: { ...PROFILE, region: undefined } },
    "yes",
    "neither the environment nor the profile okta says a Region",
    "aws configure set region eu-west-1 --profile okta",
  ],
  ["region-missing", {}, "no", "the Region is eu-west-1", AGAIN],
  [
    "region-wrong",
    { findings: [finding("region-misspelt")] },
    "yes",
    "what region-misspelt is (~/.aws/config, line 9)",
    "cure of region-misspelt",
  ],
  [
    "certificate",
    { session: { ...SESSION, portal: fails("certificate") } },
    "yes",
    "what latchkey says",
    "its cure",
  ],
  [
    "proxy",
    { session: { ...SESSION, portal: fails("unreachable") } },
    "no",
    "another thing is wrong: what latchkey says",
    "its cure",
  ],
  ["unreachable", {}, "no", "AWS accepts the token of corp", AGAIN],
  [
    "throttled",
    { session: { ...SESSION, portal: undefined }, isOffline: true },
    "unknown",
    "AWS was not asked (--offline)",
    "latchkey status --verify",
  ],
  [
    "clock-off",
    { findings: [finding("clock-wrong")] },
    "yes",
    "what clock-wrong is (~/.aws/config, line 9)",
    "cure of clock-wrong",
  ],
  ["clock-off", {}, "no", "the clock is 0 s from the service's", AGAIN],
  [
    "clock-off",
    { clockAheadSeconds: undefined, isOffline: true },
    "unknown",
    "the clock was not compared (--offline)",
    "latchkey doctor",
  ],
  [
    "token-missing",
    { session: { ...SESSION, token: { kind: "none" } } },
    "yes",
    "corp has no token on this machine",
    LOGIN,
  ],
  [
    "token-missing",
    { session: { ...SESSION, token: { kind: "unreadable" } } },
    "yes",
    "the token of corp can't be read, or is another portal's",
    LOGIN,
  ],
  ["token-missing", {}, "no", "AWS accepts the token of corp", AGAIN],
  [
    "token-missing",
    { session: { ...SESSION, portal: undefined } },
    "no",
    "the token of corp is good until 11:04",
    AGAIN,
  ],
  [
    "token-missing",
    token({ ...ended, hasRefreshToken: false }),
    "no",
    "another thing is wrong: the token of corp ended at 09:12 and has no refresh token",
    LOGIN,
  ],
  [
    "token-expired",
    token({ ...ended, hasRefreshToken: false }),
    "yes",
    "the token of corp ended at 09:12 and has no refresh token",
    LOGIN,
  ],
  [
    "refresh-refused",
    token({ ...ended, refused: "refresh" }),
    "yes",
    "the token of corp ended at 09:12, and AWS refused to renew it",
    LOGIN,
  ],
  ["session-ended", token({ refused: "token" }), "yes", "AWS refuses the token of corp", LOGIN],
  [
    "session-ended",
    { session: undefined },
    "unknown",
    "the profile okta has no SSO session here",
    "latchkey login",
  ],
  [
    "session-ended",
    { session: { ...SESSION, portal: undefined } },
    "unknown",
    "the token of corp is good until 11:04; AWS was not asked",
    LOGIN,
  ],
  [
    "scope-missing",
    { session: { ...SESSION, portal: fails("scope-missing") } },
    "yes",
    "what latchkey says",
    "its cure",
  ],
  [
    "role-not-assigned",
    { role: fails("role-not-assigned") },
    "yes",
    "what latchkey says",
    "its cure",
  ],
  ["role-not-assigned", {}, "no", "AWS gives the role Admin in 111122223333", AGAIN],
  [
    "role-not-assigned",
    { role: undefined, isOffline: true },
    "unknown",
    "AWS was not asked (--offline)",
    "latchkey roles",
  ],
  [
    "credentials-expired",
    { identity: fails("credentials-expired", "other-credentials") },
    "yes",
    "what latchkey says",
    "its cure",
  ],
  [
    "credentials-invalid",
    { identity: fails("token-expired") },
    "no",
    "another thing is wrong: what latchkey says",
    "its cure",
  ],
  [
    "permission-missing",
    {},
    "unknown",
    "AWS accepts the credentials; what it may do, AWS alone knows",
    "latchkey roles",
  ],
  [
    "registry-login",
    registry({}),
    "yes",
    "~/.docker/config.json has no login for 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    "aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  ],
  [
    "registry-login",
    registry({ helper: "ecr-login" }),
    "yes",
    "~/.docker/config.json names the helper docker-credential-ecr-login, which is not on PATH",
    "aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  ],
  [
    "registry-login",
    registry({ helper: "ecr-login", isHelperThere: true }),
    "no",
    "the helper docker-credential-ecr-login serves 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    AGAIN,
  ],
  ["sign-in-ended", {}, "no", "AWS accepts the token of corp", AGAIN],
  [
    "no-credentials",
    { profile: { ...PROFILE, outcome: { kind: "none", why: "the profile okta names none" } } },
    "yes",
    "the profile okta names none",
    "latchkey use",
  ],
  ["no-credentials", {}, "no", "AWS accepts the credentials", AGAIN],
];

describe("whether a cause is so on this machine", () => {
  test.each(ROWS)("%s, row %#", (cause, facts, here, checked, cure) => {
    expect(judgeCauses([cause], { ...FACTS, ...facts })).toEqual({ cause, here, checked, cure });
  });

  test("of several causes, the one that is so here goes before the likeliest", () => {
    const facts = { ...FACTS, session: { ...SESSION, token: { kind: "none" as const } } };
    expect(judgeCauses(["token-expired", "refresh-refused", "token-missing"], facts)).toMatchObject(
      { cause: "token-missing", here: "yes" },
    );
    expect(judgeCauses(["token-expired", "token-missing"], FACTS)).toMatchObject({
      cause: "token-expired",
      here: "no",
    });
  });

  test("each cause has a row here", () => {
    const judged = new Set(ROWS.map(([cause]) => cause));
    expect(Object.keys(CAUSES).filter((cause) => !judged.has(cause as CauseId))).toEqual([
      "assume-role-refused",
    ]);
  });
});
