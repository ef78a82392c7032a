import { usageError } from "../errors.ts";
import {
  accountSlug,
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
  const holdings = new Map<string, number>();
  for (const { account } of held)
    holdings.set(account.accountId, (holdings.get(account.accountId) ?? 0) + 1);
  return held.filter(isWanted).flatMap((role) =>
    (regions.length === 0 ? [undefined] : regions).map((region) => ({
      ...role,
      region,
      name: profileName(role, region, naming, holdings.get(role.account.accountId) ?? 1),
    })),
  );
}

function profileName(
  { account, roleName }: HeldRole,
  region: string | undefined,
  { template, session, regions }: Naming,
  rolesThere: number,
): string {
  const name =
    template === undefined
      ? formatDefaultName(accountSlug(account), roleName, rolesThere)
      : renderTemplate(template, { account, roleName, session, region });
  const isTold = regions.length < 2 || (template !== undefined && hasField(template, "region"));
  return isTold ? name : `${name}-${region ?? ""}`;
}

function formatDefaultName(account: string, roleName: string, rolesThere: number): string {
  return rolesThere > 1 ? `${account}-${slug(roleName)}` : account;
}
