import type { Context } from "../../context.ts";
import { parseConfig } from "../../aws-config/document.ts";
import { listUndo, previewUndo, undoConfigChange, type UndoResult } from "../../aws-config/file.ts";
import type { UndoableStep } from "../../aws-config/undo-record.ts";
import { usageError } from "../../errors.ts";
import { configFilePath } from "../../fs/paths.ts";
import { lockOptions } from "../../fs/lock.ts";
import { confirmOrThrow, removeMovedSessions } from "./change.ts";
import { restoreManagedMemory } from "./memory.ts";
import { formatUnifiedDiff } from "./text-diff.ts";
import { clockTime } from "../../text/terminal.ts";

/** What latchkey has changed in the config, taken back: the last change, then the one before it. */

interface UndoOptions {
  readonly yes: boolean;
  /** Shows what will change, as a unified diff. */
  readonly show: (diff: string) => void;
}

export interface UndoSummary {
  readonly configFile: string;
  readonly restored: boolean;
  /** Path of the version that was put back; null where there was no file, or nothing to put back. */
  readonly from: string | null;
  /** Path of a version that an older latchkey left, and that is not put back. */
  readonly left?: string | undefined;
}

/** The changes that are in the config, latest first. */
export function listChanges(context: Context): { configFile: string; steps: UndoableStep[] } {
  const configFile = configFilePath(context.home, context.env);
  return { configFile, steps: listUndo(context.home, configFile) };
}

/** Asks only a person: whoever names this command has said what is to be done. */
export async function undoLastChange(context: Context, options: UndoOptions): Promise<UndoSummary> {
  const configFile = configFilePath(context.home, context.env);
  const found = previewUndo(context.home, configFile);
  refuseForeignChange(context, found, configFile);
  if (found.kind === "restored" && context.terminal.interactive && !options.yes) {
    const [now, then] = [parseConfig(found.after), parseConfig(found.before)];
    options.show(formatUnifiedDiff(now.text, then.text, configFile));
    await confirmOrThrow(context, false, `Put this back in ${configFile}?`);
  }
  const undone = await undoConfigChange(context.home, configFile, lockOptions(context), (after) =>
    restoreManagedMemory(context.home, configFile, after),
  );
  refuseForeignChange(context, undone, configFile);
  if (undone.kind === "nothing")
    return { configFile, restored: false, from: null, left: undone.left };
  removeMovedSessions(context, parseConfig(undone.after), parseConfig(undone.before));
  return { configFile, restored: true, from: undone.step.backup ?? null };
}

/** @throws LatchkeyError USAGE where it would undo what somebody else wrote. */
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
      ? "There was nothing in it before: take out by hand what you no longer want."
      : `What was there before is in ${backup}: put back by hand what you want of it.`,
  );
}
