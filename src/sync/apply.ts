import type { ConfigDocument } from "../aws-config/document.ts";
import { fileLockName } from "../aws-config/file.ts";
import type { Context } from "../context.ts";
import { isExpectedFailure } from "../errors.ts";
import { lockOptions, withLock } from "../fs/lock.ts";
import {
  confirmOrThrow,
  noticeProblems,
  writeEdits,
  type ProcessProgram,
} from "../profiles/change/change.ts";
import { isRecorded, writeManagedMemory } from "../profiles/change/memory.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { notice } from "../terminal/notice.ts";
import type { PlannedSync } from "./change.ts";

/** Applies a sync plan that the user has seen: asks, writes, and records the written values. */

interface ShownPlan<Planned extends PlannedSync> extends ProcessProgram {
  readonly planned: Planned;
  /** Makes the plan again for the config as it is now, if it has changed since. */
  readonly plan: (document: ConfigDocument) => Planned;
  /** Whether "yes" is the default answer. */
  readonly onlyAdds: boolean;
  readonly yes: boolean;
  /** undefined if several plans are applied: they are shown together. */
  readonly question?: string | undefined;
}

/** Writes the plan. Returns the plan that was written, and whether there was anything to write. */
export async function applyPlanned<Planned extends PlannedSync>(
  context: Context,
  source: ConfigSource,
  { planned, plan, form, program, onlyAdds, yes, question = "Write them?" }: ShownPlan<Planned>,
): Promise<{ readonly edited: Planned; readonly isWritten: boolean }> {
  noticeProblems(context, source, planned, { form, program });
  await confirmOrThrow(context, yes, question, onlyAdds);
  return writeEdits(context, source, {
    planned,
    edit: plan,
    onWritten: (written, after) => remember(context, source.file, written, after),
  });
}

/**
 * Records the written values. A failure is only a notice: without the record, a later sync treats the values as the
 * user's and does not change them.
 */
function remember(context: Context, file: string, { plan }: PlannedSync, left: Uint8Array): void {
  try {
    writeManagedMemory(context.home, file, plan.memory, left);
  } catch (thrown) {
    noticeUnrecorded(context, thrown);
  }
}

/**
 * Records the values of a sync that changes nothing in the config. A sync of another session may have written to the same
 * record since this one was planned, so it is planned again under the config's lock.
 */
export async function rememberUnchanged(
  context: Context,
  file: string,
  planned: PlannedSync,
  plan: () => PlannedSync,
): Promise<void> {
  const { home } = context;
  try {
    if (isRecorded(home, file, planned.plan.memory)) return;
    await withLock(home, fileLockName(file), lockOptions(context), async () =>
      writeManagedMemory(home, file, plan().plan.memory, undefined),
    );
  } catch (thrown) {
    noticeUnrecorded(context, thrown);
  }
}

function noticeUnrecorded(context: Context, thrown: unknown): void {
  if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
  notice(context, `the written values could not be recorded: ${thrown.message}`);
}
