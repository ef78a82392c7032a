import type { Context } from "../context.ts";
import { diagnose, type Finding } from "../doctor/findings.ts";
import { observeMachine } from "../doctor/examine.ts";
import type { Observations } from "../doctor/observations.ts";
import { DOCTOR_RULES } from "../doctor/rule-table.ts";
import { usageError } from "../errors.ts";
import { isTerminal } from "../fs/descriptor.ts";
import { readEndOfStandardInput } from "../fs/stdin.ts";
import { CAUSES, type CauseId, type Check } from "./causes.ts";
import type { Facts } from "./machine/facts.ts";
import { judgeCauses } from "./verdict/judge.ts";
import type { Here, Verdict } from "./verdict/verdict.ts";
import { lookAtProcess, lookAtRegistry } from "./machine/local.ts";
import { lookAtSession, readClockAhead, tryIdentity, tryRole } from "./machine/attempts.ts";
import type { ClientId } from "./message.ts";
import type { Names } from "./names.ts";
import { readPastedText } from "./recognize.ts";
import { findTarget, type Target } from "./machine/target.ts";

/** Explains an error message of an AWS client: its meaning, whether its cause is present on this machine, and the fix. */

export interface Explanation {
  /** undefined: not recognised, or a message of an AWS service, which any client may print. */
  readonly client: ClientId | undefined;
  /** undefined: not recognised. */
  readonly cause: CauseId | undefined;
  readonly names: Names;
  readonly here: Here;
  /** What was checked, and the result; undefined if the message is not known. */
  readonly checked: string | undefined;
  /** The doctor's findings for this cause and profile; for an unknown message, all findings for the profile. */
  readonly findings: readonly Finding[];
  readonly cure: string;
  readonly profile: Target["profile"];
}

interface ExplainOptions {
  /** Make no requests, and run no programs. */
  readonly offline: boolean;
  /** `--profile` */
  readonly profile: string | undefined;
}

/** Bytes that are read from the end of a log. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Returns the arguments as text, else stdin, else what a person pastes.
 * @throws LatchkeyError USAGE if there is no text.
 */
export async function readError(context: Context, words: readonly string[]): Promise<string> {
  const text = words.length > 0 ? words.join(" ") : await readInput(context);
  if (/\S/.test(text)) return text;
  throw usageError(
    "There is no text to explain.",
    "Give the error as words, or pipe it in: terraform plan 2>&1 | latchkey explain",
  );
}

async function readInput({ terminal }: Context): Promise<string> {
  if (terminal.interactive)
    return terminal.askLines("Paste the error. An empty line or Ctrl-D ends it.");
  return isTerminal(0) ? "" : readEndOfStandardInput(MOST_BYTES);
}

export async function explain(
  context: Context,
  text: string,
  options: ExplainOptions,
): Promise<Explanation> {
  const { recognition, names } = readPastedText(text);
  const client = recognition?.client;
  const isRecognised = recognition !== undefined;
  const target = findTarget(context, { profile: options.profile, client, names, isRecognised });
  const known = { client, names, profile: target.profile };
  if (recognition === undefined)
    return { ...known, cause: undefined, ...(await examineProfile(context, target, options)) };
  const { causes } = recognition.message;
  const facts = await gatherFacts(context, { ...options, text, causes, target, known });
  const verdict = judgeCauses(causes, facts);
  return { ...known, ...verdict, findings: selectFindings(verdict, facts.findings) };
}

/** For an unknown message: the doctor's findings for the selected profile. */
async function examineProfile(
  context: Context,
  target: Target,
  { offline }: ExplainOptions,
): Promise<Pick<Explanation, "here" | "checked" | "findings" | "cure">> {
  const seen = await observeMachine(context, { offline, hasTools: false });
  const { findings } = diagnose(DOCTOR_RULES, seen, true);
  const own = findings.filter((finding) => concerns(finding, target));
  const [first] = own.filter(({ level }) => level === "fail");
  return {
    here: "unknown",
    checked: undefined,
    findings: own,
    cure: first?.hint ?? "latchkey whoami",
  };
}

interface Gathering extends ExplainOptions {
  readonly text: string;
  readonly causes: readonly CauseId[];
  readonly target: Target;
  readonly known: Pick<Facts, "client" | "names" | "profile">;
}

/** Runs only the checks that the causes need. */
async function gatherFacts(context: Context, wanted: Gathering): Promise<Facts> {
  const { causes, target, offline, text, known } = wanted;
  const checks = new Set<Check>(causes.flatMap((cause) => CAUSES[cause].checks));
  const rules: ReadonlySet<string> = new Set(causes.flatMap((cause) => CAUSES[cause].rules));
  const isAsked = (...some: readonly Check[]): boolean =>
    !offline && some.some((check) => checks.has(check));
  const seen = await observeMachine(context, {
    offline: !isAsked("clock"),
    hasTools: causes.includes("client-too-old"),
  });
  const judged = DOCTOR_RULES.filter(({ id }) => rules.has(id));
  const { findings, notices } = diagnose(judged, seen, true);
  // The checks run one after another: each may refresh the token, which the next check then uses.
  const needsSession = checks.has("session") || causes.includes("session-missing");
  const session = needsSession
    ? await lookAtSession(context, target, !isAsked("session"))
    : undefined;
  const role = isAsked("role") ? await tryRole(context, target, known.names) : undefined;
  const needsProcess =
    checks.has("identity") || causes.some((cause) => cause.startsWith("process-"));
  const process = needsProcess ? await lookAtProcess(context, target, offline) : undefined;
  const identity = isAsked("identity") ? await tryIdentity(context, target, process) : undefined;
  return {
    ...known,
    findings: [...findings, ...notices].filter((finding) => concerns(finding, target)),
    session,
    role,
    identity,
    process,
    registry: checks.has("registry") ? lookAtRegistry(context, target, text) : undefined,
    clockAheadSeconds: findClockAhead(context, seen),
    isOffline: offline,
  };
}

/** Returns the clock difference from the doctor's requests to services, else from the requests of this run. */
function findClockAhead(context: Context, { services }: Observations): number | undefined {
  const timed = services.find(({ aheadSeconds }) => aheadSeconds !== undefined);
  return timed?.aheadSeconds ?? readClockAhead(context);
}

/** Whether a finding concerns this profile or the whole machine. */
function concerns({ profiles }: Finding, { profile }: Target): boolean {
  return profiles.length === 0 || profiles.includes(profile.name);
}

/** Returns the findings of the verdict's cause. */
function selectFindings(
  { cause, here }: Verdict,
  findings: readonly Finding[],
): readonly Finding[] {
  if (here !== "yes") return [];
  const rules: readonly string[] = CAUSES[cause].rules;
  return findings.filter(({ id }) => rules.includes(id));
}
