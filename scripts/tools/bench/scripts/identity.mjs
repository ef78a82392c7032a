// The one call of `whoami`, by this program's own client, bundled as it is, and nothing else: no command line, no config, no
// cache. argv: path of a file with credentials as credential_process prints them.
import { readFileSync, writeSync } from "node:fs";
import { fetchCallerIdentity } from "../../../../src/aws/sts.ts";

const {
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: sessionToken,
} = JSON.parse(readFileSync(process.argv[2], "utf8"));
const connection = {
  region: "us-east-1",
  endpoint: process.env.AWS_ENDPOINT_URL_STS,
  variant: { useFips: false, useDualstack: false },
  proxyEnv: {},
  readRoots: () => undefined,
  monotonic: () => process.uptime() * 1000,
  now: () => new Date(),
  interruption: new AbortController().signal,
  sleep: () => Promise.reject(new Error("the emulator did not answer at once")),
};
// No top-level await: CommonJS has none.
void fetchCallerIdentity(connection, { accessKeyId, secretAccessKey, sessionToken }).then(
  (identity) => {
    writeSync(1, `${JSON.stringify(identity)}\n`);
    process.exit(0);
  },
);
