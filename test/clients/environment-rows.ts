import {
  A,
  CONTAINER,
  OLD_NAMES,
  REGION,
  SESSION,
  SSO,
  WEB_IDENTITY,
  a,
  inA,
  keyId,
  keyVariables,
  keys,
  secretOf,
  type Row,
} from "./row.ts";

/** Rows with variables that contain or select an identity, together with profiles that have one. */
const DEFAULT_SSO = `[default]\n${SSO}${REGION}${SESSION}`;
const TWO = `${a(SSO)}[profile b]\n${keys("B")}${REGION}`;
const stale = { AWS_SECURITY_TOKEN: "STALE", ...keyVariables("ENV") };

export const ENVIRONMENTS: readonly Row[] = [
  A("env keys + AWS_PROFILE", SSO, { env: { ...inA, ...keyVariables("ENV") } }),
  A("env keys + profile named", SSO, { env: keyVariables("ENV"), profile: "a" }),
  A("env keys + static profile named", keys("CONFIG"), { env: keyVariables("ENV"), profile: "a" }),
  A("env keys + AWS_DEFAULT_PROFILE", SSO, {
    env: { AWS_DEFAULT_PROFILE: "a", ...keyVariables("ENV") },
  }),
  { id: "env keys + default", config: DEFAULT_SSO, env: keyVariables("ENV") },
  { id: "env keys, no files", env: { ...keyVariables("ENV"), AWS_REGION: "us-east-1" } },
  A("env keys + AWS_PROFILE that is missing", SSO, {
    env: { AWS_PROFILE: "nope", ...keyVariables("ENV") },
  }),
  A("env keys + missing profile named", SSO, { env: keyVariables("ENV"), profile: "nope" }),
  A("old names + AWS_PROFILE", SSO, { env: { ...inA, ...OLD_NAMES } }),
  A("old names + profile named", SSO, { env: OLD_NAMES, profile: "a" }),
  { id: "old names + default", config: DEFAULT_SSO, env: OLD_NAMES },
  { id: "old names, no files", env: { ...OLD_NAMES, AWS_REGION: "us-east-1" } },
  A("old and present names + AWS_PROFILE", SSO, {
    env: { ...inA, ...OLD_NAMES, ...keyVariables("ENV") },
  }),
  A("present id, old secret + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_ACCESS_KEY_ID: keyId("ENV"), AWS_SECRET_KEY: secretOf(keyId("ENV")) },
  }),
  A("AWS_ACCESS_KEY_ID alone + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_ACCESS_KEY_ID: keyId("ENV") },
  }),
  A("AWS_SECRET_ACCESS_KEY alone + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_SECRET_ACCESS_KEY: secretOf(keyId("ENV")) },
  }),
  A("empty env keys + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
  }),
  A("AWS_SESSION_TOKEN alone + AWS_PROFILE", SSO, { env: { ...inA, AWS_SESSION_TOKEN: "STALE" } }),
  A("AWS_SECURITY_TOKEN beside keys", SSO, { env: { ...inA, ...stale } }),
  A("AWS_SECURITY_TOKEN and AWS_SESSION_TOKEN beside keys", SSO, {
    env: { ...inA, ...stale, AWS_SESSION_TOKEN: "FRESH" },
  }),
  A("AWS_SESSION_TOKEN beside old names", SSO, {
    env: { ...inA, ...OLD_NAMES, AWS_SESSION_TOKEN: "FRESH" },
  }),
  A("AWS_SECURITY_TOKEN alone + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_SECURITY_TOKEN: "STALE" },
  }),
  { id: "no variable, [default]", config: DEFAULT_SSO },
  {
    id: "no variable, [profile default]",
    config: DEFAULT_SSO.replace("[default]", "[profile default]"),
  },
  { id: "no variable, no default", config: a(SSO) },
  {
    id: "no variable, static default in credentials",
    config: a(SSO),
    credentials: `[default]\n${keys("DEFAULT")}`,
  },
  { id: "no variable, no files" },
  { id: "AWS_PROFILE=default without one", config: a(SSO), env: { AWS_PROFILE: "default" } },
  { id: "AWS_PROFILE empty, [default]", config: DEFAULT_SSO, env: { AWS_PROFILE: "" } },
  { id: "AWS_PROFILE empty, no default", config: a(SSO), env: { AWS_PROFILE: "" } },
  {
    id: "AWS_PROFILE empty, AWS_DEFAULT_PROFILE",
    config: TWO,
    env: { AWS_PROFILE: "", AWS_DEFAULT_PROFILE: "b" },
  },
  { id: "AWS_DEFAULT_PROFILE", config: a(SSO), env: { AWS_DEFAULT_PROFILE: "a" } },
  {
    id: "AWS_PROFILE and AWS_DEFAULT_PROFILE",
    config: TWO,
    env: { ...inA, AWS_DEFAULT_PROFILE: "b" },
  },
  { id: "AWS_PROFILE, another named", config: TWO, env: inA, profile: "b" },
  {
    id: "AWS_PROFILE that is missing, [default]",
    config: DEFAULT_SSO,
    env: { AWS_PROFILE: "nope" },
  },
  A("AWS_PROFILE with a carriage return", SSO, { env: { AWS_PROFILE: "a\r" } }),
  A("AWS_PROFILE with a blank behind", SSO, { env: { AWS_PROFILE: "a " } }),
  A("AWS_PROFILE in another case", SSO, { env: { AWS_PROFILE: "A" } }),
  A("static default in credentials + AWS_PROFILE", SSO, {
    credentials: `[default]\n${keys("DEFAULT")}`,
  }),
  A("container + AWS_PROFILE", SSO, { env: { ...inA, ...CONTAINER } }),
  A("container + static AWS_PROFILE", keys("CONFIG"), { env: { ...inA, ...CONTAINER } }),
  { id: "container + default", config: DEFAULT_SSO, env: CONTAINER },
  { id: "container, no files", env: { ...CONTAINER, AWS_REGION: "us-east-1" } },
  A("container + profile named", SSO, { env: CONTAINER, profile: "a" }),
  A("container + AWS_PROFILE that is missing", SSO, { env: { AWS_PROFILE: "nope", ...CONTAINER } }),
  A("container + AWS_PROFILE with a region alone", "", { env: { ...inA, ...CONTAINER } }),
  A("container + env keys", SSO, { env: { ...CONTAINER, ...keyVariables("ENV") } }),
  A("web identity + AWS_PROFILE", SSO, { env: { ...inA, ...WEB_IDENTITY } }),
  A("web identity + static AWS_PROFILE", keys("CONFIG"), { env: { ...inA, ...WEB_IDENTITY } }),
  { id: "web identity + default", config: DEFAULT_SSO, env: WEB_IDENTITY },
  {
    id: "web identity + static default",
    config: `[default]\n${keys("DEFAULT")}${REGION}`,
    env: WEB_IDENTITY,
  },
  { id: "web identity, no files", env: { ...WEB_IDENTITY, AWS_REGION: "us-east-1" } },
  A("web identity + profile named", SSO, { env: WEB_IDENTITY, profile: "a" }),
  A("web identity + env keys", SSO, { env: { ...WEB_IDENTITY, ...keyVariables("ENV") } }),
  A("web identity + container", SSO, {
    env: { ...WEB_IDENTITY, ...CONTAINER, AWS_REGION: "us-east-1" },
  }),
  A("AWS_ROLE_ARN alone + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_ROLE_ARN: WEB_IDENTITY.AWS_ROLE_ARN },
  }),
  A("AWS_SDK_LOAD_CONFIG empty", SSO, { env: { ...inA, AWS_SDK_LOAD_CONFIG: "" } }),
  A("AWS_SDK_LOAD_CONFIG=false", SSO, { env: { ...inA, AWS_SDK_LOAD_CONFIG: "false" } }),
];
