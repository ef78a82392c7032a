import type { Context } from "../context.ts";
import {
  toBlockedVerdict,
  CHECK_IDS,
  toExitCode,
  type Check,
  type CheckId,
  type CheckStatus,
  type Verdict,
} from "./report.ts";
import { EXIT, isExpectedFailure } from "../errors.ts";
import type { CheckOptions, CheckState } from "./check-state.ts";
import { findScimToken } from "./scim/token.ts";
import { assignmentStep, permissionSetStep } from "./steps/access.ts";
import { groupStep, memberStep, userStep } from "./steps/directory.ts";
import {
  instanceStep,
  metadataStep,
  scimReachStep,
  scimTokenStep,
  serviceProviderStep,
} from "./steps/setup.ts";
import { identityStep, portalStep } from "./steps/sign-in.ts";

/** The twelve steps, made one after the other; one cause gives one failure. */

interface Step {
  readonly id: CheckId;
  /** Steps whose failure leaves nothing to judge here: so one cause gives one failure. */
  readonly needs: readonly CheckId[];
  run(facts: CheckState, statusOf: (id: CheckId) => CheckStatus | undefined): Promise<Verdict>;
}

/** In the order in which they are made: the instance's region is what the URLs of step 2 are compared with. */
const STEPS: readonly Step[] = [
  { id: "metadata", needs: [], run: metadataStep },
  { id: "instance", needs: [], run: instanceStep },
  { id: "sp-urls", needs: [], run: serviceProviderStep },
  { id: "scim-reach", needs: [], run: scimReachStep },
  { id: "scim-token", needs: ["scim-reach"], run: scimTokenStep },
  { id: "user", needs: [], run: userStep },
  {
    id: "group",
    needs: [],
    run: (facts, statusOf) => groupStep(facts, statusOf("user") === "fail"),
  },
  { id: "member", needs: ["user", "group"], run: memberStep },
  { id: "permission-set", needs: ["instance"], run: permissionSetStep },
  { id: "assignment", needs: ["group", "permission-set"], run: assignmentStep },
  { id: "portal", needs: ["assignment", "member", "user"], run: portalStep },
  { id: "identity", needs: ["portal"], run: identityStep },
];

/** What a step learns for another although it may not be shown itself. */
const LEARNS_FROM: Readonly<Partial<Record<CheckId, readonly CheckId[]>>> = {
  "sp-urls": ["instance"],
  "scim-reach": ["instance"],
  user: ["instance", "scim-reach"],
  group: ["user"],
  portal: ["instance"],
  identity: ["user"],
};

interface CheckRun {
  /** The steps to show; what they stand on is made all the same. */
  readonly only: readonly CheckId[];
  /** How long to look again until all is well; 0 looks once. */
  readonly watchSeconds: number;
  readonly onStep: (id: CheckId) => void;
}

/** A push takes Okta some seconds, an assignment AWS some minutes. */
const WATCH_STEP_SECONDS = 5;

export async function checkFederation(
  context: Context,
  options: CheckOptions,
  run: CheckRun,
): Promise<Check[]> {
  const end = context.monotonic() + run.watchSeconds * 1000;
  const token = memoize(() =>
    options.knownToken === undefined
      ? findScimToken(context, options.tokenStdin, options.scimEndpoint)
      : Promise.resolve(options.knownToken),
  );
  for (;;) {
    const checks = await runSteps({ context, options, readToken: token }, run);
    const left = end - context.monotonic();
    if (toExitCode(checks, false) === EXIT.OK || left <= 0) return checks;
    await context.sleep(Math.min(left, WATCH_STEP_SECONDS * 1000));
  }
}

/** stdin can be read only once. */
function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function runSteps(facts: CheckState, { only, onStep }: CheckRun): Promise<Check[]> {
  const { context } = facts;
  const made = new Map<CheckId, Check>();
  const wanted = addPrerequisites(only);
  for (const step of STEPS) {
    if (!wanted.has(step.id)) continue;
    onStep(step.id);
    const started = context.monotonic();
    const verdict = await judgeStep(step, facts, made);
    made.set(step.id, {
      id: step.id,
      ...verdict,
      durationMs: Math.round(context.monotonic() - started),
    });
  }
  return CHECK_IDS.filter((id) => only.includes(id)).flatMap((id) => made.get(id) ?? []);
}

function addPrerequisites(only: readonly CheckId[]): Set<CheckId> {
  const wanted = new Set<CheckId>();
  const add = (id: CheckId): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const other of [
      ...(STEPS.find((step) => step.id === id)?.needs ?? []),
      ...(LEARNS_FROM[id] ?? []),
    ])
      add(other);
  };
  for (const id of only) add(id);
  return wanted;
}

async function judgeStep(
  step: Step,
  facts: CheckState,
  made: ReadonlyMap<CheckId, Check>,
): Promise<Verdict> {
  const blocker =
    step.needs.find((id) => isBlocking(made.get(id))) ??
    (step.id === "user" || step.id === "group" ? findLostSource(facts, made) : undefined);
  if (blocker !== undefined) return toBlockedVerdict(blocker);
  try {
    return await step.run(facts, (id) => made.get(id)?.status);
  } catch (thrown) {
    return toVerdict(thrown);
  }
}

/** A step that was left out for want of input blocks nobody. */
function isBlocking(check: Check | undefined): boolean {
  return (
    check !== undefined &&
    (check.status === "fail" || check.status === "unknown" || check.blockedBy !== undefined)
  );
}

/** With no witness left, the step that lost one is what blocks. */
function findLostSource(
  { instance, scim }: CheckState,
  made: ReadonlyMap<CheckId, Check>,
): CheckId | undefined {
  if (instance !== undefined || scim !== undefined) return undefined;
  return (["instance", "scim-reach"] as const).find((id) => isBlocking(made.get(id)));
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

/** No access, no network, no sign-in: the step can't be judged, which is not the same as failed. */
function toVerdict(thrown: unknown): Verdict {
  if (!isExpectedFailure(thrown) || !UNDETERMINED.has(thrown.code)) throw thrown;
  return {
    status: "unknown",
    code: `FED-${thrown.code.replaceAll("_", "-")}`,
    summary: thrown.message,
    hint: thrown.hint === undefined ? [] : [thrown.hint],
  };
}
