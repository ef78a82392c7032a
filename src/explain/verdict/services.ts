import { CLOCK_CURE, clockOffText, isClockWrong } from "../../aws/call/clock.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { CAUSES } from "../causes.ts";
import type { SessionFacts } from "../machine/facts.ts";
import { findTokenFault } from "../machine/token-fault.ts";
import {
  describeCure,
  describeUnasked,
  findFinding,
  judgeByAttempt,
  judgeRun,
  leaveOpen,
  no,
  takeFinding,
  yes,
  type Judge,
} from "./verdict.ts";

/** Verdicts from the token and AWS's answers. Pure functions. */

export const judgePortal = judgeByAttempt(({ session }) => session?.portal);

/** Judges the connection to AWS by the first attempt that failed with this cause, else by the first that failed. */
export const judgeWay = judgeByAttempt((facts, id) => {
  const tried = [facts.session?.portal, facts.identity].filter((each) => each !== undefined);
  const failed = tried.filter((each) => each.kind === "fails");
  return failed.find(({ causes }) => causes.includes(id)) ?? failed[0] ?? tried[0];
});

/** Uses the facts about the token before the portal's response. */
export const judgeToken: Judge = (facts, id) => {
  const { session, profile } = facts;
  if (session === undefined)
    return leaveOpen(`the profile ${profile.name} has no SSO session`, "latchkey login");
  const { label, token, portal, loginCommand, isMissing } = session;
  if (isMissing) return leaveOpen(`the SSO session ${label} does not exist`, "latchkey configure");
  const fault = findTokenFault(session);
  if (fault !== undefined) return judgeRun(id === fault.cause, fault.words, loginCommand);
  const until = token.kind === "token" ? token.until : "";
  if (portal !== undefined) return judgePortal(facts, id);
  return id === "token-missing" || id === "token-expired"
    ? no(`the token of ${label} is valid until ${until}`)
    : leaveOpen(`the token of ${label} is valid until ${until}; AWS was not asked`, loginCommand);
};

/** A token from another Region means that the session's Region was changed or is wrong. */
export const judgePlace: Judge = (facts, id) => {
  const { session } = facts;
  const fault = session && findTokenFault(session);
  if (session?.token.kind !== "foreign" || fault?.cause !== "region-wrong")
    return judgeWay(facts, id);
  return yes(fault.words, writeSession({ ...session, region: session.token.region }));
};

const NEEDED_SCOPE = "sso:account:access";

export const judgeScopes: Judge = (facts, id) => {
  const { session } = facts;
  if (session?.scopes === undefined || session.scopes.includes(NEEDED_SCOPE))
    return judgeToken(facts, id);
  return yes(
    `the SSO session ${session.label} asks for ${session.scopes.join(", ")}, not for ${NEEDED_SCOPE}`,
    `${writeSession(session)} --sso-registration-scopes ${NEEDED_SCOPE}`,
  );
};

/** Returns the command that rewrites the session's section. */
function writeSession({ label, startUrl, region }: SessionFacts): string {
  return `latchkey configure session --sso-session ${quoteShellWord(label)} --start-url ${quoteShellWord(startUrl)} --sso-region ${region} --force`;
}

export const judgeRole = judgeByAttempt(({ role }) => role);
export const judgeIdentity = judgeByAttempt(({ identity }) => identity);

export const judgeClock: Judge = ({ clockAheadSeconds, isOffline }) => {
  if (clockAheadSeconds === undefined)
    return leaveOpen(
      isOffline
        ? "the clock was not compared (--offline)"
        : "no service answered, so the clock was not compared",
      "latchkey doctor",
    );
  return isClockWrong(clockAheadSeconds)
    ? yes(`the clock of this machine is ${clockOffText(clockAheadSeconds)}`, CLOCK_CURE)
    : no(`the clock differs from the service's by ${Math.abs(clockAheadSeconds).toFixed(0)} s`);
};

/** latchkey can't check a role's permissions: only the service's response shows whether an action is allowed. */
export const judgePermission: Judge = (facts, id) => {
  const { identity, names, client } = facts;
  const account = names.account ?? "";
  const cure = `latchkey roles ${account}`.trim();
  // The identity attempt calls sts:GetCallerIdentity, so this action can be checked.
  const isIdentity = names.action === "sts:GetCallerIdentity" || client === "latchkey";
  if (identity?.kind === "works" && isIdentity) return no(identity.words);
  if (identity?.kind === "works")
    return leaveOpen(`${identity.words}; latchkey can't check its permissions`, cure);
  if (identity === undefined) return leaveOpen(describeUnasked(facts), cure);
  if (identity.causes.includes(id)) return yes(identity.message, cure);
  return leaveOpen(`the problem is a different one: ${identity.message}`, identity.hint ?? cure);
};

export const judgeRegistry: Judge = (facts, id) => {
  const { registry, identity } = facts;
  if (registry === undefined)
    return leaveOpen("the message names no registry", describeCure(facts, id));
  const { host, region, file, hasLogin, helper, isHelperThere } = registry;
  const isPublic = host.startsWith("public.");
  const cure = `aws ${isPublic ? "ecr-public" : "ecr"} get-login-password --region ${region ?? "us-east-1"} | docker login --username AWS --password-stdin ${host}`;
  if (helper !== undefined && !isHelperThere)
    return yes(`${file} names the helper docker-credential-${helper}, which is not on PATH`, cure);
  if (identity?.kind === "fails")
    return yes(
      `there are no credentials for the registry: ${identity.message}`,
      identity.hint ?? cure,
    );
  if (helper !== undefined) return no(`the helper docker-credential-${helper} serves ${host}`);
  if (!hasLogin) return yes(`${file} has no login for ${host}`, cure);
  return leaveOpen(`${file} has a login for ${host}; a login is valid for 12 hours`, cure);
};

export const judgeNothing: Judge = (facts, id) => {
  const { outcome, name } = facts.profile;
  const finding = findFinding(facts, CAUSES[id].rules);
  if (facts.identity?.kind === "works" && outcome?.kind !== "none") return no(facts.identity.words);
  if (outcome?.kind === "none")
    return finding === undefined ? yes(outcome.why, "latchkey use") : takeFinding(finding);
  if (facts.identity === undefined)
    return no(`the profile ${name} has its own credentials`, "latchkey whoami --clients");
  return judgeIdentity(facts, id);
};
