import type { Context } from "../context.ts";
import { parseConfig, printConfig } from "../domain/aws-config-document.ts";
import { editConfig, type ConfigChange, type SectionEdit } from "../domain/aws-config-edit.ts";
import { verifyEdit } from "../domain/aws-config-proof.ts";
import type { ConfigSource } from "../domain/profile.ts";
import { problemText } from "../domain/reader-words.ts";
import { LatchkeyError } from "../errors.ts";
import { updateConfigFile } from "../files/aws-config.ts";
import { removeSessionRoles } from "../files/token-store.ts";
import { notice } from "./notice.ts";
import { lockOptions } from "./token.ts";

/** The one way in which the config is changed: shown, agreed to, made anew under the lock, proven, replaced. */
export interface ShowOptions {
  readonly yes: boolean;
  /** Also where a session that other profiles stand on changes, or where another tool owns the section. */
  readonly force: boolean;
  /** Shows what will change before it does. */
  readonly show: (changes: readonly ConfigChange[], configFile: string) => void;
}

/** Returns what was changed; nothing where the file says all that already. */
export async function applyShown(context: Context, source: ConfigSource, wanted: readonly SectionEdit[], options: ShowOptions): Promise<readonly ConfigChange[]> {
  const edits = wanted.map((edit) => ({ ...edit, force: options.force }));
  const planned = editConfig(source.document, edits, source.file);
  const { changes } = planned;
  if (changes.length === 0) return changes;
  for (const problem of source.document.problems) notice(context, `${problemText(problem, source.file)}. It is left as it is.`);
  options.show(changes, source.file);
  await agreed(context, options.yes, source.file);
  const how = await updateConfigFile(context.home, source.file, lockOptions(context, undefined), (bytes) => {
    // The usual case: nobody has written meanwhile, and what was shown need not be made again.
    const isUnchanged = Buffer.compare(bytes, printConfig(source.document)) === 0;
    const before = isUnchanged ? source.document : parseConfig(bytes);
    const edited = isUnchanged ? planned : editConfig(before, edits, source.file);
    if (edited.changes.length === 0) return undefined;
    verifyEdit(before, edited.document, edited.changes);
    return printConfig(edited.document);
  });
  if (how === "in-place") notice(context, `${source.file} was written in place, since it can't be replaced there (a hard link or a mount); a backup was kept.`);
  dropMovedSessions(context, changes);
  return changes;
}

async function agreed(context: Context, yes: boolean, file: string): Promise<void> {
  if (yes) return;
  if (!context.terminal.interactive) throw new LatchkeyError("USAGE", "No one is at a terminal to agree to this change.", { hint: "Add --yes to make it without asking." });
  if (!(await context.terminal.confirm(`Write this to ${file}?`))) throw new LatchkeyError("CANCELLED", "Nothing was written.");
}

/** Role credentials of a session that now leads elsewhere are another Identity Center's. */
function dropMovedSessions(context: Context, changes: readonly ConfigChange[]): void {
  for (const { section, key, before } of changes) {
    const moved = before !== null && (key === "sso_start_url" || key === "sso_region") && section.startsWith("sso-session ");
    if (moved) removeSessionRoles(context.home, section.slice("sso-session ".length));
  }
}
