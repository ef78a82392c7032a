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

/** Another tool's roles as profiles of ours: read → planned → shown → agreed to → written at once → remembered. No request is made. */

export interface ImportAnswers {
  /** The tool's file where it lies elsewhere. */
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
  /** Shows the plan before anything is asked or written. */
  readonly show: (imported: ImportResult) => void;
}

export interface ImportResult {
  readonly tool: Tool;
  readonly configFile: string;
  readonly planned: PlannedImport;
  /** What could not be taken. */
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
  const order: ImportOrder = {
    ...{ roles, form, region, output: answers.output, ssoSession: answers.ssoSession },
    ...{ force: options.force, file: source.file, program: nameProgram(context, form) },
    credentials: new Set(listCredentialsFileProfiles(context)),
    findDefaults: createDefaultsFinder(context),
  };
  // The memory is read anew each time: whoever wrote the config meanwhile may have been a sync.
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
  const shown = { planned, plan, form, onlyAdds: true, yes };
  const { edited, isWritten } = await applyPlanned(context, source, shown);
  return { ...imported, planned: edited, applied: isWritten };
}

/** A name is for a session that is new. */
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

/** What `profiles sync` would name and write by, from files alone. */
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
