import type { ConfigDocument } from "../aws-config/document.ts";
import type { Context } from "../context.ts";
import { isExpectedFailure } from "../errors.ts";
import { confirmOrThrow, noticeProblems, writeEdits } from "../profiles/change/change.ts";
import type { WritableForm } from "../profiles/change/edits.ts";
import { writeManagedMemory } from "../profiles/change/memory.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { notice } from "../terminal/notice.ts";
import type { PlannedSync } from "./change.ts";

/** Applies a sync plan that the user has seen: asks, writes, and records the written values. */

interface ShownPlan<Planned extends PlannedSync> {
  readonly planned: Planned;
  /** Makes the plan again for the config as it is now, if it has changed since. */
  readonly plan: (document: ConfigDocument) => Planned;
  readonly form: WritableForm;
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
  { planned, plan, form, onlyAdds, yes, question = "Write them?" }: ShownPlan<Planned>,
): Promise<{ readonly edited: Planned; readonly isWritten: boolean }> {
  noticeProblems(context, source, planned, form);
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
export function remember(
  context: Context,
  file: string,
  { plan }: PlannedSync,
  left: Uint8Array | undefined,
): void {
  try {
    writeManagedMemory(context.home, file, plan.memory, left);
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    notice(context, `the written values could not be recorded: ${thrown.message}`);
  }
}
