import type { Context } from "../context.ts";
import type {
  Assignment,
  AssignmentStatus,
  Instance,
  OrganizationAccount,
  Principal,
} from "./aws/identity-center.ts";
import { LatchkeyError, isExpectedFailure, usageError } from "../errors.ts";
import { readId } from "../text/secrets/sent.ts";
import { redact } from "../text/secrets/redact.ts";
import type { AssignmentChange } from "./aws/instance.ts";
import type { Administrator } from "./aws/send.ts";
import { mapInOrder } from "./aws/sequences.ts";
import { requireAccount, requireInstance, requirePermissionSet, requirePrincipal } from "./find.ts";

/** Assigns a permission set to a principal on accounts, or removes the assignment. */

interface AssignOptions {
  readonly principal: { readonly type: Principal["type"]; readonly name: string };
  readonly permissionSet: string;
  readonly accounts: readonly string[];
  readonly remove: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly wait: boolean;
  readonly timeoutSeconds?: number | undefined;
  /** Shows the plan before anything is changed. */
  readonly show: (outcomes: readonly AssignOutcome[]) => void;
}

export type AssignState =
  "already-assigned" | "not-assigned" | "planned" | "assigned" | "removed" | "pending" | "failed";

export interface AssignOutcome {
  readonly accountId: string;
  readonly accountName: string | null;
  readonly principalId: string;
  readonly permissionSetArn: string;
  readonly state: AssignState;
  /** AWS's message if the change failed. */
  readonly reason: string | null;
  readonly requestId: string | null;
}

interface Plan {
  readonly instance: Instance;
  readonly change: AssignmentChange;
  readonly principal: Principal;
  readonly permissionSetArn: string;
}

/**
 * Returns the outcome of each account. Changes only the accounts that need it, and waits for AWS if `wait` is set.
 * @throws LatchkeyError USAGE, NOT_FOUND, CHECK_FAILED, CANCELLED; a failure on one account is in its outcome.
 */
export async function assign(
  context: Context,
  admin: Administrator,
  options: AssignOptions,
): Promise<AssignOutcome[]> {
  const instance = await requireInstance(admin);
  const { type, name } = options.principal;
  // The assignment may belong to a deleted group, which can only be given by its id.
  const isById = options.remove && PRINCIPAL_ID.test(name);
  const principal = isById ? { type, id: name } : await requirePrincipal(instance, type, name);
  const accounts = await Array.fromAsync(new Set(options.accounts), (wanted) =>
    requireAccount(admin, wanted),
  );
  const [first] = accounts;
  const wanted = options.permissionSet;
  const permissionSetArn = await requirePermissionSet(instance, wanted, first?.accountId);
  const change = options.remove ? "delete" : "create";
  const plan: Plan = { instance, change, principal, permissionSetArn };

  const planned = await Array.fromAsync(accounts, (account) => compareAccount(plan, account));
  options.show(planned);
  if (options.dryRun || planned.every(({ state }) => state !== "planned")) return planned;
  if (!options.yes) await confirmOrThrow(context, options.remove);

  const outcomes: AssignOutcome[] = [];
  for await (const outcome of mapInOrder(planned, AT_ONCE, (one) =>
    one.state === "planned" ? applyChange(context, plan, one, options) : Promise.resolve(one),
  )) {
    outcomes.push(outcome);
    context.terminal.showProgress(`${outcomes.length}/${planned.length} accounts`);
  }
  context.terminal.clearProgress();
  return outcomes;
}

/** For the whole organization together, AWS allows 15 changes at a time. */
const AT_ONCE = 8;

/** An id of Identity Store: a UUID, with ten hex digits before it in older directories. */
const PRINCIPAL_ID = /^([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function compareAccount(
  { instance, change, principal, permissionSetArn }: Plan,
  { accountId, accountName, state }: OrganizationAccount,
): Promise<AssignOutcome> {
  const { listAssignments } = await import("./aws/instance.ts");
  const assignments = await listAssignments(instance, accountId, permissionSetArn);
  const isAssigned = assignments.some(
    (one) => one.principal.id === principal.id && one.principal.type === principal.type,
  );
  const outcome = {
    accountId,
    accountName: accountName ?? null,
    principalId: principal.id,
    permissionSetArn,
    reason: null,
    requestId: null,
  };
  if (change === "create" && isAssigned) return { ...outcome, state: "already-assigned" };
  if (change === "delete" && !isAssigned) return { ...outcome, state: "not-assigned" };
  return state === "SUSPENDED"
    ? { ...outcome, state: "failed", reason: `The account ${accountId} is closed (SUSPENDED).` }
    : { ...outcome, state: "planned" };
}

async function confirmOrThrow({ terminal }: Context, isRemoval: boolean): Promise<void> {
  if (!terminal.interactive)
    throw usageError(
      "No one is at a terminal to agree to this change.",
      "Add --yes to make it without asking, or --dry-run to see it.",
    );
  if (!(await terminal.confirm(isRemoval ? "Remove this access?" : "Give this access?")))
    throw new LatchkeyError("CANCELLED", "Nothing was changed.");
}

async function applyChange(
  context: Context,
  plan: Plan,
  planned: AssignOutcome,
  options: AssignOptions,
): Promise<AssignOutcome> {
  const { startAssignment } = await import("./aws/instance.ts");
  const { instance, change, principal, permissionSetArn } = plan;
  const assignment: Assignment = { accountId: planned.accountId, permissionSetArn, principal };
  const started = await unlessRefused(() => startAssignment(instance, change, assignment));
  if (started instanceof LatchkeyError)
    return { ...planned, state: "failed", reason: redact(started.message) };
  if ("refused" in started)
    return { ...planned, state: "failed", reason: redact(`${started.words} (${started.refused})`) };
  const requestId = readId(started.requestId) ?? null;
  const ended = options.wait
    ? await unlessRefused(() =>
        awaitChange(context, plan, started, options.timeoutSeconds ?? LONGEST_WAIT_SECONDS),
      )
    : started;
  if (ended instanceof LatchkeyError)
    return { ...planned, requestId, state: "pending", reason: redact(ended.message) };
  return { ...planned, requestId, ...toOutcome(ended, change) };
}

/**
 * Returns an expected failure instead of throwing it: a failure on one account must not hide the outcomes of the others.
 */
async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | LatchkeyError> {
  try {
    return await ask();
  } catch (thrown) {
    if (isExpectedFailure(thrown) && thrown.code !== "CANCELLED") return thrown;
    throw thrown;
  }
}

function toOutcome(
  { status, failureReason }: AssignmentStatus,
  change: AssignmentChange,
): Pick<AssignOutcome, "state" | "reason"> {
  if (status === "FAILED")
    return { state: "failed", reason: redact(failureReason ?? "AWS gave no reason.") };
  if (status === "IN_PROGRESS") return { state: "pending", reason: null };
  return { state: change === "create" ? "assigned" : "removed", reason: null };
}

const LONGEST_WAIT_SECONDS = 300;
const LONGEST_STEP_SECONDS = 8;

/** Polls after 1, 2, 4, 8, 8… seconds. */
async function awaitChange(
  context: Context,
  { instance, change }: Plan,
  started: AssignmentStatus,
  seconds: number,
): Promise<AssignmentStatus> {
  const { fetchAssignmentStatus } = await import("./aws/instance.ts");
  const deadline = context.monotonic() + seconds * 1000;
  let current = started;
  let step = 1;
  while (current.status === "IN_PROGRESS" && context.monotonic() < deadline) {
    await context.sleep(step * 1000);
    step = Math.min(step * 2, LONGEST_STEP_SECONDS);
    current = await fetchAssignmentStatus(instance, change, started.requestId);
  }
  return current;
}
