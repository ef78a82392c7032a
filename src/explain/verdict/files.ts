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

/** Verdicts from files, variables and the profile's credential_process. Pure functions. */

export const judgeProfile: Judge = (facts, id) => {
  const { profile } = facts;
  const { name, by, nearest, file, isKnown, place } = profile;
  const finding = findFinding(facts, CAUSES[id].rules);
  if (isKnown) {
    if (finding !== undefined) return takeFinding(finding);
    return no(`the profile ${name} is in ${place ?? file}`);
  }
  // If the profile was not chosen by a name, the cause is missing credentials: a missing [default] is not an error.
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

/** Clients that do not support sso_session in any version. */
const OLD_CLIENTS: ReadonlySet<ClientId | undefined> = new Set(["serverless"]);

/** Serverless 3 supports only access keys, in the environment or a profile, so the cure is `latchkey exec`. */
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
      ? `nothing shows that this client is too old for the profile ${name}`
      : `the profile ${name} has no sso_session`,
  );
};

/** Uses the findings of the doctor's rules. Without findings, checks whether the client can read the files. */
export const judgeConfig: Judge = judgeByRules((facts) => {
  const { outcome, name, file } = facts.profile;
  if (outcome?.kind === "refused") return yes(outcome.why, "latchkey doctor");
  return no(`this client can read ${file} and the profile ${name}`);
});

export const judgeOthers: Judge = judgeByRules(({ profile }) =>
  no(`no other credentials override the profile ${profile.name}`, "latchkey whoami --clients"),
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
  if (id === "process-gone") return no(`${program} exists (${place})`);
  return result.kind === "not-run"
    ? leaveOpen(`the credential_process was not run (${place})`, cure)
    : no(`the credential_process printed credentials (${place})`);
};

export const judgeRegion: Judge = ({ profile, findings }) => {
  const { name, region } = profile;
  const empty = findings.find(({ id }) => id === "env-region-empty");
  if (empty !== undefined) return takeFinding(empty);
  if (region !== undefined) return no(`the Region is ${region}`);
  return yes(
    `neither the environment nor the profile ${name} has a Region`,
    `aws configure set region eu-west-1 --profile ${quoteShellWord(name)}`,
  );
};
