import type { Context } from "../context.ts";
import { addRunFlags } from "./administrator.ts";
import { toExitCode } from "./report.ts";
import { EXIT, isExpectedFailure } from "../errors.ts";
import { redact } from "../text/secrets/redact.ts";
import { findScimToken } from "./scim/token.ts";
import {
  CHECK_IDS,
  block,
  fail,
  hasSucceeded,
  type Check,
  type CheckId,
  type CheckOptions,
  type CheckState,
  type Step,
  type Verdict,
} from "./step.ts";
import { assignmentStep } from "./steps/assignment.ts";
import { groupStep } from "./steps/group.ts";
import { identityStep } from "./steps/identity.ts";
import { instanceStep } from "./steps/instance.ts";
import { memberStep } from "./steps/member.ts";
import { metadataStep } from "./steps/metadata.ts";
import { permissionSetStep } from "./steps/permission-set.ts";
import { portalStep } from "./steps/portal.ts";
import { scimReachStep } from "./steps/scim-reach.ts";
import { scimTokenStep } from "./steps/scim-token.ts";
import { serviceProviderStep } from "./steps/sp-urls.ts";
import { userStep } from "./steps/user.ts";

/**
 * Runs the steps of `federation check` in order. A step that needs a failed step is skipped: one cause gives one failure.
 */

const STEPS: readonly Step[] = [
  metadataStep,
  serviceProviderStep,
  instanceStep,
  scimReachStep,
  scimTokenStep,
  userStep,
  groupStep,
  memberStep,
  permissionSetStep,
  assignmentStep,
  portalStep,
  identityStep,
];

interface CheckRun {
  /** The steps whose results are shown. The steps that they depend on also run. */
  readonly only: readonly CheckId[];
  /** How long to repeat the check until it succeeds; 0 checks once. */
  readonly watchSeconds: number;
  readonly onStep: (id: CheckId) => void;
}

/** Okta needs seconds to push a change, and AWS needs minutes to apply an assignment. */
const WATCH_STEP_SECONDS = 5;

export async function checkFederation(
  context: Context,
  options: CheckOptions,
  run: CheckRun,
): Promise<Check[]> {
  const end = context.monotonic() + run.watchSeconds * 1000;
  const readToken = createTokenReader(context, options);
  for (;;) {
    const checks = await runSteps({ context, options, readToken, checks: new Map() }, run);
    const left = end - context.monotonic();
    if (toExitCode(checks, false) === EXIT.OK || left <= 0) return checks;
    await context.sleep(Math.min(left, WATCH_STEP_SECONDS * 1000));
  }
}

/** Returns a function that reads the token once, since stdin can be read only once. */
function createTokenReader(
  context: Context,
  { knownToken, tokenStdin, scimEndpoint }: CheckOptions,
): CheckState["readToken"] {
  let token: string | Promise<string | undefined> | undefined = knownToken;
  return async () => (token ??= findScimToken(context, tokenStdin, scimEndpoint));
}

async function runSteps(state: CheckState, { only, onStep }: CheckRun): Promise<Check[]> {
  const { context, checks } = state;
  for (const step of listStepsToRun(only)) {
    onStep(step.id);
    const startedAt = context.monotonic();
    const judged = await judge(step, state);
    const hint = judged.hint.map((line) => addRunFlags(line, state.options.administrator));
    const verdict = { ...judged, summary: redact(judged.summary), hint };
    const durationMs = Math.round(context.monotonic() - startedAt);
    checks.set(step.id, { id: step.id, ...verdict, durationMs });
  }
  return CHECK_IDS.filter((id) => only.includes(id)).flatMap((id) => checks.get(id) ?? []);
}

/** Returns the steps to run, each after the steps that it depends on. */
function listStepsToRun(only: readonly CheckId[]): ReadonlySet<Step> {
  const steps = new Set<Step>();
  const add = (ids: readonly CheckId[]): void => {
    for (const step of STEPS.filter(({ id }) => ids.includes(id))) {
      const { needs = [], needsOneOf = [], learnsFrom = [] } = step;
      add([...needs, ...needsOneOf, ...learnsFrom]);
      steps.add(step);
    }
  };
  add(only);
  return steps;
}

async function judge(step: Step, state: CheckState): Promise<Verdict> {
  const blocker = findBlocker(step, state.checks);
  if (blocker !== undefined) return block(blocker);
  try {
    return await step.judge(state);
  } catch (thrown) {
    return toUnknown(thrown);
  }
}

/** Returns the step whose failure makes this step pointless. */
export function findBlocker(
  { needs = [], needsOneOf = [] }: Pick<Step, "needs" | "needsOneOf">,
  checks: ReadonlyMap<CheckId, Verdict>,
): CheckId | undefined {
  const isBlocking = (id: CheckId): boolean => {
    const check = checks.get(id);
    // A step that was skipped because its input is missing blocks no other step.
    return check?.status === "skip" ? check.blockedBy !== null : !hasSucceeded(check);
  };
  const isLacking = !needsOneOf.some((id) => hasSucceeded(checks.get(id)));
  return [...needs, ...(isLacking ? needsOneOf : [])].find(isBlocking);
}

const UNDETERMINED: ReadonlySet<string> = new Set([
  "ACCESS_DENIED",
  "UNREACHABLE",
  "THROTTLED",
  "BAD_RESPONSE",
  "SIGN_IN_REQUIRED",
  "NOT_FOUND",
  "CHECK_FAILED",
]);

/**
 * A failure of access, network or sign-in does not show whether the step is right, so the verdict is `unknown`, not `fail`.
 */
function toUnknown(thrown: unknown): Verdict {
  if (!isExpectedFailure(thrown) || !UNDETERMINED.has(thrown.code)) throw thrown;
  const code = `FED-${thrown.code.replaceAll("_", "-")}`;
  return { ...fail(code, thrown.message, thrown.hint ?? []), status: "unknown" };
}
