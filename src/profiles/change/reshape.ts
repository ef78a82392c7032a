import type { Context } from "../../context.ts";
import {
  findSection,
  listProfileNames,
  type ConfigDocument,
  type ConfigSection,
} from "../../aws-config/document.ts";
import { findSectionOwner } from "../../aws-config/credentials-section.ts";
import { editConfig, type ConfigChange, type EditResult } from "../../aws-config/edit.ts";
import { readConfigDocument } from "../../aws-config/file.ts";
import { describePortableName, headerText, isPortableName } from "../../aws-config/header.ts";
import { joinEdits, removeSections, renameProfiles } from "../../aws-config/sections.ts";
import { LatchkeyError, configError, usageError } from "../../errors.ts";
import { credentialsFilePath } from "../../fs/paths.ts";
import { findEnvironmentProfile } from "../../model/aws-environment.ts";
import { notice } from "../../terminal/notice.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { listCredentialsFileProfiles } from "../known.ts";
import { findValue, summarizeProfile } from "../profile.ts";
import { requireProfileSection, requireSessionSection } from "../require-section.ts";
import { readConfig } from "../select.ts";
import { applyEdit, confirmOrThrow } from "./change.ts";
import { removeExported } from "./exported.ts";
import { readManagedMemory, writeManagedMemory, type ManagedMemory } from "./memory.ts";

/** Removes and renames profiles and sessions of the config by name. Shows the plan and asks; the change can be undone. */

export interface ReshapeOptions {
  readonly yes: boolean;
  /** Also remove or rename profiles and sessions that other profiles use. */
  readonly force: boolean;
  /** Shows the plan, as lines of text, before the question. */
  readonly show: (lines: readonly string[]) => void;
}

export interface Reshaped {
  readonly configFile: string;
  readonly changes: readonly ConfigChange[];
}

/**
 * Removes profiles by their exact names. If only the credentials file contains a profile, `export --write` must have made it.
 * @throws LatchkeyError CONFIG_INVALID for a name that does not exist, USAGE if a remaining profile uses a removed one
 */
export async function removeNamedProfiles(
  context: Context,
  names: readonly string[],
  options: ReshapeOptions,
): Promise<Reshaped> {
  const source = readConfig(context);
  const { document, file } = source;
  const [exported, configured] = partition(new Set(names), (name) =>
    isOwnExport(context, document, name),
  );
  for (const name of configured) requireProfileSection(source, name);
  refuseDependents(listDependents(document, configured), "profile", configured, options.force);
  if (exported.length > 0) await removeOwnExports(context, exported, options);
  if (configured.length === 0) return { configFile: file, changes: [] };
  const targets = configured.map((name) => ({ type: "profile", name }) as const);
  const changes = await applyEdit(context, source, {
    yes: options.yes,
    edit: (present) => removeSections(present, targets, options.force, file),
    show: () => options.show([file, ...configured.map((name) => describeGone(document, name))]),
    onWritten: (_, after) =>
      changeMemory(context, file, after, (memory) =>
        configured.forEach((name) => memory.delete(name)),
      ),
  });
  noticeWhatStays(context, document, configured);
  return { configFile: file, changes };
}

function partition(
  names: ReadonlySet<string>,
  isFirst: (name: string) => boolean,
): [string[], string[]] {
  const all = [...names];
  return [all.filter(isFirst), all.filter((name) => !isFirst(name))];
}

/** Returns whether `export --write` made this profile. @throws LatchkeyError CONFIG_INVALID if another tool made it. */
function isOwnExport(context: Context, document: ConfigDocument, name: string): boolean {
  if (findSection(document, "profile", name) !== undefined) return false;
  const file = credentialsFilePath(context.home, context.env);
  const owner = findSectionOwner(readConfigDocument(file), name);
  if (owner.kind !== "somebody-else") return owner.kind === "latchkey";
  throw configError(
    `The profile "${name}" is only in ${file} (line ${owner.line}), where latchkey changes only the sections that export --write made.`,
    "Remove its lines in an editor.",
  );
}

async function removeOwnExports(
  context: Context,
  names: readonly string[],
  { yes, show }: ReshapeOptions,
): Promise<void> {
  const file = credentialsFilePath(context.home, context.env);
  show([file, ...names.map((name) => `  - [${name}]  written by latchkey export --write`)]);
  await confirmOrThrow(context, yes, `Write this to ${file}?`);
  await removeExported(context, names);
}

/** Returns the other profiles that take their credentials from one of these profiles. */
function listDependents(document: ConfigDocument, names: readonly string[]): string[] {
  const going = new Set(names);
  return listProfileNames(document).filter((name) => {
    const section = findSection(document, "profile", name);
    const from = section && findValue(section, "source_profile");
    return !going.has(name) && from !== undefined && going.has(from);
  });
}

/** @throws LatchkeyError USAGE with the names of the profiles that would lose the source of their credentials. */
function refuseDependents(
  dependents: readonly string[],
  kind: "profile" | "SSO session",
  names: readonly string[],
  force: boolean,
): void {
  if (dependents.length === 0 || force) return;
  const [stand, them] = dependents.length === 1 ? ["uses", "it"] : ["use", "them"];
  const shown = dependents.slice(0, 8);
  const more = dependents.length - shown.length;
  const all = kind === "profile" ? [...names, ...dependents] : dependents;
  throw usageError(
    `${shown.join(", ")}${more > 0 ? ` and ${more} more profiles` : ""} ${stand} the ${kind} ${names.map((name) => `"${name}"`).join(", ")} (--force keeps ${them}).`,
    `latchkey profiles rm ${all.map(quoteShellWord).join(" ")}`,
  );
}

function describeGone(document: ConfigDocument, name: string): string {
  const section = findSection(document, "profile", name);
  return `  - [${headerText({ type: "profile", name })}]${section === undefined ? "" : describeRole(section)}`;
}

function describeRole(section: ConfigSection): string {
  const { accountId, roleName } = summarizeProfile(section);
  const words = [accountId, roleName].filter((word) => word !== undefined);
  return words.length === 0 ? "" : `  ${words.join(" ")}`;
}

/** Updates the record of the values that syncs wrote, together with the names. Undoing this change restores the record. */
function changeMemory(
  { home }: Context,
  file: string,
  after: Uint8Array,
  change: (memory: Map<string, ReadonlyMap<string, string>>) => void,
): void {
  const memory: Map<string, ReadonlyMap<string, string>> = new Map(readManagedMemory(home, file));
  if (memory.size === 0) return;
  change(memory);
  writeManagedMemory(home, file, memory satisfies ManagedMemory, after);
}

function noticeWhatStays(context: Context, before: ConfigDocument, names: readonly string[]): void {
  const isManaged = (name: string): boolean => {
    const section = findSection(before, "profile", name);
    return section !== undefined && findValue(section, "latchkey_managed") !== undefined;
  };
  const managed = names.filter(isManaged);
  if (managed.length > 0)
    notice(
      context,
      `the next latchkey profiles sync writes ${managed.join(", ")} again, unless its --exclude leaves the role out`,
    );
  const inUse = findEnvironmentProfile(context.env);
  if (inUse !== undefined && names.includes(inUse))
    notice(context, `this shell still uses ${inUse}: latchkey use --unset`);
  const inCredentials = names.filter((name) => listCredentialsFileProfiles(context).includes(name));
  if (inCredentials.length > 0)
    notice(
      context,
      `${credentialsFilePath(context.home, context.env)} still has ${inCredentials.map((name) => `[${name}]`).join(", ")}`,
    );
}

/**
 * Renames a profile, also in the source_profile of other profiles.
 * @throws LatchkeyError CONFIG_INVALID if the profile does not exist, USAGE if the new name is taken or not portable
 */
export async function renameProfile(
  context: Context,
  [from, to]: readonly [from: string, to: string],
  options: ReshapeOptions,
): Promise<Reshaped> {
  const source = readConfig(context);
  const { document, file } = source;
  requireProfileSection(source, from);
  if (from === to) return { configFile: file, changes: [] };
  refuseName(context, document, to);
  if (!options.force) refuseSplit(context, from);
  const referring = listDependents(document, [from]);
  const changes = await applyEdit(context, source, {
    yes: options.yes,
    edit: (present) => planRename(present, [from, to], options.force, file),
    show: () =>
      options.show([
        file,
        `  ~ [${headerText({ type: "profile", name: from })}] → [${headerText({ type: "profile", name: to })}]`,
        ...referring.map(
          (name) => `  ~ [${headerText({ type: "profile", name })}] source_profile ${from} → ${to}`,
        ),
      ]),
    onWritten: (_, after) =>
      changeMemory(context, file, after, (memory) => {
        const written = memory.get(from);
        if (written !== undefined) memory.set(to, written);
        memory.delete(from);
      }),
  });
  if (findEnvironmentProfile(context.env) === from)
    notice(context, `this shell still uses ${from}: latchkey use ${quoteShellWord(to)}`);
  return { configFile: file, changes };
}

function planRename(
  document: ConfigDocument,
  [from, to]: readonly [from: string, to: string],
  force: boolean,
  file: string,
): EditResult {
  const renamed = renameProfiles(document, new Map([[from, to]]), force, file);
  const edits = listDependents(renamed.document, [from]).map(
    (name) => ({ type: "profile", name, set: [["source_profile", to]], force }) as const,
  );
  if (edits.length === 0) return renamed;
  const edited = editConfig(renamed.document, edits, file);
  return joinEdits([renamed, edited], edited.document);
}

/** @throws LatchkeyError USAGE */
function refuseName(context: Context, document: ConfigDocument, name: string): void {
  if (!isPortableName(name))
    throw usageError(
      `"${name}" can't be the name of a profile: SDKs drop or refuse such names.`,
      describePortableName(name),
    );
  const isConfigured = findSection(document, "profile", name) !== undefined;
  if (!isConfigured && !listCredentialsFileProfiles(context).includes(name)) return;
  const file = credentialsFilePath(context.home, context.env);
  const isRemovable =
    isConfigured || findSectionOwner(readConfigDocument(file), name).kind === "latchkey";
  throw usageError(
    `There is a profile "${name}" already${isConfigured ? "" : ` in ${file}`}.`,
    isRemovable
      ? `Choose another name, or remove that one first: latchkey profiles rm ${quoteShellWord(name)}`
      : "Choose another name.",
  );
}

/** Refuses a profile that also has keys in the credentials file, because those keys would stay under the old name. */
function refuseSplit(context: Context, name: string): void {
  if (!listCredentialsFileProfiles(context).includes(name)) return;
  throw new LatchkeyError(
    "USAGE",
    `${credentialsFilePath(context.home, context.env)} also has [${name}], which this command does not rename.`,
    { hint: "Rename it there in an editor first, or add --force to leave it as it is." },
  );
}

/**
 * Removes one [sso-session] by its exact name.
 * @returns also the profiles that used the session
 * @throws LatchkeyError CONFIG_INVALID if the session does not exist, USAGE if profiles use it
 */
export async function removeSession(
  context: Context,
  name: string,
  options: ReshapeOptions,
): Promise<Reshaped & { readonly profiles: readonly string[] }> {
  const source = readConfig(context);
  const { document, file } = source;
  const section = requireSessionSection(source, name);
  const profiles = listProfilesOf(document, name);
  refuseDependents(profiles, "SSO session", [name], options.force);
  const changes = await applyEdit(context, source, {
    yes: options.yes,
    edit: (present) =>
      removeSections(present, [{ type: "sso-session", name }], options.force, file),
    show: () =>
      options.show([
        file,
        `  - [sso-session ${name}]  ${findValue(section, "sso_start_url") ?? ""}`.trimEnd(),
        ...profiles.map((profile) => `  ! [profile ${profile}] uses it, and stays`),
      ]),
  });
  return { configFile: file, changes, profiles };
}

/** Returns the profiles that sign in to a session of the config. */
export function listProfilesOf(document: ConfigDocument, session: string): string[] {
  return listProfileNames(document).filter((name) => {
    const section = findSection(document, "profile", name);
    if (section === undefined) return false;
    const { form, session: own } = summarizeProfile(section);
    return form !== "legacy" && own === session;
  });
}
