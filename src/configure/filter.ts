import { usageError } from "../errors.ts";
import type { Account } from "../model/account.ts";

/**
 * `--filter` and `--exclude` select the roles that become profiles. A pattern is a glob for the whole word (`*`, `?`,
 * ignoring case), or a field, a colon and a glob: `account:payments-*`, `role:ViewOnly*`.
 */

export interface HeldRole {
  readonly account: Account;
  readonly roleName: string;
}

export type RoleFilter = (held: HeldRole) => boolean;

/** Field → the words it is compared with; "" is a pattern without a field. */
const FIELDS = new Map<string, (held: HeldRole) => ReadonlyArray<string | undefined>>([
  ["", ({ account, roleName }) => [account.accountId, account.accountName, roleName]],
  ["account", ({ account }) => [account.accountId, account.accountName]],
  ["role", ({ roleName }) => [roleName]],
  ["email", ({ account }) => [account.emailAddress]],
]);

const EXAMPLE = "For example: --filter 'account:payments-*' --exclude role:Billing";

interface Pattern {
  readonly field: string;
  readonly matches: RoleFilter;
}

/**
 * Matches a role if, for each field, one of its filters matches, and no exclude matches.
 * @throws LatchkeyError USAGE for an unknown field or an empty pattern.
 */
export function parseRoleFilter(
  filters: readonly string[],
  excludes: readonly string[],
): RoleFilter {
  const byField = Map.groupBy(filters.map(parsePattern), ({ field }) => field);
  const unwanted = excludes.map(parsePattern);
  return (held) =>
    [...byField.values()].every((alternatives) =>
      alternatives.some(({ matches }) => matches(held)),
    ) && !unwanted.some(({ matches }) => matches(held));
}

function parsePattern(text: string): Pattern {
  const [, field = "", glob = ""] = /^(?:([a-z]+):)?(.*)$/su.exec(text) ?? [];
  const words = FIELDS.get(field);
  if (words === undefined)
    throw usageError(
      `There is no field "${field}" to filter by, in ${JSON.stringify(text)}. There are: account, role, email.`,
      EXAMPLE,
    );
  if (glob === "")
    throw usageError(`The pattern ${JSON.stringify(text)} has nothing to compare with.`, EXAMPLE);
  const fits = createMatcher(glob);
  return { field, matches: (held) => words(held).some((word) => word !== undefined && fits(word)) };
}

/**
 * Matches without a regular expression, because a glob as a regular expression can take exponential time on some names.
 */
function createMatcher(glob: string): (word: string) => boolean {
  const wanted = Array.from(glob.toLowerCase());
  return (word) => {
    const letters = Array.from(word.toLowerCase());
    let [at, star, resume] = [0, -1, 0];
    for (let index = 0; index < letters.length;) {
      if (wanted[at] === "*") {
        star = at;
        at += 1;
        resume = index;
      } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === letters[index])) {
        at += 1;
        index += 1;
      } else if (star !== -1) {
        at = star + 1;
        resume += 1;
        index = resume;
      } else {
        return false;
      }
    }
    return wanted.slice(at).every((letter) => letter === "*");
  };
}
