import fc from "fast-check";
import { isExpectedFailure } from "../../src/errors.ts";
import { joinEdits, removeProfiles, renameProfiles } from "../../src/aws-config/sections.ts";
import {
  findSection,
  findSections,
  listProfileNames,
  listSessionNames,
  parseConfig,
  type ConfigDocument,
} from "../../src/aws-config/document.ts";
import { editConfig, type EditResult, type SectionEdit } from "../../src/aws-config/edit.ts";
import { encodeText } from "../../src/aws-config/text.ts";
import { verifyEdit } from "../../src/aws-config/verify.ts";
import { compareReaders } from "../../src/clients/compare.ts";
import { proveReadable } from "../../src/clients/proof.ts";
import { readFileAs } from "../../src/clients/readers.ts";
import { listSessions, readProfile, summarizeProfiles } from "../../src/profiles/profile.ts";
import { arbitraryDocuments } from "../aws-config/generator.ts";
import { arbitraryWildDocuments } from "../aws-config/generator-wild.ts";
import { createTarget, ensure } from "./target.ts";
import { arbitraryBytes, arbitraryText, expectValueOrFailure } from "./values.ts";

/** Checks reading and editing of `~/.aws/config`. */

const FAMILIES = [
  "aws-cli",
  "javascript",
  "go-v2",
  "go-v1",
  "terraform",
  "java",
  "rust",
  "dotnet",
] as const;

const documents: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: arbitraryDocuments().map(({ bytes }) => bytes) },
  { weight: 3, arbitrary: arbitraryWildDocuments() },
  { weight: 1, arbitrary: arbitraryBytes() },
  {
    weight: 2,
    arbitrary: fc
      .tuple(arbitraryDocuments(), fc.nat(400), arbitraryBytes(10))
      .map(([{ bytes }, at, piece]) =>
        Buffer.concat([bytes.slice(0, at), piece, bytes.slice(at + 1)]),
      ),
  },
);

/** Returns the content of a config, without positions. */
function summarize({ sections, problems }: ConfigDocument): string {
  const read = sections.map(({ type, name, entries }) => [
    type,
    name,
    entries.map(({ key, value }) => [key, value]),
  ]);
  const found = problems.flatMap(({ kind, line }) =>
    kind === "byte-order-mark" ? [] : [kind, line],
  );
  return JSON.stringify([read, found]);
}

const configReader = createTarget({
  name: "config-reader",
  values: documents,
  check(bytes) {
    const document = parseConfig(bytes);
    ensure(Buffer.from(encodeText(document.text)).equals(bytes), "other bytes");
    ensure(document.mark + document.lines.join("") === document.text, "lines are not the text");
    for (const family of FAMILIES)
      for (const kind of ["config", "credentials"] as const)
        readFileAs(family, kind, document.text);
    compareReaders(document);
    summarizeProfiles(document);
    const source = { document, file: "config", home: "/home/x" };
    for (const name of listProfileNames(document)) tryOrFail(() => readProfile(source, name));
    tryOrFail(() => listSessions(source));
  },
});

function tryOrFail(work: () => unknown): void {
  try {
    work();
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
  }
}

/** LF, CRLF and a leading byte order mark do not change the content. */
const lineBreaks = createTarget({
  name: "config-line-breaks",
  values: documents.filter((bytes) => !bytes.includes(0x0d) && bytes[0] !== 0xef),
  check(bytes) {
    const wanted = summarize(parseConfig(bytes));
    const windows = Buffer.from(
      Buffer.from(bytes).toString("latin1").replaceAll("\n", "\r\n"),
      "latin1",
    );
    ensure(summarize(parseConfig(windows)) === wanted, "CRLF is read differently");
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    ensure(summarize(parseConfig(marked)) === wanted, "with a mark it is read differently");
  },
});

interface WantedEdit {
  readonly type: "profile" | "sso-session";
  /** Selects a section of the file, or a new one. */
  readonly pick: number;
  readonly name: string;
  readonly set: ReadonlyArray<readonly [key: string, value: string]>;
  readonly remove: readonly string[];
  readonly force: boolean;
}

const keys = fc.constantFrom("region", "output", "s3", "k", "a", "sso_region", "added_key");
const values = fc.oneof(
  fc.constantFrom("us-east-1", "", "x=y", "a:b", "[x]", "'q'", '"q"', "é", "a  b", "%(x)s"),
  arbitraryText(6),
);
const wantedEdits = fc.array(
  fc.record<WantedEdit>({
    type: fc.constantFrom("profile", "profile", "sso-session"),
    pick: fc.nat(20),
    name: fc.oneof(fc.constantFrom("new", "default", "b", "a/b", "x:y"), arbitraryText(4)),
    set: fc.array(fc.tuple(keys, values), { maxLength: 3 }),
    remove: fc.array(keys, { maxLength: 2 }),
    force: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

function toEdit(document: ConfigDocument, wanted: WantedEdit): SectionEdit {
  const names = wanted.type === "profile" ? listProfileNames(document) : listSessionNames(document);
  return { ...wanted, name: names[wanted.pick] ?? wanted.name };
}

/** Runs both checks that latchkey does before each write, and a third, independent one. */
function checkEdit(before: ConfigDocument, result: EditResult): void {
  const { document, changes, removed } = result;
  verifyEdit(before, document, changes, removed);
  tryOrFail(() => proveReadable(before, result, "config"));
  const touched = new Set([...changes.map(({ section }) => section), ...removed]);
  const [was, is] = [before, document].map((one) =>
    one.sections.filter(({ type, name }) => !touched.has(toHeader(type, name))),
  );
  const listEntries = (sections: typeof was) =>
    JSON.stringify(
      sections?.map(({ place, entries }) => [place, entries.map(({ key, value }) => [key, value])]),
    );
  ensure(listEntries(was) === listEntries(is), "another section is read differently");
  checkComments(before, document, touched);
}

function toHeader(type: string, name: string): string {
  return type === "profile" && name === "default" ? "default" : `${type} ${name}`;
}

/** Comments at the left edge keep their order, except for those inside replaced or removed parts. */
function checkComments(before: ConfigDocument, after: ConfigDocument, touched: Set<string>): void {
  const inside = before.sections
    .filter(({ type, name }) => touched.has(toHeader(type, name)))
    .flatMap(({ line, entries }) => [
      ...entries.map((entry) => [entry.line, entry.lastLine] as const),
      ...(after.sections.length < before.sections.length
        ? [[line, entries.at(-1)?.lastLine ?? line] as const]
        : []),
    ]);
  const isOutside = (index: number): boolean =>
    !inside.some(([from, to]) => from <= index + 1 && index + 1 <= to);
  const is = listComments(after, () => true);
  ensure(isWithin(listComments(before, isOutside), is), "a comment is gone");
  ensure(
    isWithin(
      is,
      listComments(before, () => true),
    ),
    "a new comment was added",
  );
}

function listComments({ lines }: ConfigDocument, isWanted: (index: number) => boolean): string[] {
  return lines
    .filter((line, index) => /^[#;]/.test(line) && isWanted(index))
    .map((line) => line.replace(/[\r\n]+$/, ""));
}

/** Returns whether `all` contains these in the same order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const line of all) if (line === some[at]) at += 1;
  return at === some.length;
}

const configEditor = createTarget({
  name: "config-editor",
  values: fc.tuple(documents, wantedEdits),
  async check([bytes, wanted]) {
    const before = parseConfig(bytes);
    const edits = wanted.map((each) => toEdit(before, each));
    const result = await expectValueOrFailure(
      () => editConfig(before, edits, "config"),
      ["CONFIG_INVALID", "USAGE"],
    );
    if (result === undefined) return;
    checkEdit(before, result);
    for (const { section, key, after } of result.changes) {
      const { type, name } = edits.find((edit) => toHeader(edit.type, edit.name) === section)!;
      const read = findSections(result.document, type, name)
        .at(-1)
        ?.entries.findLast((entry) => entry.key === key);
      ensure((read?.value ?? null) === after, `${key} is not read as it was written`);
    }
    const again = editConfig(result.document, edits, "config");
    ensure(again.changes.length === 0, "the same edit changes something a second time");
  },
});

const sections = createTarget({
  name: "config-sections",
  values: fc.tuple(
    documents,
    fc.array(fc.nat(10), { minLength: 1, maxLength: 3 }),
    fc.constantFrom("renamed", "r/2", "x@y"),
    fc.boolean(),
  ),
  cases: [
    // A profile without keys was not renamed: its new header looked like an unexpected one.
    [Buffer.from("[profile a]\n"), [0], "renamed", false],
    // After the rename, the other section would have become effective again.
    [Buffer.from("[default]\n[profile default]\n"), [0], "renamed", false],
    // The check expected the first value of a key that appears twice.
    [Buffer.from("[profile a]\nk = 1\nk = 2\n"), [0], "renamed", false],
    // After the removal of the section, a single carriage return and a line feed became one line break.
    [Buffer.from("\r[profile a]\n\n\u00a0"), [0], "renamed", false],
  ],
  async check([bytes, picks, fresh, force]) {
    const before = parseConfig(bytes);
    const all = listProfileNames(before);
    const names = [...new Set(picks.flatMap((pick) => all[pick] ?? []))];
    const removal = await expectValueOrFailure(
      () => removeProfiles(before, names, force, "config"),
      ["CONFIG_INVALID"],
    );
    if (removal !== undefined) {
      checkEdit(before, removal);
      for (const name of names)
        ensure(
          findSection(removal.document, "profile", name) === undefined,
          `${name} is still there`,
        );
    }
    const [first] = names;
    if (first === undefined || all.includes(fresh)) return;
    const renaming = await expectValueOrFailure(
      () => renameProfiles(before, new Map([[first, fresh]]), force, "config"),
      ["CONFIG_INVALID"],
    );
    if (renaming === undefined) return;
    checkEdit(before, joinEdits([renaming], renaming.document));
  },
});

export const CONFIG_TARGETS = [configReader, lineBreaks, configEditor, sections];
