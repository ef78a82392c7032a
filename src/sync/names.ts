import { usageError } from "../errors.ts";
import {
  accountSlug,
  encodeName,
  hasField,
  renderTemplate,
  slug,
  type NameTemplate,
} from "../model/name-template.ts";
import type { HeldRole } from "../configure/filter.ts";

/**
 * Names the profiles for the user's roles: one profile for each role, or for each role and region if several regions
 * are given.
 */

export interface WantedName extends HeldRole {
  readonly name: string;
  readonly region: string | undefined;
  /** Set if the output of this profile is not that of the other profiles. */
  readonly output?: string | undefined;
  /** The name in another tool, if the profile can't have that name here. */
  readonly formerName?: string | undefined;
}

export interface Naming {
  /** undefined: the name is the account's, followed by `-role` only if the user has several roles in the account. */
  readonly template: NameTemplate | undefined;
  readonly session: string;
  readonly regions: readonly string[];
}

/**
 * Checks that regions are given if the template needs them.
 * @throws LatchkeyError USAGE if it has {region} and none is given.
 */
export function checkNaming(naming: Naming): Naming {
  const { template, regions } = naming;
  if (template === undefined || !hasField(template, "region") || regions.length > 0) return naming;
  throw usageError(
    "The template has {region}, and no region is given.",
    "Add --region, once for each that you want.",
  );
}

/**
 * @param held all roles of the user, even roles that get no profile. The number of roles in an account decides the
 * names, so that a different filter next time does not change them.
 */
export function planNames(
  held: readonly HeldRole[],
  isWanted: (held: HeldRole) => boolean,
  naming: Naming,
): WantedName[] {
  const { regions } = naming;
  const byAccount = Map.groupBy(held, ({ account }) => account.accountId);
  const shortNames = new Map(
    [...byAccount].map(([accountId, roles]) => [accountId, toShortNames(roles)] as const),
  );
  return held.filter(isWanted).flatMap((role) =>
    (regions.length === 0 ? [undefined] : regions).map((region) => ({
      ...role,
      region,
      name: profileName(role, region, naming, shortNames.get(role.account.accountId)),
    })),
  );
}

/**
 * For each role of one account, the part that is added to the name. The only role has none; other roles have their slug
 * if it is unique, else their encoded name.
 */
type ShortNames = ReadonlyMap<string, string>;

function toShortNames(roles: readonly HeldRole[]): ShortNames {
  if (roles.length === 1) return new Map();
  const bySlug = Map.groupBy(new Set(roles.map(({ roleName }) => roleName)), slug);
  const entries = [...bySlug].flatMap(([word, names]) =>
    names.map(
      (name) => [name, names.length === 1 && word !== "" ? word : encodeName(name)] as const,
    ),
  );
  return new Map(entries);
}

function profileName(
  { account, roleName }: HeldRole,
  region: string | undefined,
  { template, session, regions }: Naming,
  shortNames: ShortNames | undefined,
): string {
  const name =
    template === undefined
      ? [accountSlug(account), shortNames?.get(roleName)].filter(Boolean).join("-")
      : renderTemplate(template, { account, roleName, session, region });
  const isTold = regions.length < 2 || (template !== undefined && hasField(template, "region"));
  return isTold ? name : `${name}-${region ?? ""}`;
}
