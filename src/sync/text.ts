import { accountLabel } from "../model/account.ts";
import { maskValue } from "../text/secrets/config-value.ts";
import { plural } from "../text/terminal.ts";
import type { HeldRole } from "../configure/filter.ts";
import { COLLISION_REASONS, type Collision } from "./collisions.ts";
import type { ManagedProfile } from "./managed-profiles.ts";
import type { ReconciledProfile, SyncPlan } from "./plan.ts";
import type { WantedProfileKeys } from "./reconcile.ts";
import type { SyncResult } from "./sync.ts";

/** Formats a plan for people: `+` new, `~` changed, `-` removed, `!` not created. The counts come last. */

/** The maximum number of lines of each kind. Further lines are only counted. */
const MOST_LINES = 10;

/** Returns the first lines of a kind, followed by the number of further lines. If `all`, returns all lines. */
export function limitLines(lines: readonly string[], all: boolean): readonly string[] {
  if (all || lines.length <= MOST_LINES) return lines;
  const more = `  … ${lines.length - MOST_LINES} more (--all shows every line)`;
  return [...lines.slice(0, MOST_LINES), more];
}

/** @param all Show every line. */
export function planText(
  { session, configFile, held, plan, sessionAt, isChange }: SyncResult,
  all: boolean,
): string[] {
  const [counts = "", ...more] = countsText(plan);
  const lines = [
    ...(sessionAt === undefined ? [] : [`  + [sso-session ${session}]  ${sessionAt}`]),
    ...planLines(plan, all),
  ];
  const last = `${isChange ? counts : counts.replace(/^0 to add, 0 to change, 0 to remove, /, "Unchanged: ")}   ${configFile}`;
  return [rolesText(held, session), "", ...lines, ...(lines.length > 0 ? [""] : []), ...more, last];
}

/** Formats the plan of a profile for one role. */
export function onePlanText({ plan, configFile }: SyncResult): string[] {
  return [`A profile for this role, in ${configFile}:`, ...planLines(plan, true)];
}

/** Returns a text like `corp: 50 accounts, 3 roles each`. */
function rolesText(held: readonly HeldRole[], session: string): string {
  const perAccount = [...Map.groupBy(held, ({ account }) => account.accountId).values()].map(
    (roles) => roles.length,
  );
  const [first = 0] = perAccount;
  const roles =
    perAccount.every((count) => count === first) && perAccount.length > 1
      ? `${plural(first, "role")} each`
      : plural(held.length, "role");
  return `${session}: ${plural(perAccount.length, "account")}, ${roles}`;
}

export function planLines(plan: SyncPlan, all: boolean): string[] {
  const width = Math.max(
    0,
    ...[...plan.add, ...plan.change].slice(0, 500).map(({ name }) => name.length),
    ...plan.remove.slice(0, 500).map(({ name }) => name.length),
  );
  const kinds = [
    plan.add.map((wanted) => addLine(wanted, width)),
    plan.change.map((settled) => changeLine(settled, width)),
    plan.remove.map((profile) => removeLine(profile, width)),
    plan.collisions.map(collisionLine),
  ];
  return kinds.flatMap((lines) => limitLines(lines, all));
}

function addLine(wanted: WantedProfileKeys, width: number): string {
  const { name, account, roleName, region, formerName } = wanted;
  const words = [account.accountId, roleName, region, formerName && `(${formerName})`];
  return `  + ${name.padEnd(width)}  ${words.filter(Boolean).join(" ")}`;
}

function changeLine({ from, name, changes }: ReconciledProfile, width: number): string {
  const renamed = from === name ? [] : [`was ${from}`];
  const keys = changes.map(({ key, before, after }) => {
    const [old, fresh] = [valueText(key, before), valueText(key, after)];
    return before === null ? `${key} = ${fresh}` : `${key} ${old} → ${fresh}`;
  });
  return `  ~ ${name.padEnd(width)}  ${[...renamed, ...keys].join(", ")}`;
}

function valueText(key: string, value: string | null): string {
  if (value === null) return "nothing";
  return maskValue(key, value);
}

function removeLine(
  { name, accountId = "", roleName = "" }: ManagedProfile,
  width: number,
): string {
  return `  - ${name.padEnd(width)}  ${accountId} ${roleName} is no longer assigned to you`;
}

function collisionLine({ wanted: { name, account, roleName }, reason }: Collision): string {
  return `  ! ${name === "" ? "(no name)" : name}  ${COLLISION_REASONS[reason]}  (${roleName} in ${accountLabel(account)})`;
}

/** Returns a text like `148 to add, 1 to change, 1 to remove, 12 of yours left alone.` and lines of advice. */
function countsText(plan: SyncPlan): string[] {
  const { add, change, remove, kept, collisions } = plan;
  const yours = collisions.filter(({ reason }) => reason === "yours").length;
  const clashes = collisions.length - yours;
  const counts = [
    `${add.length} to add`,
    `${change.length} to change`,
    `${remove.length} to remove`,
    `${kept} kept`,
  ];
  const more = [
    yours > 0 ? `${yours} of yours left alone` : "",
    clashes > 0 ? `${clashes} not made` : "",
  ].filter((words) => words !== "");
  return [`${[...counts, ...more].join(", ")}.`, ...listAdvice(plan)];
}

/** Returns advice: the flags that would change the profiles that this plan leaves unchanged. */
function listAdvice({ gone, otherNames }: SyncPlan): string[] {
  const edited = gone.filter(({ isEdited }) => isEdited).length;
  const left: ReadonlyArray<readonly [count: number, words: string]> = [
    [
      gone.length - edited,
      "of roles that are no longer assigned to you stay: --prune removes them.",
    ],
    [
      edited,
      "of roles that are no longer assigned to you stay, since you have edited them: --prune --force removes them.",
    ],
    [
      otherNames.length,
      `would get another name now (${example(otherNames)}): --rename changes the name if the new one is free.`,
    ],
  ];
  return left
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${plural(count, "profile")} ${words}`);
}

function example([first]: readonly ReconciledProfile[]): string {
  return first === undefined ? "" : `${first.name}, not ${first.wanted.name}`;
}
