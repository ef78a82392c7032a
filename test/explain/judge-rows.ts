import type { CauseId } from "../../src/explain/causes.ts";
import type { Facts } from "../../src/explain/machine/facts.ts";
import {
  ended,
  fails,
  finding,
  PROFILE,
  registry,
  runAs,
  SESSION,
  token,
} from "./machine-facts.ts";

const LOGIN = "latchkey login --sso-session corp";
const DOCKER_LOGIN =
  "aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const AGAIN = "Run the command again.";

/** Cause and facts about the machine → the verdict with what was checked, and the cure. */
export const ROWS: ReadonlyArray<
  readonly [cause: CauseId, facts: Partial<Facts>, verdict: string, cure: string]
> = [
  [
    "profile-missing",
    { profile: { ...PROFILE, isKnown: false, nearest: ["okta2"] } },
    "yes: ~/.aws/config has no profile okta; the nearest names: okta2",
    "export AWS_PROFILE=okta2",
  ],
  [
    "profile-missing",
    { profile: { ...PROFILE, isKnown: false } },
    "yes: ~/.aws/config has no profile okta",
    "latchkey configure --profile okta",
  ],
  [
    "profile-missing",
    { findings: [finding("header-unread")] },
    "yes: what header-unread is (~/.aws/config, line 9)",
    "cure of header-unread",
  ],
  ["profile-missing", {}, "no: the profile okta is in ~/.aws/config, line 3", AGAIN],
  [
    "session-missing",
    { session: { ...SESSION, isMissing: true } },
    "yes: ~/.aws/config has no sso-session corp",
    "latchkey configure session --sso-session corp",
  ],
  ["session-missing", {}, "no: the SSO session corp is in ~/.aws/config", AGAIN],
  [
    "client-too-old",
    { client: "serverless" },
    "yes: the profile okta has sso_session (~/.aws/config, line 3)",
    "latchkey exec okta -- serverless deploy",
  ],
  [
    "client-too-old",
    {},
    "yes: the profile okta has sso_session (~/.aws/config, line 3)",
    "latchkey configure --form credential-process --profile okta --sso-session corp --account-id 111122223333 --role-name Admin --region eu-west-1",
  ],
  [
    "client-too-old",
    { profile: { ...PROFILE, hasSession: false } },
    "no: the profile okta has no sso_session",
    AGAIN,
  ],
  [
    "config-invalid",
    { findings: [finding("duplicate-key")] },
    "yes: what duplicate-key is (~/.aws/config, line 9)",
    "cure of duplicate-key",
  ],
  [
    "config-invalid",
    { profile: { ...PROFILE, outcome: { kind: "refused", why: "line 7 has no key" } } },
    "yes: line 7 has no key",
    "latchkey doctor",
  ],
  ["config-invalid", {}, "no: this client can read ~/.aws/config and the profile okta", AGAIN],
  [
    "other-credentials",
    { findings: [finding("env-keys")] },
    "yes: what env-keys is (~/.aws/config, line 9)",
    "cure of env-keys",
  ],
  [
    "other-credentials",
    {},
    "no: no other credentials override the profile okta",
    "latchkey whoami --clients",
  ],
  [
    "process-gone",
    runAs({ kind: "not-run" }, false),
    "yes: /opt/keys can't be started (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  [
    "process-gone",
    runAs({ kind: "printed", fault: undefined }),
    "no: /opt/keys exists (~/.aws/config, line 4)",
    AGAIN,
  ],
  [
    "process-failed",
    runAs({ kind: "failed", exitCode: 4, says: "no" }),
    "yes: it ended with exit code 4: no (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  [
    "process-failed",
    runAs({ kind: "printed", fault: undefined }),
    "no: the credential_process printed credentials (~/.aws/config, line 4)",
    AGAIN,
  ],
  [
    "process-failed",
    runAs({ kind: "not-run" }),
    "unknown: the credential_process was not run (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  [
    "process-output",
    runAs({ kind: "printed", fault: "it printed nothing" }),
    "yes: it printed nothing (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  [
    "process-output",
    runAs({ kind: "silent", seconds: 10 }),
    "yes: it did not end within 10 s; it may wait for input (~/.aws/config, line 4)",
    "latchkey configure --profile okta",
  ],
  ["process-output", {}, "no: the profile okta has no credential_process", "latchkey doctor"],
  [
    "region-missing",
    { profile: { ...PROFILE, region: undefined } },
    "yes: neither the environment nor the profile okta has a Region",
    "aws configure set region eu-west-1 --profile okta",
  ],
  ["region-missing", {}, "no: the Region is eu-west-1", AGAIN],
  [
    "region-wrong",
    { findings: [finding("region-misspelt")] },
    "yes: what region-misspelt is (~/.aws/config, line 9)",
    "cure of region-misspelt",
  ],
  [
    "certificate",
    { session: { ...SESSION, portal: fails("certificate") } },
    "yes: what latchkey says",
    "its cure",
  ],
  [
    "proxy",
    { session: { ...SESSION, portal: fails("unreachable") } },
    "no: the problem is a different one: what latchkey says",
    "its cure",
  ],
  ["unreachable", {}, "no: AWS accepts the token of corp", AGAIN],
  [
    "throttled",
    { session: undefined, identity: undefined, isOffline: true },
    "unknown: AWS was not asked (--offline)",
    "latchkey status --verify",
  ],
  [
    "clock-off",
    { clockAheadSeconds: 1200 },
    "yes: the clock of this machine is 20 min behind the service's",
    "Let the system set its clock from the network (NTP).",
  ],
  ["clock-off", {}, "no: the clock differs from the service's by 0 s", AGAIN],
  [
    "clock-off",
    { clockAheadSeconds: undefined, isOffline: true },
    "unknown: the clock was not compared (--offline)",
    "latchkey doctor",
  ],
  [
    "token-missing",
    { session: { ...SESSION, token: { kind: "none" } } },
    "yes: corp has no token on this machine",
    LOGIN,
  ],
  [
    "token-missing",
    { session: { ...SESSION, token: { kind: "unreadable" } } },
    "yes: the token of corp can't be read",
    LOGIN,
  ],
  [
    "region-wrong",
    { session: { ...SESSION, token: { kind: "foreign", region: "us-east-1", isOfSameUrl: true } } },
    "yes: the token of corp is from us-east-1, but the config has eu-west-1",
    "latchkey configure session --sso-session corp --start-url https://d-1.awsapps.com/start --sso-region us-east-1 --force",
  ],
  ["token-missing", {}, "no: AWS accepts the token of corp", AGAIN],
  [
    "token-missing",
    { session: { ...SESSION, portal: undefined } },
    "no: the token of corp is valid until 11:04",
    AGAIN,
  ],
  [
    "token-missing",
    token({ ...ended, hasRefreshToken: false }),
    "no: the problem is a different one: the token of corp expired at 09:12 and has no refresh token",
    LOGIN,
  ],
  [
    "token-expired",
    token({ ...ended, hasRefreshToken: false }),
    "yes: the token of corp expired at 09:12 and has no refresh token",
    LOGIN,
  ],
  [
    "refresh-refused",
    token({ ...ended, refused: "refresh" }),
    "yes: the token of corp expired at 09:12, and AWS refused to refresh it",
    LOGIN,
  ],
  ["session-ended", token({ refused: "token" }), "yes: AWS refuses the token of corp", LOGIN],
  [
    "session-ended",
    { session: undefined },
    "unknown: the profile okta has no SSO session",
    "latchkey login",
  ],
  [
    "session-ended",
    { session: { ...SESSION, portal: undefined } },
    "unknown: the token of corp is valid until 11:04; AWS was not asked",
    LOGIN,
  ],
  [
    "scope-missing",
    { session: { ...SESSION, portal: fails("scope-missing") } },
    "yes: what latchkey says",
    "its cure",
  ],
  [
    "role-not-assigned",
    { role: fails("role-not-assigned") },
    "yes: what latchkey says",
    "its cure",
  ],
  ["role-not-assigned", {}, "no: AWS gives the role Admin in 111122223333", AGAIN],
  [
    "role-not-assigned",
    { role: undefined, isOffline: true },
    "unknown: AWS was not asked (--offline)",
    "latchkey roles",
  ],
  [
    "credentials-expired",
    { identity: fails("credentials-expired", "other-credentials") },
    "yes: what latchkey says",
    "its cure",
  ],
  [
    "credentials-invalid",
    { identity: fails("token-expired") },
    "no: the problem is a different one: what latchkey says",
    "its cure",
  ],
  [
    "permission-missing",
    {},
    "unknown: AWS accepts the credentials; latchkey can't check its permissions",
    "latchkey roles",
  ],
  [
    "registry-login",
    registry({}),
    "yes: ~/.docker/config.json has no login for 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    DOCKER_LOGIN,
  ],
  [
    "registry-login",
    registry({ helper: "ecr-login" }),
    "yes: ~/.docker/config.json names the helper docker-credential-ecr-login, which is not on PATH",
    DOCKER_LOGIN,
  ],
  [
    "registry-login",
    registry({ helper: "ecr-login", isHelperThere: true }),
    "no: the helper docker-credential-ecr-login serves 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    AGAIN,
  ],
  ["sign-in-ended", {}, "no: AWS accepts the token of corp", AGAIN],
  [
    "no-credentials",
    { profile: { ...PROFILE, outcome: { kind: "none", why: "the profile okta names none" } } },
    "yes: the profile okta names none",
    "latchkey use",
  ],
  ["no-credentials", {}, "no: AWS accepts the credentials", AGAIN],
];
