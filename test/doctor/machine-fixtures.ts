import { join, relative } from "node:path";
import { rootCertificates } from "node:tls";
import { FILE_FIXTURES } from "./file-fixtures.ts";
import { BASE, tokenText, type Fixture, type Machine } from "./machine.ts";

/** Fixtures for the environment, the network and tokens, together with those for files and tools. */

function withVariables(env: Readonly<Record<string, string>>): Machine {
  return { config: `${BASE}[profile b]\nregion = eu-west-1\n`, env: () => env };
}

const IGNORED = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };

const ENVIRONMENT: readonly Fixture[] = [
  {
    id: "env-keys",
    bad: withVariables({ AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "s" }),
    near: withVariables({ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }),
  },
  {
    id: "env-keys-partial",
    bad: withVariables({ AWS_ACCESS_KEY_ID: "AKIAEXAMPLE" }),
    near: withVariables({ AWS_SECRET_ACCESS_KEY: "", AWS_SESSION_TOKEN: "t" }),
  },
  {
    id: "env-keys-other-names",
    bad: withVariables({ AWS_ACCESS_KEY: "AKIAEXAMPLE", AWS_SECRET_KEY: "s" }),
    near: withVariables({ AWS_ACCESS_KEY: "AKIAEXAMPLE" }),
  },
  {
    id: "env-security-token",
    bad: withVariables({ AWS_SECURITY_TOKEN: "hunter2" }),
    near: withVariables({ AWS_SECURITY_TOKEN: "hunter2", AWS_SESSION_TOKEN: "hunter2" }),
  },
  {
    id: "env-web-identity",
    bad: withVariables({
      AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token",
      AWS_ROLE_ARN: "arn:aws:iam::100000000003:role/Deploy",
    }),
    near: withVariables({ AWS_ROLE_ARN: "arn:aws:iam::100000000003:role/Deploy" }),
  },
  {
    id: "env-bearer-token",
    bad: withVariables({ AWS_BEARER_TOKEN_BEDROCK: "hunter2" }),
    near: withVariables({ AWS_BEARER_TOKEN_BEDROCK: "" }),
  },
  {
    id: "env-marks",
    bad: withVariables({ AWS_VAULT: "prod" }),
    near: withVariables({ AWS_VAULT_BACKEND: "file" }),
  },
  {
    id: "env-value-odd",
    bad: withVariables({ AWS_PROFILE: "okta\r" }),
    near: withVariables({ AWS_PROFILE: "okta" }),
  },
  {
    id: "env-profile-empty",
    bad: withVariables({ AWS_PROFILE: "" }),
    near: withVariables({ AWS_PROFILE: "default" }),
  },
  {
    id: "env-region-empty",
    bad: withVariables({ AWS_REGION: "" }),
    near: withVariables({ AWS_REGION: "eu-west-1" }),
  },
  {
    id: "env-default-region",
    bad: { ...withVariables({ AWS_DEFAULT_REGION: "eu-west-1" }), withoutRegion: true },
    near: withVariables({ AWS_DEFAULT_REGION: "eu-west-1", AWS_REGION: "eu-west-1" }),
  },
  {
    id: "region-missing",
    bad: { config: BASE.replace(/^region = .*\n/m, ""), withoutRegion: true },
    near: { config: BASE.replace(/^region = .*\n/m, "") },
  },
  {
    id: "config-for-go-1",
    bad: { programs: { copilot: "" } },
    near: { programs: { copilot: "" }, env: () => ({ AWS_SDK_LOAD_CONFIG: "1" }) },
  },
  {
    id: "env-file-empty",
    bad: withVariables({ AWS_CONFIG_FILE: "" }),
    near: { env: (home) => ({ AWS_CONFIG_FILE: join(home, ".aws/config") }) },
  },
  {
    id: "env-file-unexpanded",
    bad: withVariables({ AWS_CONFIG_FILE: "$HOME/.aws/config" }),
    near: { env: (home) => ({ AWS_CONFIG_FILE: join(home, ".aws/config") }) },
  },
  {
    id: "env-profile-missing",
    bad: withVariables({ AWS_PROFILE: "okat" }),
    near: withVariables({ AWS_PROFILE: "okta" }),
  },
  {
    id: "env-profile-twice",
    bad: withVariables({ AWS_PROFILE: "okta", AWS_DEFAULT_PROFILE: "b" }),
    near: withVariables({ AWS_PROFILE: "okta", AWS_DEFAULT_PROFILE: "okta" }),
  },
  {
    id: "env-default-profile",
    bad: withVariables({ AWS_DEFAULT_PROFILE: "okta" }),
    near: withVariables({ AWS_DEFAULT_PROFILE: "default" }),
  },
  {
    id: "env-region-twice",
    bad: withVariables({ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-east-1" }),
    near: withVariables({ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" }),
  },
  {
    id: "env-file-missing",
    bad: { env: (home) => ({ AWS_SHARED_CREDENTIALS_FILE: join(home, "nowhere") }) },
    near: {
      env: (home) => ({ AWS_SHARED_CREDENTIALS_FILE: join(home, "somewhere") }),
      files: { somewhere: "" },
    },
  },
  {
    id: "env-file-relative",
    notOnWindows: "the temporary folder may lie on another drive",
    bad: {
      env: (home) => ({ AWS_CONFIG_FILE: relative(process.cwd(), join(home, ".aws/config")) }),
    },
    near: { env: (home) => ({ AWS_CONFIG_FILE: join(home, ".aws/config") }) },
  },
];

const NETWORK: readonly Fixture[] = [
  {
    id: "tls-unverified",
    bad: withVariables({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }),
    near: withVariables({ NODE_TLS_REJECT_UNAUTHORIZED: "1" }),
  },
  {
    id: "proxy-invalid",
    bad: withVariables({ HTTPS_PROXY: "socks4://user:hunter2@proxy.example.com:8080" }),
    near: withVariables({ HTTPS_PROXY: "" }),
  },
  {
    id: "proxy-socks",
    bad: withVariables({ HTTPS_PROXY: "socks5://user:hunter2@proxy.example.com" }),
    near: withVariables({ http_proxy: "socks5://proxy.example.com" }),
  },
  {
    id: "proxy-said-twice",
    bad: withVariables({ no_proxy: "", NO_PROXY: "example.com" }),
    near: withVariables({ no_proxy: "example.com", NO_PROXY: "example.com" }),
  },
  {
    id: "proxy-unread",
    bad: withVariables({
      NO_PROXY: "b.example, 10.0.0.0/8",
    }),
    near: withVariables({ NO_PROXY: "b.example, 10.0.0.8" }),
  },
  {
    id: "proxy-in-force",
    bad: withVariables({ https_proxy: "user:hunter2@proxy.example.com:8080" }),
    near: withVariables({ NO_PROXY: "proxy.example.com" }),
  },
  {
    id: "ca-bundle-unusable",
    bad: {
      env: (home) => ({ AWS_CA_BUNDLE: join(home, "ca.pem") }),
      files: { "ca.pem": "no certificate" },
    },
    near: withVariables({ AWS_CA_BUNDLE: "" }),
  },
  {
    id: "ca-bundle-in-force",
    bad: {
      env: (home) => ({ AWS_CA_BUNDLE: join(home, "ca.pem") }),
      files: { "ca.pem": rootCertificates[0] ?? "" },
    },
    near: { files: { "ca.pem": rootCertificates[0] ?? "" } },
  },
  {
    id: "endpoint-unsafe",
    bad: withVariables({ AWS_ENDPOINT_URL: "http://10.0.0.1" }),
    near: withVariables({ AWS_ENDPOINT_URL: "http://10.0.0.1", ...IGNORED }),
  },
  {
    id: "endpoint-in-force",
    bad: withVariables({ AWS_ENDPOINT_URL_STS: "https://sts.example.com" }),
    near: withVariables({ AWS_ENDPOINT_URL_STS: "https://sts.example.com", ...IGNORED }),
  },
  {
    id: "endpoint-in-config",
    bad: { config: `${BASE}[profile b]\nendpoint_url = https://store.example.com\n` },
    near: { config: `${BASE}[profile b]\ns3 =\n  endpoint_url = https://store.example.com\n` },
  },
  { id: "service-unreachable", bad: { portal: "down" }, near: { portal: 0 } },
  { id: "clock-wrong", bad: { portal: 600 }, near: { portal: -15 } },
  { id: "clock-drifting", bad: { portal: -120 }, near: { portal: 15 } },
];

const TOKENS: readonly Fixture[] = [
  { id: "token-unreadable", bad: { token: '{"accessToken": "t"' }, near: { token: tokenText() } },
  {
    id: "token-foreign",
    bad: { token: tokenText({ startUrl: "https://other.awsapps.com/start" }) },
    near: { token: tokenText({ startUrl: undefined, region: undefined }) },
  },
  {
    id: "token-dead",
    bad: { token: tokenText({ expiresAt: "2026-01-01T00:00:00Z", refreshToken: undefined }) },
    near: { token: tokenText({ expiresAt: "2026-01-01T00:00:00Z" }) },
  },
  {
    id: "token-unrenewable",
    bad: { token: tokenText({ refreshToken: undefined }) },
    near: { token: tokenText() },
  },
  {
    id: "token-without-registration-date",
    bad: { token: tokenText({ registrationExpiresAt: undefined }) },
    near: { token: tokenText() },
  },
  {
    id: "token-date-form",
    bad: { token: tokenText({ expiresAt: "2090-01-01T00:00:00UTC" }) },
    near: { token: tokenText({ expiresAt: "2090-01-01T00:00:00.000Z" }) },
  },
];

export const MACHINE_FIXTURES: readonly Fixture[] = [
  ...ENVIRONMENT,
  ...NETWORK,
  ...TOKENS,
  ...FILE_FIXTURES,
];
