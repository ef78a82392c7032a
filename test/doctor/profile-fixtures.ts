import { BASE, PROFILE, SESSION, type Fixture, type Machine } from "./bench.ts";

/** Profiles, sessions, processes, and keys of the credentials file. */

function more(text: string): Machine {
  return { config: BASE + text };
}

function within(text: string): Machine {
  return { config: PROFILE + text + SESSION };
}

function session(from: string, to: string): Machine {
  return { config: BASE.replace(from, to) };
}

const LEGACY =
  "sso_region = us-east-1\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\n";
const KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n";
const OTHER_SESSION = SESSION.replace("corp", "other");
const role = (name: string, source: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::100000000001:role/R\n${source}`;

export const PROFILE_FIXTURES: readonly Fixture[] = [
  {
    id: "session-missing",
    bad: { config: BASE.replace("= corp", "= crop") },
    near: { config: BASE },
  },
  {
    id: "profile-mixed",
    bad: within("credential_process = /bin/cat\n"),
    near: more("[profile okta-process]\ncredential_process = /bin/cat\n"),
  },
  {
    id: "session-conflict",
    bad: within("sso_start_url = https://other.awsapps.com/start\n"),
    near: more("[profile login-only]\nsso_session = corp\n"),
  },
  {
    id: "session-inline",
    bad: within("sso_region = us-east-1\n"),
    near: within("output = us-east-1\n"),
  },
  {
    id: "legacy-beside-session",
    bad: more(`[profile b]\nsso_start_url = https://emu.awsapps.com/start\n${LEGACY}`),
    near: more(
      "[profile b]\nsso_session = corp\nsso_account_id = 100000000002\nsso_role_name = ViewOnlyAccess\n",
    ),
  },
  {
    id: "legacy-profile",
    bad: { config: `[profile b]\nsso_start_url = https://emu.awsapps.com/start\n${LEGACY}` },
    near: { config: BASE },
  },
  {
    id: "role-incomplete",
    bad: more("[profile b]\nsso_session = corp\nsso_account_id = 100000000001\n"),
    near: more("[profile b]\nsso_session = corp\n"),
  },
  {
    id: "account-id-invalid",
    bad: session("100000000001", "1"),
    near: session("100000000001", "000000000001"),
  },
  {
    id: "role-without-source",
    bad: more(role("b", "")),
    near: more(role("b", "source_profile = okta\n")),
  },
  {
    id: "source-profile-missing",
    bad: more(role("b", "source_profile = nope\n")),
    near: { ...more(role("b", "source_profile = nope\n")), credentials: `[nope]\n${KEYS}` },
  },
  {
    id: "source-profile-loop",
    bad: more(role("b", "source_profile = c\n") + role("c", "source_profile = b\n")),
    near: { ...more(role("b", "source_profile = b\n")), credentials: `[b]\n${KEYS}` },
  },
  {
    id: "session-incomplete",
    bad: session("sso_region = us-east-1\n", ""),
    near: session("sso_region = us-east-1", "sso_region   =   us-east-1"),
  },
  {
    id: "start-url-invalid",
    bad: session("https://emu", "http://emu"),
    near: session("/start\n", "/start/#/\n"),
  },
  {
    id: "sso-region-invalid",
    bad: session("us-east-1", "useast"),
    near: session("us-east-1", "eu-north-1"),
  },
  {
    id: "scopes-missing",
    bad: session("sso_registration_scopes = sso:account:access\n", ""),
    near: { config: BASE },
  },
  {
    id: "scopes-invalid",
    bad: session("sso:account:access", "sso:account:access codewhisperer:completions"),
    near: session("sso:account:access", "sso:account:access, codewhisperer:completions"),
  },
  {
    id: "scopes-without-refresh",
    bad: session("sso:account:access", "codewhisperer:completions"),
    near: session("sso:account:access", "codewhisperer:completions,sso:account:access"),
  },
  {
    id: "start-url-twins",
    bad: more(OTHER_SESSION.replace("/start\n", "/start/#/\n")),
    near: more(OTHER_SESSION.replace("//emu", "//emu2")),
  },
  {
    id: "process-gone",
    bad: more("[profile b]\ncredential_process = ours --json\n"),
    near: { ...more("[profile b]\ncredential_process = ours --json\n"), programs: { ours: "" } },
  },
  {
    id: "process-quotes",
    bad: more('[profile b]\ncredential_process = /bin/cat "a\n'),
    near: more('[profile b]\ncredential_process = /bin/cat "a b"\n'),
  },
  {
    id: "process-shell",
    bad: more("[profile b]\ncredential_process = /bin/cat ~/x\n"),
    near: more("[profile b]\ncredential_process = /bin/sh -c 'cat ~/x | jq .'\n"),
  },
  {
    id: "process-calls-itself",
    bad: {
      ...more("[profile b]\ncredential_process = aws configure export-credentials --profile b\n"),
      programs: { aws: "aws-cli/2.20.0" },
    },
    near: {
      ...more(
        "[profile b]\ncredential_process = aws configure export-credentials --profile okta\n",
      ),
      programs: { aws: "aws-cli/2.20.0" },
    },
  },
  {
    id: "credentials-unreadable",
    bad: { directories: [".aws/credentials"] },
    near: { credentials: "" },
  },
  {
    id: "credentials-refused",
    bad: { credentials: `[a]\n${KEYS}[a]\n${KEYS}` },
    near: { credentials: `[a]\n${KEYS}[A]\n${KEYS}` },
  },
  {
    id: "credentials-override",
    bad: { credentials: `[okta]\n${KEYS}` },
    near: { credentials: `[okta2]\n${KEYS}` },
  },
  {
    id: "credentials-prefix",
    bad: { credentials: `[profile b]\n${KEYS}` },
    near: { credentials: `[b]\n${KEYS}` },
  },
];
