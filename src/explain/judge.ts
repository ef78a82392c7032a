import type { Finding } from "../doctor/findings.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { CAUSES, type CauseId } from "./causes.ts";
import type { ClientId } from "./message.ts";
import type { Attempt, Facts } from "./machine/facts.ts";
import { findTokenFault } from "./machine/token-fault.ts";

/** Whether a cause is so on this machine now, by what was found there. Pure. */

export type Here = "yes" | "no" | "unknown";

export interface Verdict {
  readonly cause: CauseId;
  readonly here: Here;
  /** What was checked, and what came of it. */
  readonly checked: string;
  /** A command that runs as it stands, or one act. */
  readonly cure: string;
}

type Judgement = Omit<Verdict, "cause">;
/** What is judged, and whether the message means this first of all. */
type Judged = Facts & { readonly isLikeliest: boolean };
type Judge = (facts: Judged, id: CauseId) => Judgement;

/**
 * The first cause, by the order of the list, that is so here; where none is, the likeliest, with what is so instead.
 * @param causes the likeliest first.
 */
export function judgeCauses(causes: readonly [CauseId, ...CauseId[]], facts: Facts): Verdict {
  const order = Object.keys(CAUSES);
  const judge = (cause: CauseId): Verdict => ({
    cause,
    ...JUDGES[cause]({ ...facts, isLikeliest: cause === causes[0] }, cause),
  });
  const likeliest = judge(causes[0]);
  const verdicts = [likeliest, ...causes.slice(1).map(judge)];
  return (
    verdicts
      .toSorted((a, b) => order.indexOf(a.cause) - order.indexOf(b.cause))
      .find(({ here }) => here === "yes") ?? likeliest
  );
}

const RUN_AGAIN = "Run the command again.";

const yes = (checked: string, cure: string): Judgement => ({ here: "yes", checked, cure });
const no = (checked: string, cure = RUN_AGAIN): Judgement => ({ here: "no", checked, cure });
const leaveOpen = (checked: string, cure: string): Judgement => ({
  here: "unknown",
  checked,
  cure,
});

function findFinding({ findings }: Facts, ids: readonly string[]): Finding | undefined {
  return findings.find(({ id }) => ids.includes(id));
}

function takeFinding({ summary, evidence, hint }: Finding): Judgement {
  return yes(`${summary} (${evidence})`, hint);
}

/** By the doctor's rules of the cause; where they find nothing, what is said otherwise. */
function judgeByRules(otherwise: Judge): Judge {
  return (facts, id) => {
    const finding = findFinding(facts, CAUSES[id].rules);
    return finding === undefined ? otherwise(facts, id) : takeFinding(finding);
  };
}

/** By what came of trying the same. */
function judgeByAttempt(find: (facts: Facts) => Attempt | undefined): Judge {
  return (facts, id) => {
    const attempt = find(facts);
    if (attempt === undefined) return leaveOpen(describeUnasked(facts), describeCure(facts, id));
    if (attempt.kind === "works") return no(attempt.words);
    const { causes, message, hint = describeCure(facts, id) } = attempt;
    return causes.includes(id)
      ? yes(message, hint)
      : no(`another thing is wrong: ${message}`, hint);
  };
}

function describeUnasked({ isOffline, profile, session }: Facts): string {
  if (isOffline) return "AWS was not asked (--offline)";
  if (session === undefined)
    return `the profile ${profile.name} has no SSO session that could be asked`;
  return "AWS was not asked";
}

/** The cure where nothing on this machine says more. */
function describeCure({ session, profile }: Facts, id: CauseId): string {
  const { cure } = CAUSES[id];
  if (cure.startsWith("latchkey login")) return session?.loginCommand ?? cure;
  if (cure === "latchkey whoami" && profile.isKnown)
    return `latchkey whoami --profile ${quoteShellWord(profile.name)}`;
  return cure;
}

const judgeProfile: Judge = (facts, id) => {
  const { profile } = facts;
  const { name, nearest, file, isKnown, place } = profile;
  const finding = findFinding(facts, CAUSES[id].rules);
  if (isKnown) {
    if (finding !== undefined) return takeFinding(finding);
    return no(`the profile ${name} is in ${place ?? file}`);
  }
  const cure =
    nearest.length === 0
      ? `latchkey configure --profile ${quoteShellWord(name)}`
      : `export AWS_PROFILE=${quoteShellWord(nearest[0] ?? "")}`;
  const known = nearest.length === 0 ? "" : `; the nearest there: ${nearest.join(", ")}`;
  return yes(`${file} has no profile ${name}${known}`, cure);
};

const judgeSession: Judge = judgeByRules(({ session, profile }) => {
  if (session?.isMissing === true)
    return yes(
      `${profile.file} has no sso-session ${session.label}`,
      `latchkey configure session --sso-session ${quoteShellWord(session.label)}`,
    );
  return session === undefined
    ? leaveOpen(`the profile ${profile.name} names no SSO session`, "latchkey doctor")
    : no(`the SSO session ${session.label} is in ${profile.file}`);
});

/** Those of which no version knows sso_session. */
const OLD_CLIENTS: ReadonlySet<ClientId | undefined> = new Set(["go-v1", "serverless"]);

/** Serverless 3 takes keys from the environment or from a profile, and nothing else. */
const judgeAge: Judge = (facts, id) => {
  const { name, hasSession, isKnown, place } = facts.profile;
  const quoted = quoteShellWord(name);
  const cure =
    facts.client === "serverless"
      ? `latchkey exec ${quoted} -- serverless deploy`
      : `latchkey configure --profile ${quoted} --form credential-process`;
  if (!isKnown) return leaveOpen(`the profile ${name} is not on this machine`, cure);
  const finding = findFinding(facts, CAUSES[id].rules);
  const isOld = facts.isLikeliest || OLD_CLIENTS.has(facts.client);
  if (hasSession && isOld) return yes(`the profile ${name} has sso_session (${place ?? ""})`, cure);
  return finding === undefined
    ? no(`the profile ${name} has no sso_session`)
    : takeFinding(finding);
};

/** The doctor's rules, or what the client itself makes of the files. */
const judgeConfig: Judge = judgeByRules((facts) => {
  const { outcome, name, file } = facts.profile;
  if (outcome?.kind === "refused") return yes(outcome.why, "latchkey doctor");
  return no(`${file} and the profile ${name} read well for this client`);
});

const judgeOthers: Judge = judgeByRules(({ profile }) =>
  no(`no other credentials go before the profile ${profile.name}`, "latchkey whoami --clients"),
);

const judgeProcess: Judge = (facts, id) => {
  const { process, profile } = facts;
  if (process === undefined)
    return no(`the profile ${profile.name} has no credential_process`, describeCure(facts, id));
  const { place, program = "the program", isThere, result } = process;
  const cure = `latchkey configure --profile ${quoteShellWord(profile.name)}`;
  if (!isThere)
    return id === "process-gone"
      ? yes(`${program} can't be started (${place})`, cure)
      : no(`${program} is not there at all (${place})`, cure);
  const finding = findFinding(facts, CAUSES[id].rules);
  if (finding !== undefined) return takeFinding(finding);
  if (id === "process-gone") return no(`${program} is there (${place})`, RUN_AGAIN);
  switch (result.kind) {
    case "not-run":
      return leaveOpen(`the credential_process was not run (${place})`, cure);
    case "silent":
      return judgeRun(
        id === "process-output",
        `it gave no answer in ${result.seconds} s, and may wait for one (${place})`,
        cure,
      );
    case "failed":
      return judgeRun(
        id === "process-failed",
        `it ended with exit code ${result.exitCode}: ${result.says} (${place})`,
        cure,
      );
    case "printed":
      if (result.fault === undefined) return no(`it printed credentials just now (${place})`);
      return judgeRun(id === "process-output", `${result.fault} (${place})`, cure);
  }
};

function judgeRun(isSo: boolean, checked: string, cure: string): Judgement {
  return isSo ? yes(checked, cure) : no(`another thing is wrong: ${checked}`, cure);
}

const judgeRegion: Judge = ({ profile, findings }) => {
  const { name, region } = profile;
  const empty = findings.find(({ id }) => id === "env-region-empty");
  if (empty !== undefined) return takeFinding(empty);
  if (region !== undefined) return no(`the Region is ${region}`);
  return yes(
    `neither the environment nor the profile ${name} says a Region`,
    `aws configure set region eu-west-1 --profile ${quoteShellWord(name)}`,
  );
};

const judgePortal = judgeByAttempt(({ session }) => session?.portal);

/** What is known of the token goes before what the portal said. */
const judgeToken: Judge = (facts, id) => {
  const { session, profile } = facts;
  if (session === undefined)
    return leaveOpen(`the profile ${profile.name} has no SSO session here`, "latchkey login");
  const { label, token, portal, loginCommand, isMissing } = session;
  if (isMissing) return leaveOpen(`there is no SSO session ${label} here`, "latchkey configure");
  const fault = findTokenFault(session);
  if (fault !== undefined) return judgeRun(id === fault.cause, fault.words, loginCommand);
  const until = token.kind === "token" ? token.until : "";
  if (portal !== undefined) return judgePortal(facts, id);
  return id === "token-missing" || id === "token-expired"
    ? no(`the token of ${label} is good until ${until}`)
    : leaveOpen(`the token of ${label} is good until ${until}; AWS was not asked`, loginCommand);
};

const judgeRole = judgeByAttempt(({ role }) => role);
const judgeIdentity = judgeByAttempt(({ identity }) => identity);

const judgeClock: Judge = judgeByRules(({ clockAheadSeconds, isOffline }) => {
  if (clockAheadSeconds === undefined)
    return leaveOpen(
      isOffline ? "the clock was not compared (--offline)" : "no service answered to compare with",
      "latchkey doctor",
    );
  return no(`the clock is ${Math.abs(clockAheadSeconds).toFixed(0)} s from the service's`);
});

/** Which action is refused is the service's to say: who asks, and what that role may do, can't be tried. */
const judgePermission: Judge = (facts) => {
  const { identity, names } = facts;
  const account = names.account ?? "";
  const cure = `latchkey roles ${account}`.trim();
  if (identity?.kind === "works")
    return leaveOpen(`${identity.words}; what it may do, AWS alone knows`, cure);
  if (identity === undefined) return leaveOpen(describeUnasked(facts), cure);
  return leaveOpen(`another thing is wrong: ${identity.message}`, identity.hint ?? cure);
};

const judgeRegistry: Judge = (facts, id) => {
  const { registry, identity } = facts;
  if (registry === undefined)
    return leaveOpen("the message names no registry", describeCure(facts, id));
  const { host, region, file, hasLogin, helper, isHelperThere } = registry;
  const isPublic = host.startsWith("public.");
  const cure = `aws ${isPublic ? "ecr-public" : "ecr"} get-login-password --region ${region ?? "us-east-1"} | docker login --username AWS --password-stdin ${host}`;
  if (helper !== undefined && !isHelperThere)
    return yes(`${file} names the helper docker-credential-${helper}, which is not on PATH`, cure);
  if (identity?.kind === "fails")
    return yes(`the credentials for it can't be had: ${identity.message}`, identity.hint ?? cure);
  if (helper !== undefined) return no(`the helper docker-credential-${helper} serves ${host}`);
  if (!hasLogin) return yes(`${file} has no login for ${host}`, cure);
  return leaveOpen(`${file} has a login for ${host}; one is good for 12 hours`, cure);
};

const judgeNothing: Judge = (facts, id) => {
  const { outcome, name } = facts.profile;
  const finding = findFinding(facts, CAUSES[id].rules);
  if (facts.identity?.kind === "works" && outcome?.kind !== "none") return no(facts.identity.words);
  if (outcome?.kind === "none")
    return finding === undefined ? yes(outcome.why, "latchkey use") : takeFinding(finding);
  if (facts.identity === undefined)
    return no(`the profile ${name} has credentials of its own`, "latchkey whoami --clients");
  return judgeIdentity(facts, id);
};

const JUDGES: Readonly<Record<CauseId, Judge>> = {
  "profile-missing": judgeProfile,
  "session-missing": judgeSession,
  "client-too-old": judgeAge,
  "config-invalid": judgeConfig,
  "other-credentials": judgeOthers,
  "process-gone": judgeProcess,
  "process-failed": judgeProcess,
  "process-output": judgeProcess,
  "region-missing": judgeRegion,
  "region-wrong": judgeByRules(judgePortal),
  certificate: judgeByRules(judgePortal),
  proxy: judgeByRules(judgePortal),
  unreachable: judgePortal,
  throttled: judgePortal,
  "clock-off": judgeClock,
  "token-missing": judgeToken,
  "scope-missing": judgeToken,
  "session-ended": judgeToken,
  "refresh-refused": judgeToken,
  "token-expired": judgeToken,
  "role-not-assigned": judgeRole,
  "assume-role-refused": judgeIdentity,
  "credentials-expired": judgeIdentity,
  "credentials-invalid": judgeIdentity,
  "permission-missing": judgePermission,
  "registry-login": judgeRegistry,
  "sign-in-ended": judgePortal,
  "no-credentials": judgeNothing,
};
