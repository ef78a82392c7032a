import type { ConfigDocument } from "../aws-config/document.ts";
import type { Context } from "../context.ts";
import { isExpectedFailure } from "../errors.ts";
import { confirmOrThrow, noticeProblems, writeEdits } from "../profiles/change/change.ts";
import type { WritableForm } from "../profiles/change/edits.ts";
import { writeManagedMemory } from "../profiles/change/memory.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { notice } from "../terminal/notice.ts";
import type { PlannedSync } from "./change.ts";

/** A plan of managed profiles that was shown: agreed to, written at once, and remembered. */

interface ShownPlan<Planned extends PlannedSync> {
  readonly planned: Planned;
  /** Makes the same plan anew. */
  readonly plan: (document: ConfigDocument) => Planned;
  readonly form: WritableForm;
  /** Enter alone agrees then. */
  readonly onlyAdds: boolean;
  readonly yes: boolean;
  /** undefined: of several. */
  readonly question?: string | undefined;
}

/** What the plan came to, and whether there was still something to write. */
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

/** The config is what counts: without this memory, a later sync takes its values for the user's and leaves them alone. */
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
    notice(context, `what was written could not be remembered: ${thrown.message}`);
  }
}
