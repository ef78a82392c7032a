import type { ConfigDocument } from "../aws-config/document.ts";
import { isHarmlessKey, maskValue } from "../text/secrets/config-value.ts";
import { MASK } from "../text/secrets/sent.ts";
import { closestMatches } from "../text/terminal.ts";
import { excerptSections, findOddSections } from "./excerpt.ts";
import { readDocument, readFileAs } from "./readers.ts";
import type { Family, FileReading, ReadSection, Statement, Statements } from "./reading.ts";

/** Finds the places that AWS clients read differently in one config. */

export type DifferenceKind =
  /** Some clients refuse the whole file because of the line. */
  | "file-refused"
  /** Only some clients, or none, recognise the section's header. */
  | "section"
  /** JavaScript ignores a section if no key in it has a value. */
  | "empty-section"
  | "empty-value"
  /** Some clients keep the upper case of a key, and so do not find it. */
  | "key-case"
  /** Some clients cut the value at a blank followed by `#` or `;`. */
  | "comment"
  /** The value has several lines, which some clients drop or read as keys. */
  | "continuation"
  /** Go removes the quotes around the value. */
  | "quotes"
  /** Any other key that some clients ignore. */
  | "key"
  | "value";

export interface ReaderDifference {
  /** `profile okta`, `default`, `sso-session corp`, `services local`; "" for the whole file. */
  readonly section: string;
  /** Nested keys as `s3.region`; absent for a whole section. */
  readonly key?: string;
  readonly line: number;
  readonly kind: DifferenceKind;
  /** For a refused file: the problem in the line. */
  readonly why?: string;
  /** In the order of the families, the AWS CLI first. */
  readonly views: readonly View[];
}

/** What a group of families reads. */
export interface View {
  readonly families: readonly Family[];
  readonly sees: Sight;
}

type Sight =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "section" | "nothing" | "refuses-file" };

/** Terraform reads like Go v2. For Go v1, which is no longer supported, only refusals are compared. */
const COMPARED: readonly Family[] = ["aws-cli", "javascript", "go-v2", "java", "rust", "dotnet"];
const REFUSING: readonly Family[] = ["javascript", "go-v1", "java", "rust", "dotnet"];

/**
 * Returns the differences: refused lines, then the sections that the AWS CLI reads, then the sections that only other
 * clients read. If the AWS CLI refuses the file, the problem is in `ConfigDocument.problems`, and the differences are
 * found as if it were fixed.
 */
export function compareReaders(whole: ConfigDocument): ReaderDifference[] {
  const document = excerptSections(whole, findOddSections(whole));
  const readings = readAsAll(document);
  const refusals = groupRefusals(readings);
  const sections = new Map(
    COMPARED.flatMap((family) => {
      const reading = readings.get(family);
      const isRead = reading !== undefined && reading.refused === undefined;
      return isRead ? [[family, reading.sections] as const] : [];
    }),
  );
  const ends = listEnds(document);
  const told = new Set<FileRefusal>();
  const found = [...compareSections(sections), ...findUnreadHeaders(document, sections)].map(
    (difference) => {
      const end = ends.get(difference.line) ?? difference.line;
      const within = refusals.filter(({ line }) => difference.line <= line && line <= end);
      for (const refusal of within) told.add(refusal);
      return addRefusals(
        difference,
        within.flatMap(({ families }) => families),
      );
    },
  );
  const left = refusals.filter((refusal) => !told.has(refusal));
  return [...left.map(toDifference), ...found];
}

/** A line because of which some families refuse the whole file. */
export interface FileRefusal {
  readonly families: readonly Family[];
  readonly line: number;
  readonly why: string;
}

/** Returns one refusal per line, without those of the AWS CLI (`ConfigDocument.problems`). */
export function listRefusals(document: ConfigDocument): FileRefusal[] {
  return groupRefusals(readAsAll(excerptSections(document, findOddSections(document))));
}

function groupRefusals(readings: ReadonlyMap<Family, FileReading>): FileRefusal[] {
  const refusals = REFUSING.flatMap((family) => {
    const refused = readings.get(family)?.refused;
    return refused === undefined ? [] : [{ family, ...refused }];
  });
  return [...Map.groupBy(refusals, ({ line }) => line).values()].flatMap((group) => {
    const [first] = group;
    const families = group.map(({ family }) => family);
    return first === undefined ? [] : [{ families, line: first.line, why: first.why }];
  });
}

/** Returns the last line of each value by its first line. */
function listEnds({ sections }: ConfigDocument): ReadonlyMap<number, number> {
  const entries = sections.flatMap((section) => section.entries);
  return new Map(entries.map(({ line, lastLine }) => [line, lastLine]));
}

function readAsAll(document: ConfigDocument): Map<Family, FileReading> {
  const text = document.text;
  // Rust ignores a file that is not UTF-8. The doctor's rule not-utf-8 reports that.
  const families = new Set([...COMPARED, ...REFUSING]);
  if (!text.isWellFormed()) families.delete("rust");
  return new Map(
    [...families].map((family) => [
      family,
      family === "aws-cli" ? readDocument("config", document) : readFileAs(family, "config", text),
    ]),
  );
}

function addRefusals(difference: ReaderDifference, families: readonly Family[]): ReaderDifference {
  const refusing: View = { families, sees: { kind: "refuses-file" } };
  return families.length === 0
    ? difference
    : { ...difference, views: [...difference.views, refusing] };
}

function toDifference({ families, line, why }: FileRefusal): ReaderDifference {
  const others = COMPARED.filter((family) => !families.includes(family));
  const views: View[] = [
    { families: others, sees: { kind: "section" } },
    { families, sees: { kind: "refuses-file" } },
  ];
  return { section: "", line, kind: "file-refused", why, views };
}

/** The sections that each family reads. */
type SectionsByFamily = ReadonlyMap<Family, ReadonlyMap<string, ReadSection>>;

function compareSections(seen: SectionsByFamily): ReaderDifference[] {
  const ids = new Set([...seen.values()].flatMap((sections) => [...sections.keys()]));
  // A header that families name differently is reported once.
  const told = new Set<number>();
  return [...ids].flatMap((id) => {
    const section = id === "profile default" ? "default" : id;
    const found = new Map([...seen].map(([family, sections]) => [family, sections.get(id)]));
    const present = [...found.values()].filter((one) => one !== undefined);
    const line = present[0]?.line ?? 0;
    const keys = compareKeys(section, found);
    if (present.length === found.size || told.has(line)) return keys;
    told.add(line);
    const views = groupViews(found, (one) => ({ kind: one === undefined ? "nothing" : "section" }));
    const kind = isEmptyElsewhere(found) ? "empty-section" : "section";
    return [{ section, line, kind, views }, ...keys];
  });
}

/** Whether only JavaScript ignores the section, because no key in it has a value. */
function isEmptyElsewhere(found: ReadonlyMap<Family, ReadSection | undefined>): boolean {
  return [...found].every(([family, section]) => {
    if (family === "javascript") return section === undefined;
    return section !== undefined && [...section.keys.values()].every(({ value }) => value === "");
  });
}

/** Compares the families that read the section. */
function compareKeys(
  section: string,
  found: ReadonlyMap<Family, ReadSection | undefined>,
): ReaderDifference[] {
  const read = [...found].flatMap(([family, one]) => (one ? [[family, one.keys] as const] : []));
  const keys = new Set(read.flatMap(([, statements]) => [...statements.keys()]));
  return [...keys].flatMap((key) => {
    const statements = new Map(read.map(([family, all]) => [family, all.get(key)]));
    const present = [...statements.values()].filter((one) => one !== undefined);
    const isSame = new Set([...statements.values()].map((one) => one?.value)).size === 1;
    if (isSame) return [];
    return {
      section,
      key: hideNestedKey(key),
      line: present[0]?.line ?? 0,
      kind: classifyKey(
        key,
        statements,
        read.map(([, all]) => all),
      ),
      views: groupViews(statements, showValue).map((view, index) => hideSecret(key, view, index)),
    };
  });
}

function showValue(statement: Statement | undefined): Sight {
  return statement === undefined ? { kind: "nothing" } : { kind: "value", value: statement.value };
}

/** Masks a nested key: some clients read a continued value as a key, and it may be a secret. */
function hideNestedKey(key: string): string {
  const at = key.indexOf(".") + 1;
  return at === 0 || isHarmlessKey(key.slice(at)) ? key : key.slice(0, at) + MASK;
}

/** Replaces a secret by a number, so that different secrets can be told apart without showing them. */
function hideSecret(key: string, { families, sees }: View, index: number): View {
  const isShown = sees.kind !== "value" || maskValue(key, sees.value) === sees.value;
  return { families, sees: isShown ? sees : { kind: "value", value: `******** (${index + 1})` } };
}

/** Returns why the families differ about a key. @param all the keys of each family that reads the section. */
function classifyKey(
  key: string,
  statements: ReadonlyMap<Family, Statement | undefined>,
  all: readonly Statements[],
): DifferenceKind {
  const own = statements.get("aws-cli")?.value;
  const values = [...statements.values()].map((one) => one?.value);
  const others = values.filter((value) => value !== own);
  const isOtherCase = all.some((keys) =>
    [...keys.keys()].some((one) => one !== key && one.toLowerCase() === key.toLowerCase()),
  );
  if (own === undefined) return isOtherCase ? "key-case" : "key";
  const isCut = (value: string | undefined): boolean =>
    /^\s*[;#]/.test(own.slice(value?.length)) && own.startsWith(value ?? "");
  if (values.some((value) => value?.includes("\n"))) return "continuation";
  if (others.some(isCut)) return "comment";
  if (others.every((value) => value === undefined)) {
    if (own === "") return "empty-value";
    return isOtherCase ? "key-case" : "key";
  }
  return others.every((value) => /^["']/.test(own) && value === own.slice(1, -1))
    ? "quotes"
    : "value";
}

function groupViews<Seen>(
  seen: ReadonlyMap<Family, Seen>,
  show: (one: Seen) => Sight,
): readonly View[] {
  const shown = [...seen].map(([family, one]) => ({ family, sees: show(one) }));
  return [...Map.groupBy(shown, ({ sees }) => JSON.stringify(sees)).values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ families: group.map(({ family }) => family), sees: first.sees }] : [];
  });
}

const KINDS = ["profile", "sso-session", "services"] as const;

/**
 * Finds headers that no client recognises but that look like typing errors: `[Profile x]`, `[sso_session s]`, `[profil
 * x]`.
 */
function findUnreadHeaders(
  { sections }: ConfigDocument,
  seen: SectionsByFamily,
): ReaderDifference[] {
  const taken = new Set(
    [...seen.values()].flatMap((read) => [...read.values()].map(({ line }) => line)),
  );
  return sections
    .filter(({ type, name, line }) => type === "other" && !taken.has(line) && isNearHeader(name))
    .map(({ name, line }) => ({
      section: name,
      line,
      kind: "section",
      views: [{ families: [...seen.keys()], sees: { kind: "nothing" } }],
    }));
}

function isNearHeader(header: string): boolean {
  const [, word = "", name] =
    /^\s*([A-Za-z]+(?:[-_ ]?sess?ions?)?)[\s.:=]+(\S.*)$/i.exec(header) ?? [];
  return name !== undefined && closestMatches(word, KINDS).length > 0;
}
