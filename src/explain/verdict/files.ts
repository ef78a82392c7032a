import { quoteShellWord } from "../../text/shell-words.ts";
import { CAUSES } from "../causes.ts";
import type { ClientId } from "../message.ts";
import { findProcessFault } from "../machine/process-fault.ts";
import {
  describeCure,
  findFinding,
  judgeByRules,
  judgeRun,
  leaveOpen,
  no,
  takeFinding,
  yes,
  type Judge,
} from "./verdict.ts";

/** What files, variables and the profile's own program tell. Pure. */

export const judgeProfile: Judge = (facts, id) => {
  const { profile } = facts;
  const { name, by, nearest, file, isKnown, place } = profile;
  const finding = findFinding(facts, CAUSES[id].rules);
  if (isKnown) {
    if (finding !== undefined) return takeFinding(finding);
    return no(`the profile ${name} is in ${place ?? file}`);
  }
  // Whoever names no profile is without credentials; that there is no [default] is all right.
  if (by === "default" && facts.causes.includes("no-credentials"))
    return no(`no profile is named, and ${file} has no [default]`, "latchkey use");
  const cure =
    nearest.length === 0
      ? `latchkey configure --profile ${quoteShellWord(name)}`
      : `export AWS_PROFILE=${quoteShellWord(nearest[0] ?? "")}`;
  const known = nearest.length === 0 ? "" : `; the nearest names: ${nearest.join(", ")}`;
  return yes(`${file} has no profile ${name}${known}`, cure);
};

export const judgeSession: Judge = judgeByRules(({ session, profile }) => {
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
const OLD_CLIENTS: ReadonlySet<ClientId | undefined> = new Set(["serverless"]);

/** Serverless 3 takes keys from the environment or from a profile, and nothing else. */
export const judgeAge: Judge = (facts, id) => {
  const { name, hasSession, isKnown, place, roleFlags, region } = facts.profile;
  const quoted = quoteShellWord(name);
  const cure =
    facts.client === "serverless"
      ? `latchkey exec ${quoted} -- serverless deploy`
      : `latchkey configure --form credential-process --profile ${[quoted, roleFlags, region && `--region ${region}`].filter(Boolean).join(" ")}`;
  if (!isKnown) return leaveOpen(`the profile ${name} is not on this machine`, cure);
  const finding = findFinding(facts, CAUSES[id].rules);
  const isOld = facts.causes[0] === id || OLD_CLIENTS.has(facts.client);
  if (hasSession && isOld) return yes(`the profile ${name} has sso_session (${place ?? ""})`, cure);
  if (finding !== undefined) return takeFinding(finding);
  return no(
    hasSession
      ? `nothing says that this client is too old for the profile ${name}`
      : `the profile ${name} has no sso_session`,
  );
};

/** The doctor's rules, or what the client itself makes of the files. */
export const judgeConfig: Judge = judgeByRules((facts) => {
  const { outcome, name, file } = facts.profile;
  if (outcome?.kind === "refused") return yes(outcome.why, "latchkey doctor");
  return no(`${file} and the profile ${name} read well for this client`);
});

export const judgeOthers: Judge = judgeByRules(({ profile }) =>
  no(`no other credentials go before the profile ${profile.name}`, "latchkey whoami --clients"),
);

export const judgeProcess: Judge = (facts, id) => {
  const { process, profile } = facts;
  if (process === undefined)
    return no(`the profile ${profile.name} has no credential_process`, describeCure(facts, id));
  const { place, program = "its program", result } = process;
  const cure = `latchkey configure --profile ${quoteShellWord(profile.name)}`;
  const fault = findProcessFault(process);
  if (fault?.cause === id) return yes(fault.words, cure);
  const finding = findFinding(facts, CAUSES[id].rules);
  if (finding !== undefined) return takeFinding(finding);
  if (fault !== undefined) return judgeRun(false, fault.words, cure);
  if (id === "process-gone") return no(`${program} is there (${place})`);
  return result.kind === "not-run"
    ? leaveOpen(`the credential_process was not run (${place})`, cure)
    : no(`it printed credentials just now (${place})`);
};

export const judgeRegion: Judge = ({ profile, findings }) => {
  const { name, region } = profile;
  const empty = findings.find(({ id }) => id === "env-region-empty");
  if (empty !== undefined) return takeFinding(empty);
  if (region !== undefined) return no(`the Region is ${region}`);
  return yes(
    `neither the environment nor the profile ${name} says a Region`,
    `aws configure set region eu-west-1 --profile ${quoteShellWord(name)}`,
  );
};
