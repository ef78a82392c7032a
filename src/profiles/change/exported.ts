import type { Context } from "../../context.ts";
import {
  findSectionOwner,
  putSection,
  type SectionOwner,
} from "../../aws-config/credentials-section.ts";
import { parseConfig } from "../../aws-config/document.ts";
import { readConfigDocument, updateCredentialsFile } from "../../aws-config/file.ts";
import {
  digest,
  readExports,
  recordExports,
  type ExportStep,
} from "../../aws-config/undo-record.ts";
import { lockOptions } from "../../fs/lock.ts";
import { configFilePath, credentialsFilePath } from "../../fs/paths.ts";

/**
 * Writes latchkey's own sections of the credentials file. Each section is written and undone separately, and the rest
 * of the file is not changed.
 */

export interface ExportedSection {
  readonly name: string;
  /** The section from its header to its last key. Each line ends with a line break. */
  readonly text: string;
}

/**
 * Writes a section.
 * @throws LatchkeyError CONFIG_INVALID if a section of that name is not latchkey's, or the file can't be edited safely.
 */
export async function writeExported(
  context: Context,
  { name, text }: ExportedSection,
): Promise<void> {
  const { home } = context;
  const file = credentialsFilePath(home, context.env);
  let before: string | undefined;
  await updateCredentialsFile(home, file, {
    lock: lockOptions(context),
    edit(bytes) {
      before = readOwn(bytes, name);
      return putSection(parseConfig(bytes), name, text, file);
    },
    onWritten(after) {
      const step = {
        command: context.command,
        name,
        at: context.now(),
        before,
        after: digestText(readOwn(after, name) ?? ""),
        config: digestConfig(context),
      };
      recordExports(home, file, [...readExports(home, file), step]);
    },
  });
}

/**
 * Returns the digest of the config. It is recorded with a write: if the config is still the same, that write is the
 * later change.
 */
export function digestConfig({ home, env }: Context): string {
  return digest(readConfigDocument(configFilePath(home, env)).bytes);
}

function readOwn(bytes: Uint8Array, name: string): string | undefined {
  const owner = findSectionOwner(parseConfig(bytes), name);
  return owner.kind === "latchkey" ? owner.text : undefined;
}

/**
 * A recorded write of one of latchkey's sections. "changed": another program has changed the section since, so it can't
 * be undone.
 */
export interface UndoableExport extends ExportStep {
  readonly state: "undoable" | "changed";
}

/** Returns the writes whose text is still in the file, the latest first. */
export function listExports(context: Context): UndoableExport[] {
  const { home } = context;
  const file = credentialsFilePath(home, context.env);
  const steps = readExports(home, file);
  if (steps.length === 0) return [];
  const document = readConfigDocument(file);
  const present = new Map<string, string>();
  return steps.toReversed().flatMap((step): UndoableExport[] => {
    const current = present.get(step.name) ?? digestOwn(findSectionOwner(document, step.name));
    const before = step.before === undefined ? ABSENT : digestText(step.before);
    // A person has undone this write by hand, or it was never completed.
    if (step.after !== current && before === current) return [];
    present.set(step.name, before);
    return [{ ...step, state: step.after === current ? "undoable" : "changed" }];
  });
}

const ABSENT = "absent";

function digestOwn(owner: SectionOwner): string {
  if (owner.kind === "latchkey") return digestText(owner.text);
  return owner.kind === "nobody" ? ABSENT : owner.kind;
}

function digestText(text: string): string {
  return digest(Buffer.from(text, "utf8"));
}

/** Restores the section's earlier text. If the section did not exist before, removes it. */
export async function undoExport(
  context: Context,
  { name, before, at }: ExportStep,
): Promise<void> {
  const { home } = context;
  const file = credentialsFilePath(home, context.env);
  await updateCredentialsFile(home, file, {
    lock: lockOptions(context),
    edit: (bytes) => putSection(parseConfig(bytes), name, before, file),
    onWritten() {
      const steps = readExports(home, file);
      const last = steps.findLastIndex((step) => step.name === name && +step.at === +at);
      recordExports(home, file, steps.toSpliced(last, 1));
    },
  });
}

/** Removes these sections, which latchkey has written, permanently. @throws LatchkeyError CONFIG_INVALID */
export async function removeExported(context: Context, names: readonly string[]): Promise<void> {
  const { home } = context;
  const file = credentialsFilePath(home, context.env);
  await updateCredentialsFile(home, file, {
    lock: lockOptions(context),
    edit: (bytes) =>
      names.reduce((text, name) => putSection(parseConfig(text), name, undefined, file), bytes),
    onWritten() {
      const kept = readExports(home, file).filter(({ name }) => !names.includes(name));
      recordExports(home, file, kept);
    },
  });
}
