import type { Context } from "../../context.ts";
import { parseConfig } from "../../aws-config/document.ts";
import { undoConfigChange } from "../../aws-config/file.ts";
import {
  digest,
  listUndo,
  previewUndo,
  type ExportStep,
  type UndoableStep,
  type UndoResult,
} from "../../aws-config/undo-record.ts";
import { usageError } from "../../errors.ts";
import { configFilePath, credentialsFilePath } from "../../fs/paths.ts";
import { lockOptions } from "../../fs/lock.ts";
import { confirmOrThrow, removeMovedSessions } from "./change.ts";
import { digestConfig, listExports, undoExport, type UndoableExport } from "./exported.ts";
import { restoreManagedMemory } from "./memory.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { formatUnifiedDiff } from "./text-diff.ts";
import { clockTime } from "../../text/terminal.ts";

/** Undoes latchkey's changes of the config and of its sections in the credentials file, the latest first. */

interface UndoOptions {
  readonly yes: boolean;
  /** Shows what will change. A change of the config is shown as a unified diff. */
  readonly show: (lines: readonly string[]) => void;
}

export interface UndoSummary {
  /** The config; the credentials file if a section of that file was restored or removed. */
  readonly file: string;
  readonly restored: boolean;
  /** The path of the backup that was restored; null if there was no file before the change, or nothing to restore. */
  readonly from: string | null;
  /** The path of a backup by an older latchkey, which can't be restored. */
  readonly left?: string | undefined;
  /** The section of the credentials file that was restored or removed. */
  readonly section?: { readonly name: string; readonly isGone: boolean };
}

/** A change by latchkey that is still in a file. */
export type ListedChange = Pick<UndoableStep, "command" | "at" | "backup" | "state">;

/** Returns the changes in the config and in latchkey's sections of the credentials file, latest first. */
export function listChanges(context: Context): {
  readonly file: string;
  readonly steps: readonly ListedChange[];
} {
  const file = configFilePath(context.home, context.env);
  const exported = listExports(context).map((step) => ({ ...step, backup: undefined }));
  const configured = listUndo(context.home, file);
  return { file, steps: mergeChanges(exported, configured, digestConfig(context)) };
}

/** Merges both lists in the order in which they are undone. @param present the digest of the config after these changes. */
function mergeChanges(
  exported: readonly (ListedChange & Pick<ExportStep, "config">)[],
  configured: readonly UndoableStep[],
  present: string,
): ListedChange[] {
  const [exportStep, ...olderExports] = exported;
  const [configStep, ...olderConfigs] = configured;
  if (exportStep === undefined || configStep === undefined) return [...exported, ...configured];
  return isLater(exportStep, configStep, present)
    ? [exportStep, ...mergeChanges(olderExports, configured, present)]
    : [configStep, ...mergeChanges(exported, olderConfigs, configStep.before ?? EMPTY)];
}

const EMPTY = digest(new Uint8Array());

/** Undoes the last change. Asks only at a terminal without --yes, because the user has already asked for the undo. */
export async function undoLastChange(context: Context, options: UndoOptions): Promise<UndoSummary> {
  const configFile = configFilePath(context.home, context.env);
  const found = previewUndo(context.home, configFile);
  const [exported] = listExports(context);
  const isExport =
    exported !== undefined &&
    (found.kind === "nothing" || isLater(exported, found.step, digestConfig(context)));
  if (isExport) return undoLastExport(context, exported, options);
  refuseForeignChange(context, found, configFile);
  if (found.kind === "restored" && context.terminal.interactive && !options.yes) {
    const [now, then] = [parseConfig(found.after), parseConfig(found.before)];
    options.show(formatUnifiedDiff(now, then, configFile).trimEnd().split("\n"));
    await confirmOrThrow(context, false, `Put this back in ${configFile}?`);
  }
  const undone = await undoConfigChange(context.home, configFile, lockOptions(context), (after) =>
    restoreManagedMemory(context.home, configFile, after),
  );
  refuseForeignChange(context, undone, configFile);
  if (undone.kind === "nothing")
    return { file: configFile, restored: false, from: null, left: undone.left };
  removeMovedSessions(context, parseConfig(undone.after), parseConfig(undone.before));
  return { file: configFile, restored: true, from: undone.step.backup ?? null };
}

/**
 * Returns whether the export was made after the config's change: the config is the same as at the export, or the
 * export's time is later.
 */
function isLater(
  exported: Pick<ExportStep, "at" | "config">,
  configured: Pick<UndoableStep, "at">,
  present: string,
): boolean {
  return exported.config === present || +exported.at > +configured.at;
}

async function undoLastExport(
  context: Context,
  exported: UndoableExport,
  { yes, show }: UndoOptions,
): Promise<UndoSummary> {
  const { name, before } = exported;
  const file = credentialsFilePath(context.home, context.env);
  if (exported.state === "changed")
    throw usageError(
      `[${name}] in ${file} has been changed since latchkey wrote it (${exported.command}, ${clockTime(exported.at, context.now())}). Nothing was put back.`,
      `To remove it as it is: latchkey profiles rm ${quoteShellWord(name)}`,
    );
  const isGone = before === undefined;
  if (context.terminal.interactive && !yes) {
    show([file, `  ${isGone ? "-" : "~"} [${name}]${isGone ? "" : "  as it was before"}`]);
    await confirmOrThrow(context, false, `Put this back in ${file}?`);
  }
  await undoExport(context, exported);
  return { file, restored: true, from: null, section: { name, isGone } };
}

/** @throws LatchkeyError USAGE if the undo would also remove what another program has written. */
function refuseForeignChange(
  context: Context,
  found: UndoResult,
  file: string,
): asserts found is Exclude<UndoResult, { kind: "changed" }> {
  if (found.kind !== "changed") return;
  const { command, at, backup } = found.step;
  throw usageError(
    `${file} has been changed since latchkey wrote it (${command}, ${clockTime(at, context.now())}): what was written there since would be lost. Nothing was put back.`,
    backup === undefined
      ? "There was nothing in it before: remove by hand what you no longer want."
      : `The earlier version is in ${backup}: copy back by hand what you want.`,
  );
}
