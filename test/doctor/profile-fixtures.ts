import { THERE, BASE, PROFILE, SESSION, type Fixture, type Machine } from "./machine.ts";
import { isOnWindows } from "../support/windows.ts";

/** Fixtures for profiles, sessions, processes, and keys of the credentials file. */

function addText(text: string): Machine {
  return { config: BASE + text };
}

function addToProfile(text: string): Machine {
  return { config: PROFILE + text + SESSION };
}

function editSession(from: string, to: string): Machine {
  return { config: BASE.replace(from, to) };
}

const LEGACY =
  "sso_region = us-east-1\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\n";
const KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n";
const OTHER_SESSION = SESSION.replace("corp", "other");
const roleText = (name: string, source: string): string =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::100000000001:role/R\n${source}`;

export const PROFILE_FIXTURES: readonly Fixture[] = [
  {
    id: "session-missing",
    bad: { config: BASE.replace("= corp", "= crop") },
    near: { config: BASE },
  },
  {
    id: "profile-mixed",
    bad: addToProfile(`credential_process = ${THERE}\n`),
    near: addText(`[profile okta-process]\ncredential_process = ${THERE}\n`),
  },
  {
    id: "session-conflict",
    bad: addToProfile("sso_start_url = https://other.awsapps.com/start\n"),
    near: addText("[profile login-only]\nsso_session = corp\n"),
  },
  {
    id: "session-inline",
    bad: addToProfile("sso_region = us-east-1\n"),
    near: addToProfile("output = json\n"),
  },
  {
    id: "legacy-beside-session",
    bad: addText(`[profile b]\nsso_start_url = https://emu.awsapps.com/start\n${LEGACY}`),
    near: addText(
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
    bad: addText("[profile b]\nsso_session = corp\nsso_account_id = 100000000001\n"),
    near: addText("[profile b]\nsso_session = corp\n"),
  },
  {
    id: "account-id-invalid",
    bad: editSession("100000000001", "1"),
    near: editSession("100000000001", "000000000001"),
  },
  {
    id: "role-without-source",
    bad: addText(roleText("b", "")),
    near: addText(roleText("b", "source_profile = okta\n")),
  },
  {
    id: "source-profile-missing",
    bad: addText(roleText("b", "source_profile = nope\n")),
    near: { ...addText(roleText("b", "source_profile = nope\n")), credentials: `[nope]\n${KEYS}` },
  },
  {
    id: "source-profile-loop",
    bad: addText(roleText("b", "source_profile = c\n") + roleText("c", "source_profile = b\n")),
    near: { ...addText(roleText("b", "source_profile = b\n")), credentials: `[b]\n${KEYS}` },
  },
  {
    id: "role-duration",
    bad: addText(roleText("b", "source_profile = okta\nduration_seconds = 43200\n")),
    near: {
      ...addText(
        roleText("b", "source_profile = nope\nduration_seconds = 43200\n") +
          roleText("c", "source_profile = okta\nduration_seconds = 3600\n"),
      ),
      credentials: `[nope]\n${KEYS}`,
    },
  },
  {
    id: "role-session-name",
    bad: addText(roleText("b", "source_profile = okta\nrole_session_name = jane doe/ops\n")),
    near: addText(roleText("b", "source_profile = okta\nrole_session_name = jane+ops@corp.com\n")),
  },
  {
    id: "session-incomplete",
    bad: editSession("sso_region = us-east-1\n", ""),
    near: editSession("sso_region = us-east-1", "sso_region   =   us-east-1"),
  },
  {
    id: "start-url-invalid",
    bad: editSession("https://emu", "http://emu"),
    near: editSession("/start\n", "/start/#/\n"),
  },
  {
    id: "sso-region-invalid",
    bad: editSession("us-east-1", "useast"),
    near: editSession("us-east-1", "eu-north-1"),
  },
  {
    id: "scopes-missing",
    bad: editSession("sso_registration_scopes = sso:account:access\n", ""),
    near: { config: BASE },
  },
  {
    id: "scopes-invalid",
    bad: editSession("sso:account:access", "sso:account:access codewhisperer:completions"),
    near: editSession("sso:account:access", "sso:account:access, codewhisperer:completions"),
  },
  {
    id: "scopes-without-refresh",
    bad: editSession("sso:account:access", "codewhisperer:completions"),
    near: editSession("sso:account:access", "codewhisperer:completions,sso:account:access"),
  },
  {
    id: "start-url-twins",
    bad: addText(OTHER_SESSION.replace("/start\n", "/start/#/\n")),
    near: addText(OTHER_SESSION.replace("//emu", "//emu2")),
  },
  {
    id: "process-gone",
    bad: addText("[profile b]\ncredential_process = ours --json\n"),
    near: { ...addText("[profile b]\ncredential_process = ours --json\n"), programs: { ours: "" } },
  },
  {
    id: "process-quotes",
    bad: addText(`[profile b]\ncredential_process = ${THERE} "a\n`),
    near: addText(`[profile b]\ncredential_process = ${THERE} ${isOnWindows ? "a" : '"a b"'}\n`),
  },
  {
    id: "process-quoting",
    bad: addText(`[profile b]\ncredential_process = "${THERE}" "a b"\n`),
    near: addText(
      `[profile b]\ncredential_process = ${isOnWindows ? `${THERE} a` : "/bin/'cat' \"a 'b\""}\n`,
    ),
  },
  {
    id: "process-in-cache",
    bad: addText(`[profile b]\ncredential_process = ${THERE} /h/.npm/_npx/1a/x.js\n`),
    near: addText(`[profile b]\ncredential_process = ${THERE} /h/.npm/x_npx/1a/x.js\n`),
  },
  {
    id: "process-of-one-version",
    bad: addText(`[profile b]\ncredential_process = ${THERE} /h/Cellar/x/1.2.3/bin/x\n`),
    near: addText(`[profile b]\ncredential_process = ${THERE} /h/opt/x/bin/x\n`),
  },
  {
    id: "process-shell",
    bad: addText(`[profile b]\ncredential_process = ${THERE} ${isOnWindows ? "%X%" : "~/x"}\n`),
    near: addText(
      isOnWindows
        ? `[profile b]\ncredential_process = ${THERE} /c echo 50%\n`
        : "[profile b]\ncredential_process = /bin/sh -c 'cat ~/x | jq .'\n",
    ),
  },
  {
    id: "process-calls-itself",
    bad: {
      ...addText(
        "[profile b]\ncredential_process = aws configure export-credentials --profile b\n",
      ),
      programs: { aws: "aws-cli/2.20.0" },
    },
    near: {
      ...addText(
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
    id: "identity-mixed",
    bad: {
      config: `${PROFILE}role_arn = arn:aws:iam::100000000003:role/Deploy\nsource_profile = base\n${PROFILE.replace("okta", "base")}${SESSION}`,
    },
    near: addText(roleText("deploy", "source_profile = okta\n")),
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
