import type { Collision } from "../sync/collisions.ts";
import { limitLines, planLines } from "../sync/text.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { plural } from "../text/terminal.ts";
import type { LeftOut } from "./entry.ts";
import type { ImportResult } from "./import.ts";

/** Formats an import's plan for people: `+` new, `!` not created or not imported. The counts come last. */

/** @param all Show every line. */
export function importText(imported: ImportResult, all: boolean): string[] {
  const { tool, planned, left, isChange, configFile } = imported;
  const { add, collisions, kept } = planned.plan;
  const fresh = planned.sessions.filter(({ isNew, plan }) => isNew && plan.add.length > 0);
  const lines = [
    ...fresh.map(({ session }) => `  + [sso-session ${session.name}]  ${session.startUrl}`),
    ...planLines(planned.plan, all),
    ...limitLines(left.map(formatLeft), all),
  ];
  const counts = [
    isChange ? `${add.length} to add` : "",
    kept > 0 ? `${plural(kept, "role")} with a profile that every AWS client reads` : "",
    collisions.length > 0 ? `${collisions.length} not made` : "",
    left.length > 0 ? `${left.length} not taken` : "",
  ].filter((words) => words !== "");
  const last = `${isChange ? "" : "Unchanged: "}${counts.join(", ")}.   ${configFile}`;
  const heading = `${tool}: ${plural(add.length + collisions.length + kept, "role")}`;
  const advice = adviseNaming(imported);
  return [heading, "", ...lines, ...(lines.length > 0 ? [""] : []), ...advice, last];
}

/** Returns the command that creates a profile for a role if all names for it are taken. */
function adviseNaming({ planned: { sessions } }: ImportResult): string[] {
  const isNameless = ({ reason }: Collision): boolean => reason !== "double";
  const found = sessions.find(({ plan }) => plan.collisions.some(isNameless));
  const role = found?.plan.collisions.find(isNameless)?.wanted;
  if (found === undefined || role === undefined) return [];
  const { name, startUrl, region } = found.session;
  const place = found.isNew
    ? ` --start-url ${quoteShellWord(startUrl)} --sso-region ${region}`
    : "";
  const words = `--sso-session ${quoteShellWord(name)}${place} --account-id ${role.account.accountId} --role-name ${quoteShellWord(role.roleName)}`;
  return [`To add such a role under a new name: latchkey configure NEW-NAME ${words}`];
}

function formatLeft({ place, reason }: LeftOut): string {
  return `  ! ${place}: ${reason}`;
}
