import { dirname, join } from "node:path";
import type { Place } from "./place.ts";
import { buildProfile, KEY_LINES, REGION, type Situation } from "./situation.ts";

/** Situations with network problems, and without credentials. */

/** The clients that use a proxy for AWS's host names; the others would connect to the Internet. */
const PROXIED = ["aws-cli", "aws-cli-v1", "boto3", "go-v1", "go-v2", "terraform", "latchkey"];
const KEYS = { config: buildProfile(KEY_LINES) };
const NOTHING = {
  token: "none",
  config: "",
  env: { AWS_PROFILE: undefined, AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION },
} as const;
const writeKeys = (place: Place): void =>
  place.writeConfig(`[default]\n${KEY_LINES}region = ${REGION}\n`);
const useProxy =
  (status?: string) =>
  async ({ env, servers }: Place): Promise<void> => {
    env["HTTPS_PROXY"] =
      status === undefined ? servers.closedUrl : await servers.startProxy(status);
  };

export const NETWORK_SITUATIONS: readonly Situation[] = [
  { id: "proxy-gone", cause: "proxy", way: "real", clients: PROXIED, arrange: useProxy() },
  {
    id: "proxy-wants-a-login",
    cause: "proxy",
    way: "real",
    clients: PROXIED,
    arrange: useProxy("407 Proxy Authentication Required"),
  },
  {
    id: "proxy-refuses",
    cause: "proxy",
    way: "real",
    clients: PROXIED,
    arrange: useProxy("403 Forbidden"),
  },
  {
    id: "proxy-refuses-keys",
    cause: "proxy",
    ...KEYS,
    way: "real",
    clients: PROXIED,
    arrange: useProxy("403 Forbidden"),
  },
  {
    id: "certificate-unknown",
    cause: "certificate",
    way: "tls",
    cure({ env, home }) {
      const ca = join(dirname(home), "ca.pem");
      Object.assign(env, { AWS_CA_BUNDLE: ca, NODE_EXTRA_CA_CERTS: ca });
    },
  },
  { id: "certificate-unknown-keys", cause: "certificate", ...KEYS, way: "tls" },
  { id: "nobody-listens", cause: "unreachable", way: "closed" },
  { id: "nobody-listens-keys", cause: "unreachable", ...KEYS, way: "closed" },
  { id: "no-network", cause: "unreachable", way: "cut-off", isQuick: true },
  { id: "no-network-keys", cause: "unreachable", ...KEYS, way: "cut-off" },
  { ...NOTHING, id: "nothing-at-all", cause: "no-credentials", cure: writeKeys, isQuick: true },
  {
    ...NOTHING,
    id: "metadata-silent",
    cause: "no-credentials",
    env: {
      ...NOTHING.env,
      AWS_EC2_METADATA_DISABLED: undefined,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: "{silent}/",
    },
    cure: writeKeys,
  },
  {
    id: "profile-empty",
    cause: "no-credentials",
    config: buildProfile(""),
    token: "none",
    cure: (place) => place.writeConfig(buildProfile(KEY_LINES)),
  },
];
