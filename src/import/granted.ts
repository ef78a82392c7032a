import { findValue } from "../profiles/profile.ts";
import { isStartUrl, trimPortalUrl } from "../model/start-url.ts";
import { isRecord, readText, toRecord, type PlainRecord } from "../text/json.ts";
import {
  findOption,
  findProcess,
  findProfile,
  findKey,
  hasContradiction,
  readCommonKeys,
  readNativeRole,
  readProfiles,
  readSignInKeys,
  type ConfigText,
  type Judged,
  type ProfileView,
} from "./config-profiles.ts";
import {
  adviseListing,
  type FoundRole,
  type ImportedRole,
  type LeftOut,
  type ToolReading,
} from "./entry.ts";

/**
 * Reads the roles of granted from the AWS config. It writes `granted_sso_…` keys together with its own
 * credential_process, or native SSO keys with a mark. Source: fwdcloudsec/granted, pkg/awsconfigfile/awscfg.go and
 * pkg/cfaws/granted_config.go of 2026.
 */

const PROGRAM = /^d?(?:granted|assumego|assume)$/;
const MARKS = ["granted_generated_from", "common_fate_generated_from"];

export function readGranted(config: ConfigText, signIns: readonly GrantedSignIn[]): ToolReading {
  const reading = readProfiles(config, (view) => judgeProfile(config, view));
  const isRegistry = config.document.sections.some(({ name }) =>
    name.startsWith("granted_registry_start"),
  );
  const roles = reading.roles.map((role) => ({
    ...role,
    sessionName: role.sessionName ?? signIns.find((signIn) => isOf(role, signIn))?.name,
  }));
  const unused = signIns.filter((signIn) => !roles.some((role) => isOf(role, signIn)));
  return {
    roles,
    left: [...reading.left, ...unused.map(toLeftOut)],
    isFound: reading.isFound || isRegistry || signIns.length > 0,
  };
}

function isOf(role: ImportedRole, { startUrl, ssoRegion }: GrantedSignIn): boolean {
  const isSameUrl = trimPortalUrl(startUrl) === trimPortalUrl(role.startUrl);
  return isSameUrl && (ssoRegion ?? role.ssoRegion) === role.ssoRegion;
}

function toLeftOut({ name, startUrl, ssoRegion, place }: GrantedSignIn): LeftOut {
  return { place, reason: adviseListing(name, startUrl, ssoRegion) };
}

function judgeProfile(config: ConfigText, view: ProfileView): Judged {
  const { section } = view;
  const own = readOwnRole(config, view);
  if (own !== undefined) return { kind: "role", found: own, isTrace: true };
  const process = findProcess(view, PROGRAM);
  const isTrace = process !== undefined || MARKS.some((key) => findKey(section, key) !== undefined);
  if (process === undefined && hasContradiction(section)) return { kind: "other" };
  const native = readNativeRole(config, view) ?? readTarget(config, view, process?.words ?? []);
  if (native !== undefined) return { kind: "role", found: native, isTrace };
  if (!isTrace) return { kind: "other" };
  const reason =
    process === undefined
      ? "it names no account and role"
      : "it has no role of IAM Identity Center: keys in granted's keychain are not read";
  return { kind: "left", reason };
}

function readOwnRole(config: ConfigText, view: ProfileView): FoundRole | undefined {
  const { entries } = view.section;
  if (!entries.some(({ key }) => key.startsWith("granted_sso_"))) return undefined;
  const find = (key: string): string | undefined => {
    const own = findValue(view.section, `granted_${key}`);
    return own ?? (key === "sso_session" ? findValue(view.section, key) : undefined);
  };
  const roleName = find("sso_role_name");
  const found = { accountId: find("sso_account_id"), roleName };
  return { ...readCommonKeys(view, roleName), ...readSignInKeys(config, find), ...found };
}

/** Reads `granted credential-process --profile OTHER`, which uses the role of the profile OTHER. */
function readTarget(
  config: ConfigText,
  { name, section }: ProfileView,
  words: readonly string[],
): FoundRole | undefined {
  const target = findOption(words, "--profile");
  const view = target === undefined || target === name ? undefined : findProfile(config, target);
  if (view === undefined) return undefined;
  const found = readOwnRole(config, view) ?? readNativeRole(config, view);
  const region = findKey(section, "region") ?? found?.region;
  return found === undefined ? undefined : { ...found, name, region };
}

/** A `[SSO.NAME]` section of granted's own config. */
export interface GrantedSignIn {
  readonly name: string;
  readonly startUrl: string;
  readonly ssoRegion: string | undefined;
  readonly place: string;
}

/**
 * Returns the sign-ins in granted's own config (`~/.granted/config`, TOML). If that file is damaged, no role is lost,
 * because roles are in the AWS config.
 */
export async function parseGrantedConfig(
  text: string,
  file: string,
): Promise<{ readonly signIns: readonly GrantedSignIn[]; readonly left: readonly LeftOut[] }> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    return { signIns: listSignIns(toRecord(parse(text)), file), left: [] };
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown;
    const left = { place: `${file}, line ${thrown.line}`, reason: "this line is not valid TOML" };
    return { signIns: [], left: [left] };
  }
}

function listSignIns(config: PlainRecord, file: string): GrantedSignIn[] {
  return Object.entries(toRecord(findMember(config, "SSO"))).flatMap(([name, signIn]) => {
    const startUrl = isRecord(signIn) ? readText(findMember(signIn, "StartURL")) : undefined;
    if (startUrl === undefined || !isStartUrl(startUrl)) return [];
    const ssoRegion = readText(findMember(toRecord(signIn), "SSORegion"));
    return [{ name, startUrl, ssoRegion, place: `${file}, SSO.${name}` }];
  });
}

/** Go's TOML package ignores case in names. */
function findMember(record: PlainRecord, name: string): unknown {
  const lower = name.toLowerCase();
  return Object.entries(record).find(([key]) => key.toLowerCase() === lower)?.[1];
}
