import { isStartUrl, trimPortalUrl } from "../../model/start-url.ts";
import { adviseListing, checkRole, type CheckedRole, type LeftOut } from "../entry.ts";
import { renderGoTemplate } from "./go-template.ts";

/** Combines the contents of aws-sso-cli's files into roles with names. */

export interface SignIn {
  /** The name in SSOConfig. */
  readonly name: string;
  readonly place: string;
  readonly startUrl: string | undefined;
  readonly ssoRegion: string | undefined;
  readonly region: string | undefined;
  /** By account ID. */
  readonly accounts: Map<string, KnownAccount>;
  /** By account ID and role name, separated by a slash. */
  readonly roles: Map<string, KnownRole>;
}

export interface KnownAccount {
  /** The name in the config. */
  readonly name?: string | undefined;
  /** The name in AWS; undefined if the account was not listed. */
  readonly alias?: string | undefined;
  readonly email?: string | undefined;
  readonly region?: string | undefined;
}

export interface KnownRole {
  readonly place: string;
  readonly accountId: string;
  readonly roleName: string;
  /** The profile in the AWS config, or the profile that config.yaml gives. */
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly output?: string | undefined;
  /** The role that is used to assume this role. */
  readonly via?: string | undefined;
}

export interface Defaults {
  readonly region: string | undefined;
  readonly output: string | undefined;
  /** undefined if the value in the config is not a text. */
  readonly profileFormat: string | undefined;
  readonly formatPlace: string;
}

export function addAccount({ accounts }: SignIn, accountId: string, known: KnownAccount): void {
  accounts.set(accountId, { ...accounts.get(accountId), ...dropUndefined(known) });
}

/** Adds a role, or updates a known one. Known values stay if the new role has no value. */
export function addRole({ roles }: SignIn, role: KnownRole): void {
  const key = `${role.accountId}/${role.roleName}`;
  roles.set(key, { ...role, ...roles.get(key), ...dropUndefined(role) });
}

function dropUndefined<Entry extends object>(entry: Entry): Partial<Entry> {
  const pairs = Object.entries(entry).filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs) as Partial<Entry>;
}

export interface TakenRoles {
  readonly checked: readonly CheckedRole[];
  readonly left: readonly LeftOut[];
}

/**
 * Returns the roles of one sign-in of the tool's config.
 * @param all all sign-ins of that config. If two have the same portal, each keeps a session of its own, because two
 *   people may use them.
 */
export function takeRoles(signIn: SignIn, defaults: Defaults, all: readonly SignIn[]): TakenRoles {
  const { name, place, roles } = signIn;
  if (roles.size === 0) {
    const reason = adviseListing(name, signIn.startUrl, signIn.ssoRegion);
    return { checked: [], left: [{ place, reason }] };
  }
  const known = [...roles.values()];
  const [direct, chained] = [
    known.filter(({ via }) => via === undefined),
    known.filter(({ via }) => via !== undefined),
  ];
  const isShared = all.some((other) => other.name !== name && isSamePortal(other, signIn));
  return {
    checked: direct.map((role) => toChecked(signIn, role, { defaults, isShared })),
    left: chained.map((role) => ({
      place: role.place,
      reason: "it is assumed through another role (Via)",
    })),
  };
}

function isSamePortal(one: SignIn, other: SignIn): boolean {
  return one.ssoRegion === other.ssoRegion && toPortal(one) === toPortal(other);
}

function toPortal({ startUrl = "" }: SignIn): string {
  return isStartUrl(startUrl) ? trimPortalUrl(startUrl) : startUrl;
}

function toChecked(
  signIn: SignIn,
  role: KnownRole,
  { defaults, isShared }: { readonly defaults: Defaults; readonly isShared: boolean },
): CheckedRole {
  const { accountId, roleName, place } = role;
  const account = signIn.accounts.get(accountId) ?? {};
  const region = role.region ?? account.region ?? signIn.region ?? defaults.region;
  return checkRole(
    {
      name: role.profile ?? renderName(signIn, role, { format: defaults.profileFormat, region }),
      startUrl: signIn.startUrl,
      ssoRegion: signIn.ssoRegion,
      sessionName: signIn.name,
      signIn: isShared ? signIn.name : undefined,
      accountId,
      accountName: toText(account.alias) ?? account.name,
      emailAddress: toText(account.email),
      roleName,
      region,
      output: role.output ?? defaults.output,
    },
    place,
  );
}

function toText(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function renderName(
  signIn: SignIn,
  { accountId, roleName }: KnownRole,
  {
    format,
    region = "",
  }: { readonly format: string | undefined; readonly region: string | undefined },
): string | undefined {
  if (format === undefined) return undefined;
  const { name = "", alias, email } = signIn.accounts.get(accountId) ?? {};
  const fields = {
    AccountId: accountId.replace(/^0+(?=\d)/, ""),
    AccountIdPad: accountId,
    AccountName: name,
    AccountAlias: alias,
    EmailAddress: email,
    Arn: `arn:aws:iam::${accountId}:role/${roleName}`,
    RoleName: roleName,
    DefaultRegion: region,
    SSO: signIn.name,
    SSORegion: signIn.ssoRegion,
    StartUrl: signIn.startUrl,
    Via: "",
    Profile: "",
  };
  const known = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return renderGoTemplate(format, new Map(known));
}

/** Reports a template that can't be applied once, not for each role. */
export function noteFormat(all: readonly SignIn[], defaults: Defaults): LeftOut[] {
  const isUnknown = all.some((signIn) =>
    [...signIn.roles.values()].some(
      (role) =>
        role.profile === undefined &&
        role.via === undefined &&
        renderName(signIn, role, { format: defaults.profileFormat, region: defaults.region }) ===
          undefined,
    ),
  );
  if (!isUnknown) return [];
  return [
    {
      place: defaults.formatPlace,
      reason: "it can't be applied here: profiles get the names that profiles sync would give",
    },
  ];
}
