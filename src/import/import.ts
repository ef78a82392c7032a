import { readKnownAccess } from "../access/known.ts";
import type { ConfigDocument } from "../aws-config/document.ts";
import { guardEdits } from "../aws-config/refuse.ts";
import type { Context } from "../context.ts";
import { parseTemplate } from "../model/name-template.ts";
import { tokenCacheKey } from "../model/sso-session.ts";
import { nameProgram } from "../profiles/change/change.ts";
import type { WritableForm } from "../profiles/change/edits.ts";
import { readManagedMemory } from "../profiles/change/memory.ts";
import { formatUnifiedDiff } from "../profiles/change/text-diff.ts";
import { listCredentialsFileProfiles } from "../profiles/known.ts";
import { readConfig } from "../profiles/select.ts";
import { readSettings } from "../settings/file.ts";
import { checkNewRegion } from "../settings/change.ts";
import { applyPlanned } from "../sync/apply.ts";
import { notice } from "../terminal/notice.ts";
import type { LeftOut } from "./entry.ts";
import { planImport, type ImportOrder, type PlannedImport, type SessionDefaults } from "./plan.ts";
import { readTool, type Tool } from "./sources.ts";

/**
 * Imports another tool's roles as profiles: reads files, plans, shows the plan, asks, writes and records the values.
 * Makes no requests.
 */

export interface ImportAnswers {
  /** The path of the tool's file, if the file is not in its usual directory. */
  readonly from?: string | undefined;
  readonly ssoSession?: string | undefined;
  readonly form?: WritableForm | undefined;
  readonly region?: string | undefined;
  readonly output?: string | undefined;
}

interface ImportOptions {
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Called before a question or a write. */
  readonly show: (imported: ImportResult) => void;
}

export interface ImportResult {
  readonly tool: Tool;
  readonly configFile: string;
  readonly planned: PlannedImport;
  /** Entries that can't be imported. */
  readonly left: readonly LeftOut[];
  /** Whether there is anything to write. */
  readonly isChange: boolean;
  readonly formatDiff: () => string;
  readonly applied: boolean;
}

export async function importProfiles(
  context: Context,
  tool: Tool,
  answers: ImportAnswers,
  options: ImportOptions,
): Promise<ImportResult> {
  const source = readConfig(context);
  guardEdits(source.document, source.file, options.force);
  const { region, form = "sso-session" } = answers;
  if (region !== undefined) checkNewRegion(context, region, options.force);
  const { roles, left } = await readTool(context, tool, { source, from: answers.from });
  const program = nameProgram(context, form);
  const order: ImportOrder = {
    ...{ roles, form, region, output: answers.output, ssoSession: answers.ssoSession },
    ...{ force: options.force, file: source.file, program },
    credentials: new Set(listCredentialsFileProfiles(context)),
    findDefaults: createDefaultsFinder(context),
  };
  // The recorded values are read again each time, because a sync may have written the config in the meantime.
  const plan = (document: ConfigDocument): PlannedImport =>
    planImport(document, readManagedMemory(context.home, source.file), order);

  const planned = plan(source.document);
  noticeUnusedName(context, answers.ssoSession, planned);
  const imported: ImportResult = {
    ...{ tool, configFile: source.file, planned, left, applied: false },
    isChange: planned.document !== source.document,
    formatDiff: () => formatUnifiedDiff(source.document, planned.document, source.file),
  };
  options.show(imported);
  if (options.dryRun || !imported.isChange) return imported;

  const { yes } = options;
  const shown = { planned, plan, form, program, onlyAdds: true, yes };
  const { edited, isWritten } = await applyPlanned(context, source, shown);
  return { ...imported, planned: edited, applied: isWritten };
}

/** Prints a notice if the given session name is not used, because the config has a session with that start URL. */
function noticeUnusedName(
  context: Context,
  ssoSession: string | undefined,
  { sessions }: PlannedImport,
): void {
  const names = sessions.map(({ session }) => session.name);
  if (ssoSession === undefined || names.length === 0 || names.includes(ssoSession)) return;
  notice(
    context,
    `--sso-session ${ssoSession} is not used: the config has a session of that start URL (${names.join(", ")}).`,
  );
}

/** Returns a function for the naming and defaults that `profiles sync` would use for a session, from local files only. */
function createDefaultsFinder({ home, env }: Context): (session: string) => SessionDefaults {
  const everywhere = readKnownAccess(home, undefined).accounts;
  return (session) => {
    const { template, ...settings } = readSettings(home, env, session);
    const { accounts, roles } = readKnownAccess(home, tokenCacheKey(session));
    const byId = new Map(
      [...everywhere, ...accounts].map((each) => [each.accountId, each] as const),
    );
    const listed = roles.flatMap(({ accountId, roleName }) => {
      const account = byId.get(accountId);
      return account === undefined ? [] : [{ account, roleName }];
    });
    return {
      template: template === undefined ? undefined : parseTemplate(template),
      region: settings["default-region"],
      output: settings["default-output"],
      listed,
      accounts: byId,
    };
  };
}
