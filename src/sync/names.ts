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

/** The names that the profiles of one's roles would have: one for each role, and for each region where there are several. */

export interface WantedName extends HeldRole {
  readonly name: string;
  readonly region: string | undefined;
  /** Where one profile has another than the rest. */
  readonly output?: string | undefined;
  /** What another tool calls it, where that name is taken. */
  readonly formerName?: string | undefined;
}

export interface Naming {
  /** undefined: the account, and `-role` only where one holds several there. */
  readonly template: NameTemplate | undefined;
  readonly session: string;
  readonly regions: readonly string[];
}

/** @throws LatchkeyError USAGE where the template wants a region and there is none. */
export function checkNaming(naming: Naming): Naming {
  const { template, regions } = naming;
  if (template === undefined || !hasField(template, "region") || regions.length > 0) return naming;
  throw usageError(
    "The template has {region}, and no region is given.",
    "Add --region, once for each that you want.",
  );
}

/**
 * @param held all roles that one holds, whichever of them become profiles: how many an account has decides its names, so
 * that another filter next time changes none.
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

/** What a name says of each role of one account: nothing of an only one, and else its slug where no other role has that. */
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
