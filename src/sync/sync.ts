import type { Context } from "../context.ts";
import type { ConfigDocument } from "../aws-config/document.ts";
import { editConfig, type EditResult } from "../aws-config/edit.ts";
import { refuseUneditable } from "../aws-config/refuse.ts";
import { joinEdits, removeProfiles, renameProfiles } from "../aws-config/sections.ts";
import { formatUnifiedDiff } from "../profiles/text-diff.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { profileEdits } from "../profiles/edits.ts";
import type { HeldRole } from "../configure/filter.ts";
import { MANAGED_KEY } from "./managed-profiles.ts";
import { planSync, syncEdits, type SyncPlan } from "./plan.ts";
import type { WantedProfileKeys } from "./reconcile.ts";
import { planNames, type WantedName } from "./names.ts";
import { LatchkeyError, hasCode, isExpectedFailure } from "../errors.ts";
import { readManagedMemory, writeManagedMemory, type ManagedMemory } from "../profiles/memory.ts";
import { listRoles } from "../access/list.ts";
import type { Progress } from "../access/crawl.ts";
import { confirmOrThrow, noticeProblems, writeEdits } from "../profiles/change.ts";
import type { WizardLogin } from "../configure/wizard.ts";
import { notice } from "../terminal/notice.ts";
import { listCredentialsFileProfiles } from "../profiles/pick.ts";
import { readConfig } from "../profiles/select.ts";
import { login } from "../sign-in/login.ts";
import { resolveTarget, type SyncAnswers, type SyncTarget, readSyncAnswers } from "./target.ts";

/** A profile for every role that one holds: listed → planned → shown → agreed to → written at once. */

interface SyncOptions extends WizardLogin {
  /** Path of a team file. */
  readonly from?: string | undefined;
  readonly prune: boolean;
  readonly rename: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Plans from what was listed last, without asking the service. */
  readonly cached: boolean;
  readonly progress: Progress | undefined;
  /** Shows the plan before anything is asked or written. */
  readonly show: (synced: SyncResult) => void;
}

export interface SyncResult {
  readonly session: string;
  readonly configFile: string;
  readonly held: readonly HeldRole[];
  readonly plan: SyncPlan;
  /** Where the config gets the session, too, or another place for it. */
  readonly sessionAt: string | undefined;
  /** Whether there is anything to write. */
  readonly isChange: boolean;
  readonly formatDiff: () => string;
  readonly applied: boolean;
}

export async function syncProfiles(
  context: Context,
  given: SyncAnswers,
  options: SyncOptions,
): Promise<SyncResult> {
  const source = readConfig(context);
  refuseUneditable(source.document, source.file, options.force);
  const target = await resolveTarget(
    context,
    source,
    await readSyncAnswers(options.from, given),
    options.force,
  );
  const held = await fetchHeldRoles(context, target, options);
  const maker = buildPlan(context, source.file, target, { ...options, held });
  const planned = maker(source.document);
  const synced = toSyncResult(source, target, held, planned);
  options.show(synced);
  if (options.dryRun) return synced;
  if (!synced.isChange) {
    writeMemory(context, source.file, planned.plan.memory, undefined);
    return synced;
  }
  noticeProblems(context, source);
  await confirmOrThrow(context, options.yes, "Write them?");
  let last = planned;
  const planAgain = (document: ConfigDocument): EditResult => (last = maker(document)).edited;
  const applied = await writeEdits(context, source, {
    planned: planned.edited,
    edit: planAgain,
    onWritten: (after) => writeMemory(context, source.file, last.plan.memory, after),
  });
  return { ...synced, plan: last.plan, applied };
}

/** A person is signed in on the way; a script has to be already. */
async function fetchHeldRoles(
  context: Context,
  target: SyncTarget,
  options: SyncOptions,
): Promise<readonly HeldRole[]> {
  const { sessionEdit } = target;
  // A company's own address may lead to another region than the one that was given.
  const signIn =
    context.terminal.interactive && !options.cached
      ? (await login(context, target.signIn, { ...options, force: false })).session
      : target.signIn;
  try {
    const held = (
      await listRoles(context, signIn, { cached: options.cached, progress: options.progress })
    ).items;
    if (held.length === 0)
      throw new LatchkeyError(
        "ACCESS_DENIED",
        `No roles are available to you in ${target.session.name}. Nothing was changed.`,
        { hint: "Ask whoever administers your IAM Identity Center for an assignment." },
      );
    return held;
  } catch (thrown) {
    if (!hasCode(thrown, "SIGN_IN_REQUIRED") || sessionEdit === undefined) throw thrown;
    throw new LatchkeyError("SIGN_IN_REQUIRED", thrown.message, {
      hint: `Run it at a terminal, where it signs in; or first: latchkey configure session --sso-session ${target.session.name} --start-url ${signIn.startUrl} --sso-region ${signIn.region} --yes`,
      cause: thrown,
    });
  } finally {
    context.terminal.clearProgress();
  }
}

interface PlannedSync {
  readonly plan: SyncPlan;
  readonly edited: EditResult;
}

type SyncRules = Pick<SyncOptions, "prune" | "rename" | "force"> & Pick<SyncResult, "held">;

/** What a sync makes of a document: anew where somebody has written to the file meanwhile. */
function buildPlan(
  context: Context,
  file: string,
  target: SyncTarget,
  { held, prune, rename, force }: SyncRules,
): (document: ConfigDocument) => PlannedSync {
  const wanted = planNames(held, target.isWanted, target.naming).map((name) =>
    toProfileKeys(context, target, name),
  );
  const credentials = new Set(listCredentialsFileProfiles(context));
  return (document) => {
    const memory = readManagedMemory(context.home, file);
    const plan = planSync(document, {
      session: target.session.name,
      wanted,
      held,
      memory,
      credentials,
      prune,
      rename,
      force,
    });
    return { plan, edited: applyPlan(document, plan, { ...target, force, file }) };
  };
}

function toProfileKeys(
  { program }: Context,
  { session, form, output, extras }: SyncTarget,
  wanted: WantedName,
): WantedProfileKeys {
  const { name, account, roleName, region } = wanted;
  const [edit] = profileEdits({
    name,
    form,
    session,
    accountId: account.accountId,
    roleName,
    region,
    output,
    program,
  });
  return {
    ...wanted,
    keys: {
      set: [...(edit?.set ?? []), ...extras, [MANAGED_KEY, session.name]],
      remove: edit?.remove ?? [],
    },
  };
}

interface EditRules {
  readonly force: boolean;
  /** For messages. */
  readonly file: string;
}

/** What goes, goes first: so the new ones stand where nothing is left behind them. */
function applyPlan(
  document: ConfigDocument,
  plan: SyncPlan,
  { sessionEdit, force, file }: Pick<SyncTarget, "sessionEdit"> & EditRules,
): EditResult {
  const removed = removeProfiles(
    document,
    plan.remove.map(({ name }) => name),
    force,
    file,
  );
  const renamed = renameProfiles(
    removed.document,
    new Map(
      plan.change.filter(({ from, name }) => from !== name).map(({ from, name }) => [from, name]),
    ),
    force,
    file,
  );
  const edits = [
    ...syncEdits(plan, force),
    ...(sessionEdit === undefined ? [] : [{ ...sessionEdit, force }]),
  ];
  const edited =
    edits.length === 0
      ? { document: renamed.document, changes: [], removed: [] }
      : editConfig(renamed.document, edits, file);
  return joinEdits([removed, renamed, edited], edited.document);
}

function toSyncResult(
  source: ConfigSource,
  { session, sessionEdit }: SyncTarget,
  held: readonly HeldRole[],
  { plan, edited }: PlannedSync,
): SyncResult {
  return {
    session: session.name,
    configFile: source.file,
    held,
    plan,
    sessionAt: sessionEdit === undefined ? undefined : session.startUrl,
    isChange: edited.document !== source.document,
    formatDiff: () => formatUnifiedDiff(source.document.text, edited.document.text, source.file),
    applied: false,
  };
}

/** The config is what counts: without this memory, a later sync takes its values for the user's and leaves them alone. */
function writeMemory(
  context: Context,
  file: string,
  memory: ManagedMemory,
  left: Uint8Array | undefined,
): void {
  try {
    writeManagedMemory(context.home, file, memory, left);
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    notice(context, `what was written could not be remembered: ${thrown.message}`);
  }
}
