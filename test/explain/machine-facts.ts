import type { CauseId } from "../../src/explain/causes.ts";
import type { Facts, ProfileFacts, SessionFacts } from "../../src/explain/machine/facts.ts";
import { readPastedText } from "../../src/explain/recognize.ts";

export const PROFILE: ProfileFacts = {
  name: "okta",
  by: "environment",
  isKnown: true,
  place: "~/.aws/config, line 3",
  nearest: [],
  file: "~/.aws/config",
  roleFlags: "--sso-session corp --account-id 111122223333 --role-name Admin",
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
export const SESSION: SessionFacts = {
  label: "corp",
  isMissing: false,
  loginCommand: "latchkey login --sso-session corp",
  startUrl: "https://d-1.awsapps.com/start",
  region: "eu-west-1",
  scopes: undefined,
  token: GOOD,
  portal: { kind: "works", words: "AWS accepts the token of corp" },
};
/** A machine without problems. */
export const FACTS: Facts = {
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
export const finding = (id: string) => ({
  id,
  level: "fail" as const,
  summary: `what ${id} is`,
  evidence: "~/.aws/config, line 9",
  hint: `cure of ${id}`,
  profiles: [],
});
export const token = (change: Partial<Extract<SessionFacts["token"], { kind: "token" }>>) => ({
  session: { ...SESSION, token: { ...GOOD, ...change } as SessionFacts["token"] },
});
export const ended = { isExpired: true, until: "09:12" };
export const fails = (...causes: CauseId[]) => ({
  kind: "fails" as const,
  causes,
  message: "what latchkey says",
  hint: "its cure",
});
export const runAs = (result: NonNullable<Facts["process"]>["result"], isThere = true) => ({
  process: { place: "~/.aws/config, line 4", program: "/opt/keys", isThere, result },
});
export const registry = (change: Partial<NonNullable<Facts["registry"]>>) => ({
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
