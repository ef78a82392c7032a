import { configError } from "../errors.ts";
import type { ConfigDocument } from "../aws-config/document.ts";
import type { EditResult } from "../aws-config/edit.ts";
import { excerptSections, findOddSections } from "./excerpt.ts";
import { listClients } from "./family.ts";
import { readDocument, readFileAs } from "./readers.ts";
import type { Family, FileReading, ReadSection } from "./reading.ts";

/** Checks that AWS clients can read a config after an edit as well as before it. */

/** The clients that are checked here. aws-config/verify.ts checks the AWS CLI, and Terraform reads like Go v2. */
const PROVEN: readonly Family[] = ["javascript", "go-v2", "go-v1", "java", "rust", "dotnet"];

/** Edited sections that some clients read differently from the AWS CLI, and read differently before the edit too. */
export interface Unread {
  readonly families: readonly Family[];
  /** For example `profile okta`, as in `ConfigChange.section`. */
  readonly sections: readonly string[];
}

/**
 * Checks that every client that could read the file still can, that it reads all other sections as before, and that it
 * reads the edited sections like the AWS CLI. Returns the sections that a client already read differently before.
 * @param file for messages.
 * @throws LatchkeyError CONFIG_INVALID if a client would read less than before; then nothing may be written.
 */
export function proveReadable(whole: ConfigDocument, edit: EditResult, file: string): Unread[] {
  const edited = listEdited(whole, edit);
  const versions = [whole, edit.document] as const;
  const wanted = new Set([
    ...edited.keys.keys(),
    ...versions.flatMap((one) => [...findOddSections(one)]),
  ]);
  const [before, after] = versions.map((one) => excerptSections(one, wanted)) as [
    ConfigDocument,
    ConfigDocument,
  ];
  const awsCli = { before: readDocument("config", before), after: readDocument("config", after) };
  const judged = PROVEN.flatMap((family) => {
    const was = readFileAs(family, "config", before.text);
    // Rust ignores a file that is not UTF-8.
    const isUnread = family === "rust" && !before.text.isWellFormed();
    if (was.refused !== undefined || isUnread) return [];
    const own = { before: was, after: readFileAs(family, "config", after.text) };
    return { family, ...judgeReader(family, { awsCli, own }, edited) };
  });
  const { loss } = judged.find((one) => one.loss !== undefined) ?? {};
  if (loss !== undefined) {
    const families = judged.filter((one) => one.loss === loss).map(({ family }) => family);
    throw configError(
      `With this change, ${listClients(families)} ${loss} in ${file}.`,
      "Move keys, comments and headers of that section to the left edge in an editor, then try again.",
    );
  }
  const groups = Map.groupBy(
    judged.filter(({ unread }) => unread.length > 0),
    ({ unread }) => unread.join("\n"),
  );
  return [...groups.values()].map((group) => ({
    families: group.map(({ family }) => family),
    sections: group[0]?.unread ?? [],
  }));
}

/** The keys and headers that an edit changes. */
interface Edited {
  /** Keys by section, with the names of `FileReading.sections`. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  /** The lines of the sections' headers, before the edit and after it. */
  readonly headers: Readonly<Record<keyof Versions, ReadonlySet<number>>>;
}

function listEdited(before: ConfigDocument, { document, changes, removed }: EditResult): Edited {
  const keys = new Map(removed.map((section) => [toId(section), new Set<string>()]));
  for (const { section, key } of changes) {
    const id = toId(section);
    keys.set(id, (keys.get(id) ?? new Set()).add(key));
  }
  const listHeaders = ({ sections }: ConfigDocument): ReadonlySet<number> =>
    new Set(
      sections.filter(({ type, name }) => keys.has(`${type} ${name}`)).map(({ line }) => line),
    );
  return { keys, headers: { before: listHeaders(before), after: listHeaders(document) } };
}

function toId(section: string): string {
  return section === "default" ? "profile default" : section;
}

interface Versions {
  readonly before: FileReading;
  readonly after: FileReading;
}

interface Verdict {
  /** What the client could no longer read, as text. Clients with the same loss have the same text. */
  readonly loss?: string;
  readonly unread: readonly string[];
}

/** For Go v1, which is no longer supported, checks only that it can read the file. */
function judgeReader(
  family: Family,
  { awsCli, own }: { readonly awsCli: Versions; readonly own: Versions },
  edited: Edited,
): Verdict {
  const { refused } = own.after;
  if (refused !== undefined)
    return { loss: `could no longer read line ${refused.line} (${refused.why})`, unread: [] };
  if (family === "go-v1") return { unread: [] };
  const other = findOtherChange(own, edited);
  if (other !== undefined) return { loss: `would read [${other}] differently`, unread: [] };

  const compare = (version: keyof Versions, id: string): string[] =>
    findDifferent(awsCli[version].sections.get(id), own[version].sections.get(id));
  const known = new Set([...edited.keys.keys()].flatMap((id) => compare("before", id)));
  const unread: string[] = [];
  for (const [id, keys] of edited.keys) {
    const different = compare("after", id).filter((key) => keys.has(key));
    const section = id === "profile default" ? "default" : id;
    const isAtOdds = awsCli.before.sections.get(id)?.line !== own.before.sections.get(id)?.line;
    const isLost = different.some((key) => !known.has(key)) || isMoved(own, id, keys);
    if (isLost && !isAtOdds) return { loss: `would read [${section}] wrongly`, unread };
    if (different.length > 0) unread.push(section);
  }
  return { unread };
}

/** Whether the client would read other keys of an edited section differently. */
function isMoved({ before, after }: Versions, id: string, edited: ReadonlySet<string>): boolean {
  const [was, is] = [before.sections.get(id)?.keys, after.sections.get(id)?.keys];
  const others = [...(was ?? []), ...(is ?? [])].filter(
    // A nested key changes with its block, and some clients read a key as part of the block above.
    ([key]) =>
      !key
        .toLowerCase()
        .split(".")
        .some((part) => edited.has(part)),
  );
  return (
    was !== undefined &&
    is !== undefined &&
    others.some(([key]) => was.get(key)?.value !== is.get(key)?.value)
  );
}

/**
 * Returns a section that is not edited but that the client would read differently after the edit. Returns undefined if
 * the client did not read all edited headers before.
 */
function findOtherChange({ before, after }: Versions, edited: Edited): string | undefined {
  const isOwn = (version: keyof Versions, reading: FileReading, id: string): boolean =>
    edited.headers[version].has(reading.sections.get(id)?.line ?? 0);
  const seen = [...before.sections.keys()].filter((id) => isOwn("before", before, id));
  if (seen.length < edited.headers.before.size) return undefined;
  const ids = new Set([...before.sections.keys(), ...after.sections.keys()]);
  return [...ids].find(
    (id) =>
      !isOwn("before", before, id) &&
      !isOwn("after", after, id) &&
      !isSameSection(before.sections.get(id), after.sections.get(id)),
  );
}

function isSameSection(one: ReadSection | undefined, other: ReadSection | undefined): boolean {
  if (one?.keys.size !== other?.keys.size) return false;
  return [...(one?.keys ?? [])].every(([key, { value }]) => other?.keys.get(key)?.value === value);
}

/** Returns the keys that the client reads differently. Ignores nested keys, missing values, and quotes that Go removes. */
function findDifferent(awsCli: ReadSection | undefined, own: ReadSection | undefined): string[] {
  const keys = new Set([...(awsCli?.keys.keys() ?? []), ...(own?.keys.keys() ?? [])]);
  return [...keys].filter((key) => {
    const expected = awsCli?.keys.get(key)?.value ?? "";
    const value = own?.keys.get(key)?.value ?? "";
    return !key.includes(".") && value !== expected && value !== unquote(expected);
  });
}

function unquote(value: string): string {
  return value.replace(/^(["'])(.*)\1$/s, "$2");
}
