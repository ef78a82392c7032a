// Makes only the request of `whoami`, with latchkey's own client, without command line, config and cache. Its argument
// is the path of a file with credentials in the format of credential_process.
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
// This file is bundled as CommonJS, which has no top-level await.
void fetchCallerIdentity(connection, { accessKeyId, secretAccessKey, sessionToken }).then(
  (identity) => {
    writeSync(1, `${JSON.stringify(identity)}\n`);
    process.exit(0);
  },
);
