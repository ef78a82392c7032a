import type { Context } from "../../context.ts";
import {
  findSection,
  listSessionNames,
  parseConfig,
  type ConfigDocument,
} from "../../aws-config/document.ts";
import {
  editConfig,
  type ConfigChange,
  type EditResult,
  type SectionEdit,
} from "../../aws-config/edit.ts";
import { verifyEdit } from "../../aws-config/verify.ts";
import { findValue, type ConfigSource, type ProfileForm } from "../profile.ts";
import { problemText, refusalText, unreadText } from "../text.ts";
import { proveReadable } from "../../clients/proof.ts";
import { listRefusals } from "../../clients/compare.ts";
import { LatchkeyError, usageError } from "../../errors.ts";
import { keepParsed, updateConfigFile } from "../../aws-config/file.ts";
import { removeSessionRoles } from "../../token/role-cache.ts";
import { notice } from "../../terminal/notice.ts";
import { lockOptions } from "../../fs/lock.ts";
import { readShortPath } from "../../terminal/child.ts";
import { findLastingPath, isOfOneVersion } from "../../installation/lasting-path.ts";
import { isInPackageCache, isPlainOnWindows, shortenUnsafeParts } from "../../text/shell-words.ts";

/**
 * Makes every change of the config: shows it, asks, edits the file again under the lock, verifies, and replaces the file.
 */
export interface ShowOptions {
  readonly yes: boolean;
  /** Also change a session that other profiles use, or a section that another tool owns. */
  readonly force: boolean;
  /** Called before anything is written. */
  readonly show: (changes: readonly ConfigChange[], configFile: string) => void;
}

/** Returns the changes that were made; empty if the file already has these values. */
export async function applyConfirmed(
  context: Context,
  source: ConfigSource,
  wanted: readonly SectionEdit[],
  options: ShowOptions,
): Promise<readonly ConfigChange[]> {
  const { changes, question, onlyAdds, write } = proposeChange(context, source, wanted, options);
  if (changes.length === 0) return changes;
  await confirmOrThrow(context, options.yes, question, onlyAdds);
  await write();
  return changes;
}

interface ProposedEdit {
  readonly planned: EditResult;
  /** Whether there is anything to write. */
  readonly isChange: boolean;
  readonly question: string;
  /** Whether nothing existing is changed or removed. Then "yes" is the default answer. */
  readonly onlyAdds: boolean;
  readonly write: () => Promise<void>;
}

interface Proposal extends Pick<PlannedEdit<EditResult>, "edit" | "onWritten"> {
  /** Called before anything is written. */
  readonly show: (planned: EditResult) => void;
}

/** Plans and shows an edit of the config without writing it. */
function proposeEdit(
  context: Context,
  source: ConfigSource,
  { edit, show, onWritten }: Proposal,
): ProposedEdit {
  const planned = edit(source.document);
  const isChange = planned.document !== source.document;
  if (isChange) {
    noticeProblems(context, source, planned);
    show(planned);
  }
  return {
    planned,
    isChange,
    question: `Write this to ${source.file}?`,
    onlyAdds: planned.changes.every(({ before }) => before === null),
    write: async () => void (await writeEdits(context, source, { planned, edit, onWritten })),
  };
}

/** Plans and shows a change without writing it. Returns no changes if the file already has these values. */
export function proposeChange(
  context: Context,
  source: ConfigSource,
  wanted: readonly SectionEdit[],
  { force, show }: Omit<ShowOptions, "yes">,
): ProposedEdit & Pick<EditResult, "changes"> {
  const edits = wanted.map((edit) => ({ ...edit, force }));
  const proposed = proposeEdit(context, source, {
    edit: (document) => editConfig(document, edits, source.file),
    show: ({ changes }) => show(changes, source.file),
  });
  return { ...proposed, changes: proposed.planned.changes };
}

/** Makes any edit of the config after the user agrees. Returns the changes. */
export async function applyEdit(
  context: Context,
  source: ConfigSource,
  { yes, ...proposal }: Proposal & { readonly yes: boolean },
): Promise<readonly ConfigChange[]> {
  const { planned, isChange, question, write } = proposeEdit(context, source, proposal);
  if (!isChange) return [];
  await confirmOrThrow(context, yes, question);
  await write();
  return planned.changes;
}

export interface PlannedEdit<Edit extends EditResult> {
  /** The edit of the config as latchkey read it. */
  readonly planned: Edit;
  /** Makes the edit again if the config has changed since. */
  readonly edit: (document: ConfigDocument) => Edit;
  /** Called with the edit and the new bytes while the config is still locked. */
  readonly onWritten?: ((written: Edit, after: Uint8Array) => void) | undefined;
}

/**
 * Writes the planned edit. If another process has changed the file since it was read, makes the edit again on the new
 * content. Returns the edit that was made, and whether there was anything to write.
 */
export async function writeEdits<Edit extends EditResult>(
  context: Context,
  source: ConfigSource,
  { planned, edit, onWritten }: PlannedEdit<Edit>,
): Promise<{ readonly edited: Edit; readonly isWritten: boolean }> {
  let edited = planned;
  const how = await updateConfigFile(context.home, source.file, {
    lock: lockOptions(context),
    command: context.command,
    edit(bytes) {
      // If the file is unchanged, as usual, the edit that was shown is written.
      const isUnchanged = Buffer.compare(bytes, source.document.bytes) === 0;
      const before = isUnchanged ? source.document : parseConfig(bytes);
      edited = isUnchanged ? planned : edit(before);
      if (edited.document === before) return undefined;
      verifyEdit(before, edited.document, edited.changes, edited.removed);
      if (!isUnchanged) proveReadable(before, edited, source.file);
      return edited.document.bytes;
    },
    onWritten: (after) => onWritten?.(edited, after),
  });
  keepParsed(source.file, edited.document);
  if (how === "in-place")
    notice(
      context,
      `${source.file} was written in place, since it can't be replaced there (a hard link or a mount); a backup was kept.`,
    );
  removeMovedSessions(context, source.document, planned.document);
  return { edited, isWritten: how !== "unchanged" };
}

/**
 * Prints which lines of this file AWS clients can't read; the change is made anyway.
 * @throws LatchkeyError CONFIG_INVALID if a client would read less of the file after the change.
 */
export function noticeProblems(
  context: Context,
  { document, file }: ConfigSource,
  planned: EditResult,
  program?: ProcessProgram,
): void {
  if (program !== undefined) noticeUnsafeProgram(context, program);
  const refusals = Map.groupBy(listRefusals(document), ({ line }) => line);
  for (const problem of document.problems) {
    const others = (refusals.get(problem.line) ?? []).flatMap(({ families }) => families);
    refusals.delete(problem.line);
    notice(context, `${problemText(problem, file, others)}. It is left as it is.`);
  }
  for (const refusal of [...refusals.values()].flat())
    notice(context, `${refusalText(refusal, file)}. It is left as it is.`);
  for (const unread of proveReadable(document, planned, file))
    notice(context, `${unreadText(unread)} To see why: latchkey doctor`);
}

/** How profiles start this program: the form of the profiles to write, and the words of `nameProgram`. */
export interface ProcessProgram {
  readonly form: ProfileForm;
  readonly program: readonly string[];
}

/** Prints what is wrong with the program's path. Only profiles of the form credential-process contain it. */
export function noticeUnsafeProgram(context: Context, { form, program }: ProcessProgram): void {
  if (form !== "credential-process") return;
  if (context.program.some(isInPackageCache))
    notice(
      context,
      "the profile names a program in a package manager's cache, which may be cleaned. Install latchkey permanently (npm install --global latchkey) and run this again with the installed one.",
    );
  if (program.some(isOfOneVersion))
    notice(
      context,
      "the profile names a program in a folder that an update removes. Run this again after each update.",
    );
  if (context.platform === "win32" && !program.every(isPlainOnWindows))
    notice(
      context,
      "the path of latchkey needs quotes, and this disk has no short name for it. The AWS CLI, boto3 and JavaScript accept the line; Go programs (Terraform, eksctl), .NET and PowerShell before 2026, and JetBrains' toolkit do not. Move latchkey to a folder without spaces in its path and run this again.",
    );
}

/**
 * Returns the words that start this program in a profile of the given form. The paths stay valid after an update, and
 * on Windows need no quotes if possible: the SDKs for Go v2 and .NET pass the line to `cmd /c`, which removes quotes
 * (public reports since 2024). A command calls this function once, because each call may start cmd.exe.
 */
export function nameProgram(context: Context, form: ProfileForm): readonly string[] {
  const { env, platform } = context;
  if (form !== "credential-process") return context.program;
  const program = context.program.map((word) => findLastingPath(word, env["PATH"] ?? ""));
  if (platform !== "win32") return program;
  return program.map((word) =>
    isPlainOnWindows(word) ? word : shortenUnsafeParts(word, readShortPath(word, env)),
  );
}

export async function confirmOrThrow(
  context: Context,
  yes: boolean,
  question: string,
  initial = false,
): Promise<void> {
  if (yes) return;
  if (!context.terminal.interactive)
    throw usageError(
      "No one is at a terminal to agree to this change.",
      "Add --yes to make it without asking.",
    );
  if (!(await context.terminal.confirm(question, { initial })))
    throw new LatchkeyError("CANCELLED", "Nothing was written.");
}

/** Removes the cached role credentials of each session whose start URL or region changed. */
export function removeMovedSessions(
  context: Context,
  before: ConfigDocument,
  after: ConfigDocument,
): void {
  for (const name of listSessionNames(before))
    if (locateSession(before, name) !== locateSession(after, name))
      removeSessionRoles(context.home, name);
}

function locateSession(document: ConfigDocument, name: string): string {
  const section = findSection(document, "sso-session", name);
  const keys = ["sso_start_url", "sso_region"];
  return keys.map((key) => (section === undefined ? "" : findValue(section, key))).join(" ");
}
