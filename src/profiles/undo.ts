import type { Context } from "../context.ts";
import { parseConfig, listSessionNames, type ConfigDocument } from "../aws-config/document.ts";
import { toLatin1 } from "../aws-config/text.ts";
import { listLineNames, formatUnifiedDiff } from "../aws-config/text-diff.ts";
import { readSession } from "./profile.ts";
import { usageError } from "../errors.ts";
import { previewUndo, undoConfigChange, type UndoResult } from "../aws-config/undo.ts";
import { configFilePath } from "../fs/paths.ts";
import { removeSessionRoles } from "../token/role-cache.ts";
import { confirmOrThrow } from "./change.ts";
import { lockOptions } from "../fs/lock.ts";

/** The last change that latchkey made to the config, taken back: by a sync, or by configure. */

interface UndoOptions {
  readonly yes: boolean;
  /** Shows what will change, as a unified diff. */
  readonly show: (diff: string) => void;
}

interface UndoSummary {
  readonly configFile: string;
  readonly restored: boolean;
  /** Path of the version that was put back; null where there was no file, or nothing to put back. */
  readonly from: string | null;
}

/** Asks only a person: whoever names this command has said what is to be done. */
export async function undoLastChange(context: Context, options: UndoOptions): Promise<UndoSummary> {
  const file = configFilePath(context.home, context.env);
  const found = checkUndo(previewUndo(context.home, file), file);
  if (found === undefined) return { configFile: file, restored: false, from: null };
  if (context.terminal.interactive && !options.yes) {
    options.show(formatUnifiedDiff(toLatin1(found.after), toLatin1(found.before), file));
    await confirmOrThrow(context, false, `Put this back in ${file}?`);
  }
  const undone = checkUndo(await undoConfigChange(context.home, file, lockOptions(context)), file);
  if (undone === undefined) return { configFile: file, restored: false, from: null };
  removeMovedSessions(context, parseConfig(undone.after), parseConfig(undone.before), file);
  return { configFile: file, restored: true, from: undone.from ?? null };
}

const MOST_LINES = 8;

/** undefined where there is nothing to put back. @throws LatchkeyError USAGE where it would undo what somebody else wrote. */
function checkUndo(
  found: UndoResult,
  file: string,
): Extract<UndoResult, { kind: "restored" }> | undefined {
  if (found.kind === "nothing") return undefined;
  if (found.kind === "restored") return found;
  const { left, now, backup } = found;
  const { come, gone } = listLineNames(toLatin1(left), toLatin1(now));
  const losses = [
    come.length > 0 ? `${formatNames(come)} would be lost` : "",
    gone.length > 0 && come.length === 0
      ? `what was removed there would come back: ${formatNames(gone)} of the version before`
      : "",
  ].filter((words) => words !== "");
  throw usageError(
    `${file} has been changed since latchkey wrote it${losses.length > 0 ? `: ${losses.join("; ")}` : ""}. Nothing was put back.`,
    backup === undefined
      ? "There was nothing in it before: take out by hand what you no longer want."
      : `What was there before is in ${backup}: put back by hand what you want of it.`,
  );
}

function formatNames(names: readonly string[]): string {
  const more = names.length - MOST_LINES;
  return `${names.slice(0, MOST_LINES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Role credentials of a session that now leads elsewhere are another Identity Center's. */
function removeMovedSessions(
  context: Context,
  after: ConfigDocument,
  before: ConfigDocument,
  file: string,
): void {
  for (const name of listSessionNames(after))
    if (locateProfile(after, name, file) !== locateProfile(before, name, file))
      removeSessionRoles(context.home, name);
}

function locateProfile(document: ConfigDocument, name: string, file: string): string | undefined {
  try {
    const { startUrl, region } = readSession({ document, file }, name);
    return `${startUrl} ${region}`;
  } catch {
    return undefined;
  }
}
