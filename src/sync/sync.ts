import type { Context } from "../context.ts";
import type { ConfigDocument } from "../aws-config/document.ts";
import { guardEdits } from "../aws-config/refuse.ts";
import { nameProgram } from "../profiles/change/change.ts";
import { formatUnifiedDiff } from "../profiles/change/text-diff.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import type { HeldRole } from "../configure/filter.ts";
import { applyPlanned, rememberUnchanged } from "./apply.ts";
import { planChange, type PlannedSync, type SyncRequest } from "./change.ts";
import type { SyncPlan } from "./plan.ts";
import { sessionFlagsText, type SsoSession } from "../model/sso-session.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { LatchkeyError, hasCode, usageError } from "../errors.ts";
import { readManagedMemory } from "../profiles/change/memory.ts";
import { settleHistory } from "../access/history/user-name.ts";
import { listRoles } from "../access/list.ts";
import type { Listing } from "../access/kept.ts";
import type { Progress } from "../access/crawl.ts";
import type { SignInOptions } from "../sign-in/method.ts";
import { listCredentialsFileProfiles } from "../profiles/known.ts";
import { readConfig } from "../profiles/select.ts";
import { signInOnTheWay } from "../sign-in/on-the-way.ts";
import { resolveTarget, type SyncAnswers, type SyncTarget, readSyncAnswers } from "./target.ts";

/**
 * Writes a profile for every role of the user: lists the roles, plans, shows the plan, asks, writes, and records the
 * written values.
 */

interface SyncOptions extends SignInOptions, Pick<SyncRequest, "prune" | "rename" | "force"> {
  /** The path of a team file. */
  readonly from?: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Use the last listing instead of asking AWS. */
  readonly cached: boolean;
  readonly progress: Progress | undefined;
  /** Shows the plan before latchkey asks or writes. */
  readonly show: (synced: SyncResult) => void;
}

export interface SyncResult {
  readonly session: string;
  readonly configFile: string;
  readonly held: readonly HeldRole[];
  readonly plan: SyncPlan;
  /** The start URL if the session is new or changes in the config; undefined if it does not. */
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
  const answers = await readSyncAnswers(options.from, given);
  return syncListed(context, answers, options, async (target) => {
    const { session, ...listing } = await fetchHeldRoles(context, target, options);
    if (!options.cached) await settleHistory(context, session);
    return listing;
  });
}

/** Options for making and applying a plan. */
interface ApplyOptions
  extends
    Pick<SyncRequest, "prune" | "rename" | "force">,
    Pick<SyncOptions, "dryRun" | "yes" | "show"> {
  readonly question?: string;
}

/** Like syncProfiles, but for roles that the caller has already listed. */
export function syncHeldRoles(
  context: Context,
  answers: SyncAnswers,
  held: HeldRoles,
  options: ApplyOptions,
): Promise<SyncResult> {
  return syncListed(context, answers, options, () => Promise.resolve(held));
}

type HeldRoles = Pick<Listing<HeldRole>, "items" | "isWhole">;

async function syncListed(
  context: Context,
  answers: SyncAnswers,
  options: ApplyOptions,
  list: (target: SyncTarget) => Promise<HeldRoles>,
): Promise<SyncResult> {
  const source = readConfig(context);
  guardEdits(source.document, source.file, options.force);
  const asks = context.terminal.interactive && !options.yes && !options.dryRun;
  const target = await resolveTarget(context, source, answers, { force: options.force, asks });
  const { items: held, isWhole } = await list(target);
  const { file } = source;
  // Renaming needs the complete list, because the number of roles in an account decides the names.
  const order = { ...options, held, isWhole, rename: options.rename && isWhole };
  const credentials = new Set(listCredentialsFileProfiles(context));
  const program = nameProgram(context, target.form);
  const request: SyncRequest = { ...order, target, file, program, credentials };
  // The record is read again each time, because another sync may have written the config since.
  const plan = (document: ConfigDocument): PlannedSync =>
    planChange(document, request, readManagedMemory(context.home, source.file));

  const planned = plan(source.document);
  refuseUnfitFilter(answers, request, planned);
  const synced = toSyncResult(source, request, planned);
  options.show(synced);
  if (options.dryRun) return synced;
  if (!synced.isChange) {
    await rememberUnchanged(context, source.file, planned, () => plan(source.document));
    return synced;
  }

  const onlyAdds = isAddingOnly(planned.plan);
  const { edited, isWritten } = await applyPlanned(context, source, {
    ...{ planned, plan, onlyAdds, program },
    ...{ form: target.form, yes: options.yes, question: options.question },
  });
  return { ...synced, plan: edited.plan, applied: isWritten };
}

function isAddingOnly({ change, remove }: SyncPlan): boolean {
  return change.length === 0 && remove.length === 0;
}

/**
 * @throws LatchkeyError USAGE if the filters match no role and there is nothing else to do. That is probably a typing error.
 */
function refuseUnfitFilter(
  { filters = [], excludes = [] }: SyncAnswers,
  { held, target }: SyncRequest,
  { plan }: PlannedSync,
): void {
  const isOfUse = held.some(target.isWanted) || plan.remove.length + plan.gone.length > 0;
  if (filters.length === 0 || isOfUse) return;
  const given = [
    ...filters.map((pattern) => `--filter ${quoteShellWord(pattern)}`),
    ...excludes.map((pattern) => `--exclude ${quoteShellWord(pattern)}`),
  ];
  throw usageError(
    `None of your ${held.length} roles matches ${given.join(" ")}. Nothing was written.`,
    `See them: latchkey roles ${sessionFlagsText(target.signIn)}`,
  );
}

/** Lists the roles. If a sign-in is needed, a user at a terminal can sign in; a script must be signed in already. */
async function fetchHeldRoles(
  context: Context,
  target: SyncTarget,
  options: SyncOptions,
): Promise<Listing<HeldRole> & { readonly session: SsoSession }> {
  const { sessionEdit } = target;
  const signIn = addSignInCommand(target);
  let listed = signIn;
  const list = (session: SsoSession): Promise<Listing<HeldRole>> => {
    listed = session;
    return listRoles(context, session, options);
  };
  try {
    const listing = await (options.cached
      ? list(signIn)
      : signInOnTheWay(context, signIn, list, options));
    if (listing.items.length === 0)
      throw new LatchkeyError(
        "ACCESS_DENIED",
        `No roles are available to you in ${target.session.name}. Nothing was changed.`,
        { hint: "Ask the administrator of your IAM Identity Center for an assignment." },
      );
    return { ...listing, session: listed };
  } catch (thrown) {
    if (!hasCode(thrown, "SIGN_IN_REQUIRED") || sessionEdit === undefined) throw thrown;
    throw new LatchkeyError("SIGN_IN_REQUIRED", thrown.message, {
      hint: `Run it at a terminal to sign in, or first run: latchkey configure session --sso-session ${target.session.name} --start-url ${signIn.startUrl} --sso-region ${signIn.region} --yes`,
      cause: thrown,
    });
  } finally {
    context.terminal.clearProgress();
  }
}

/** Adds the sign-in command for a session that is not in the config yet. Only this command can sign in to it. */
function addSignInCommand({ signIn, sessionEdit }: SyncTarget): SsoSession {
  if (sessionEdit === undefined) return signIn;
  const { name, startUrl, region } = signIn;
  const flags = `--sso-session ${quoteShellWord(name)} --start-url ${quoteShellWord(startUrl)} --sso-region ${region}`;
  return { ...signIn, signInCommand: `latchkey profiles sync ${flags}` };
}

function toSyncResult(
  source: ConfigSource,
  { target: { session, sessionEdit }, held }: SyncRequest,
  { plan, document }: PlannedSync,
): SyncResult {
  return {
    session: session.name,
    configFile: source.file,
    held,
    plan,
    sessionAt: sessionEdit === undefined ? undefined : session.startUrl,
    isChange: document !== source.document,
    formatDiff: () => formatUnifiedDiff(source.document, document, source.file),
    applied: false,
  };
}
