import type { Finding } from "../../doctor/findings.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { CAUSES, type CauseId } from "../causes.ts";
import type { Attempt, Facts } from "../machine/facts.ts";

/** Functions that build verdicts. They are pure. */

export type Here = "yes" | "no" | "unknown";

export interface Verdict {
  readonly cause: CauseId;
  readonly here: Here;
  /** What was checked, and the result. */
  readonly checked: string;
  /** A command that runs as printed, or one action. */
  readonly cure: string;
}

export type Judgement = Omit<Verdict, "cause">;
/** The facts, with the message's possible causes, the most likely one first. */
type Judged = Facts & { readonly causes: readonly CauseId[] };
export type Judge = (facts: Judged, id: CauseId) => Judgement;

const RUN_AGAIN = "Run the command again.";

export const yes = (checked: string, cure: string): Judgement => ({ here: "yes", checked, cure });
export const no = (checked: string, cure = RUN_AGAIN): Judgement => ({ here: "no", checked, cure });
export const leaveOpen = (checked: string, cure: string): Judgement => ({
  here: "unknown",
  checked,
  cure,
});

export function findFinding({ findings }: Facts, ids: readonly string[]): Finding | undefined {
  return findings.find(({ id }) => ids.includes(id));
}

export function takeFinding({ summary, evidence, hint }: Finding): Judgement {
  return yes(`${summary} (${evidence})`, hint);
}

/** Uses the findings of the doctor's rules for the cause. Without findings, calls `otherwise`. */
export function judgeByRules(otherwise: Judge): Judge {
  return (facts, id) => {
    const finding = findFinding(facts, CAUSES[id].rules);
    return finding === undefined ? otherwise(facts, id) : takeFinding(finding);
  };
}

/** Uses the result of an attempt. */
export function judgeByAttempt(find: (facts: Facts, id: CauseId) => Attempt | undefined): Judge {
  return (facts, id) => {
    const attempt = find(facts, id);
    if (attempt === undefined) return leaveOpen(describeUnasked(facts), describeCure(facts, id));
    if (attempt.kind === "works") return no(attempt.words);
    const { causes, message, hint = describeCure(facts, id) } = attempt;
    return causes.includes(id)
      ? yes(message, hint)
      : no(`the problem is a different one: ${message}`, hint);
  };
}

export function describeUnasked({ isOffline, profile, session }: Facts): string {
  if (isOffline) return "AWS was not asked (--offline)";
  if (session === undefined)
    return `the profile ${profile.name} has no SSO session, so AWS was not asked`;
  return "AWS was not asked";
}

/** Returns the general cure, completed with the session or the profile. */
export function describeCure({ session, profile }: Facts, id: CauseId): string {
  const { cure } = CAUSES[id];
  if (cure.startsWith("latchkey login")) return session?.loginCommand ?? cure;
  if (cure === "latchkey whoami" && profile.isKnown)
    return `latchkey whoami --profile ${quoteShellWord(profile.name)}`;
  return cure;
}

export function judgeRun(isSo: boolean, checked: string, cure: string): Judgement {
  return isSo ? yes(checked, cure) : no(`the problem is a different one: ${checked}`, cure);
}
