import type { Environment } from "../context.ts";
import {
  findKey,
  findOption,
  findProcess,
  findProfile,
  hasContradiction,
  readNativeRole,
  readProfiles,
  type ConfigText,
  type Judged,
  type ProfileView,
} from "./config-profiles.ts";
import type { FoundRole, ToolReading } from "./entry.ts";

/**
 * Reads the roles of aws-sso-util from the AWS config, where it writes native SSO keys, mostly together with its own
 * credential_process.
 * Source: benkehoe/aws-sso-util 4, populate_profiles.py, configure_profile.py and docs/credential-process.md.
 */

const PROGRAM = /^(?:aws-sso-util|aws_sso_util|aws-sso-credential-process)$/;
const MARKS = [
  "sso_auto_populated",
  "sso_util_populate",
  "sso_account_name",
  "sso_interactive_auth",
];

/** Variables with the start URL and the region for profiles that have none. */
const START_URL_VARIABLES = [
  "AWS_SSO_START_URL",
  "AWS_CONFIGURE_SSO_DEFAULT_SSO_START_URL",
  "AWS_CONFIGURE_DEFAULT_SSO_START_URL",
  "AWS_DEFAULT_SSO_START_URL",
];
const REGION_VARIABLES = [
  "AWS_SSO_REGION",
  "AWS_CONFIGURE_SSO_DEFAULT_SSO_REGION",
  "AWS_CONFIGURE_DEFAULT_SSO_REGION",
  "AWS_DEFAULT_SSO_REGION",
];

export function readAwsSsoUtil(config: ConfigText, env: Environment): ToolReading {
  const place = {
    startUrl: findVariable(env, START_URL_VARIABLES),
    ssoRegion: findVariable(env, REGION_VARIABLES),
  };
  return readProfiles(config, (view) => judgeProfile(config, view, place));
}

function findVariable(env: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== "");
}

function judgeProfile(config: ConfigText, view: ProfileView, place: FoundRole): Judged {
  const { section } = view;
  const words = findProcess(view, PROGRAM)?.words;
  const isTrace = words !== undefined || MARKS.some((key) => findKey(section, key) !== undefined);
  if (words === undefined && hasContradiction(section)) return { kind: "other" };
  const found = readRole(config, view, words ?? []);
  const isNamed = found.accountId !== undefined || found.roleName !== undefined;
  if (!isNamed) return isTrace ? { kind: "left", reason: NO_ROLE } : { kind: "other" };
  const { startUrl = place.startUrl, ssoRegion = place.ssoRegion } = found;
  return { kind: "role", found: isTrace ? { ...found, startUrl, ssoRegion } : found, isTrace };
}

const NO_ROLE = "it names no account and role";

/**
 * Reads a role. Options in the process line override the keys of the profile. These may be the keys of the profile
 * after --profile.
 */
function readRole(config: ConfigText, view: ProfileView, words: readonly string[]): FoundRole {
  const named = findOption(words, "--profile");
  const other = named === undefined ? undefined : findProfile(config, named);
  const own = readNativeRole(config, view);
  const keys = own ?? (other === undefined ? undefined : readNativeRole(config, other));
  const options = {
    startUrl: findOption(words, "--sso-start-url", "--start-url"),
    ssoRegion: findOption(words, "--sso-region"),
    accountId: findOption(words, "--account-id", "--account"),
    roleName: findOption(words, "--role-name", "--role"),
    region: findKey(view.section, "region"),
    output: findKey(view.section, "output"),
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...keys, name: view.name, ...Object.fromEntries(given) };
}
