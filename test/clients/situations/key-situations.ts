import type { Place } from "./place.ts";
import {
  ACCOUNT,
  CONFIG,
  buildCredentials,
  buildProfile,
  KEY,
  KEY_LINES,
  LEGACY_LINES,
  OTHER_ACCOUNT,
  REGION,
  ROLE,
  SECRET,
  type Situation,
} from "./situation.ts";

/** Situations with keys, programs that print keys, and STS. */

const acceptKey = ({ emulator }: Place): void => emulator.acceptKeys(KEY, SECRET);
const clearFaults = ({ emulator }: Place): void => void emulator.clearFaults();
const forgetVariables =
  (...names: string[]) =>
  ({ env }: Place): void => {
    for (const name of names) delete env[name];
  };
const STATIC = { config: buildProfile(""), credentials: buildCredentials(KEY_LINES) };
const PROCESS = buildProfile(
  "credential_process = {home}/bin/corp-credentials --account payments\n",
);
const JSON_KEYS = { Version: 1, AccessKeyId: KEY, SecretAccessKey: SECRET };
const writeProcess =
  (script: string) =>
  (place: Place): void => {
    acceptKey(place);
    place.write("bin/corp-credentials", `#!/bin/sh\n${script}\n`, 0o700);
  };
const print = (value: object): string => `echo '${JSON.stringify(value)}'`;
const cureProcess = writeProcess(print(JSON_KEYS));
const FORBIDDEN = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_${ROLE}_8f2c0a1b2c3d4e5f/dev@example.com is not authorized to perform: sts:GetCallerIdentity with an explicit deny in a service control policy</Message></Error><RequestId>2f1e4c1a-6b0d-4a0c-9d55-0c8f7a3b9e21</RequestId></ErrorResponse>`;
const ASSUMING = `${buildProfile(`role_arn = arn:aws:iam::${OTHER_ACCOUNT}:role/Deploy\nsource_profile = base\n`)}[profile base]\n${LEGACY_LINES}region = ${REGION}\n`;
const moveClock =
  (minutes: number) =>
  (place: Place): void => {
    acceptKey(place);
    place.emulator.clock.set(Date.now() + minutes * 60_000);
  };
const setClockRight = ({ emulator }: Place): void => emulator.clock.set(Date.now());
const PROCESS_SITUATION = { config: PROCESS, token: "none", cure: cureProcess } as const;

export const KEY_SITUATIONS: readonly Situation[] = [
  { ...PROCESS_SITUATION, id: "process-gone", cause: "process-gone", isQuick: true },
  {
    ...PROCESS_SITUATION,
    id: "process-not-executable",
    cause: "process-gone",
    arrange: (place) => void place.write("bin/corp-credentials", "#!/bin/sh\n", 0o600),
  },
  {
    ...PROCESS_SITUATION,
    id: "process-fails",
    cause: "process-failed",
    arrange: writeProcess("echo 'corp-credentials: session expired, log in first' >&2; exit 1"),
  },
  {
    ...PROCESS_SITUATION,
    id: "process-prints-words",
    cause: "process-output",
    arrange: writeProcess("echo 'Opening the browser to sign in ...'"),
  },
  {
    ...PROCESS_SITUATION,
    id: "process-prints-nothing",
    cause: "process-output",
    arrange: writeProcess("exit 0"),
  },
  {
    ...PROCESS_SITUATION,
    id: "process-of-another-version",
    cause: "process-output",
    arrange: writeProcess(print({ ...JSON_KEYS, Version: 2 })),
  },
  {
    ...PROCESS_SITUATION,
    id: "process-without-secret",
    cause: "process-output",
    arrange: writeProcess(print({ Version: 1, AccessKeyId: KEY })),
  },
  {
    ...PROCESS_SITUATION,
    id: "process-prints-ended-keys",
    cause: "process-output",
    arrange: writeProcess(print({ ...JSON_KEYS, Expiration: "2026-01-10T09:12:00Z" })),
  },
  {
    ...PROCESS_SITUATION,
    id: "process-waits",
    cause: "process-output",
    arrange: writeProcess("printf 'One-time code: '; exec sleep 120"),
    clients: ["go-v1", "go-v2", "terraform", "java", "latchkey"],
  },
  {
    id: "old-variables-win",
    cause: "other-credentials",
    env: { AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: KEY, AWS_SECRET_ACCESS_KEY: SECRET },
    config: CONFIG.replace(/\[profile .*\]/, "[default]"),
    cure: forgetVariables("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    isQuick: true,
  },
  {
    id: "old-token-variable",
    cause: "other-credentials",
    env: {
      AWS_PROFILE: undefined,
      AWS_ACCESS_KEY_ID: KEY,
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_SESSION_TOKEN: "IQoJb3JpZ2luX2VjENr...",
    },
    config: CONFIG.replace(/\[profile .*\]/, "[default]"),
    arrange: acceptKey,
    cure: forgetVariables("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
  },
  {
    id: "half-of-the-keys",
    cause: "other-credentials",
    env: { AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: KEY },
    config: CONFIG.replace(/\[profile .*\]/, "[default]"),
    cure: forgetVariables("AWS_ACCESS_KEY_ID"),
  },
  {
    id: "half-of-the-keys-in-the-file",
    cause: "other-credentials",
    credentials: buildCredentials(`aws_access_key_id = ${KEY}\n`),
    cure: (place) => place.remove(".aws/credentials"),
  },
  {
    id: "keys-unknown",
    cause: "credentials-invalid",
    ...STATIC,
    cure: acceptKey,
    isQuick: true,
  },
  {
    id: "secret-wrong",
    cause: "credentials-invalid",
    ...STATIC,
    arrange: ({ emulator }) => emulator.acceptKeys(KEY, `${SECRET}2`),
    cure: acceptKey,
  },
  {
    id: "keys-ended",
    cause: "credentials-expired",
    config: buildProfile(""),
    credentials: buildCredentials(`${KEY_LINES}aws_session_token = IQoJb3JpZ2luX2VjEJr\n`),
    arrange({ emulator }) {
      emulator.acceptKeys(KEY, SECRET, "IQoJb3JpZ2luX2VjEJr");
      emulator.expireRoleCredentials({ accessKeyId: KEY });
    },
    cure: ({ emulator }) => emulator.acceptKeys(KEY, SECRET, "IQoJb3JpZ2luX2VjEJr"),
    isQuick: true,
  },
  {
    id: "clock-slow",
    cause: "clock-off",
    ...STATIC,
    arrange: moveClock(20),
    cure: setClockRight,
    isQuick: true,
  },
  {
    id: "clock-fast",
    cause: "clock-off",
    ...STATIC,
    arrange: moveClock(-20),
    cure: setClockRight,
  },
  {
    id: "assume-role-refused",
    cause: "assume-role-refused",
    config: ASSUMING,
    token: "legacy",
    arrange: ({ emulator }) => void emulator.deny(OTHER_ACCOUNT, "Deploy"),
    cure: ({ emulator }) => void emulator.deny(OTHER_ACCOUNT, "Deploy", false),
    isQuick: true,
  },
  {
    id: "permission-missing",
    cause: "permission-missing",
    arrange: ({ emulator }) =>
      void emulator.setFault({
        route: "GetCallerIdentity",
        status: 403,
        body: FORBIDDEN,
        headers: { "Content-Type": "text/xml" },
      }),
    cure: clearFaults,
  },
  {
    id: "sts-throttles",
    cause: "throttled",
    arrange: ({ emulator }) =>
      void emulator.setFault({ route: "GetCallerIdentity", error: "Throttling" }),
    cure: clearFaults,
  },
  {
    id: "region-missing",
    cause: "region-missing",
    // The other clients use STS's global endpoint.
    clients: ["javascript", "go-v2", "terraform", "java", "rust", "dotnet"],
    config: `[profile payments-admin]\n${KEY_LINES}`,
    way: "cut-off",
    cure: (place) => place.writeConfig(buildProfile(KEY_LINES)),
  },
];
