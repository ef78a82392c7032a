import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LatchkeyError } from "../../src/errors.ts";
import { FEATURES, type Feature } from "./generator-pieces.ts";
import { arbitraryWildDocuments } from "./generator-wild.ts";
import { arbitraryDocuments } from "./generator.ts";
import { diffLines, readAsBotocore, groupStatements } from "./botocore.ts";
import {
  type ConfigDocument,
  type ConfigEntry,
  editConfig,
  type EditResult,
  parseConfig,
  locateEntry,
  listProfileNames,
  removeProfiles,
  type SectionEdit,
  findSections,
  verifyEdit,
} from "../support/config-editor.ts";
import { SEED } from "../support/seed.ts";

type Kind = "new key" | "changed key" | "removed key" | "new section" | "removed section";

interface Choice {
  readonly kind: Kind;
  readonly pick: number;
  readonly value: string;
}

const choices = fc.record<Choice>({
  kind: fc.constantFrom("new key", "changed key", "removed key", "new section", "removed section"),
  pick: fc.nat({ max: 1000 }),
  value: fc.constantFrom("mx-central-1", "", "https://b.awsapps.com/start/#/", "voil\u00e0", "x=y"),
});

const pickFrom = <T>(all: readonly T[], pick: number): T | undefined =>
  all[pick % Math.max(all.length, 1)];

interface Made {
  readonly edit: SectionEdit;
  readonly entry: ConfigEntry | undefined;
  readonly result: EditResult;
}

/** Makes the edit. @returns undefined if there is nothing to edit, or if it is refused for an allowed reason. */
function make(
  before: ConfigDocument,
  { kind, pick, value }: Choice,
  refusals: Map<string, number>,
): Made | undefined {
  const name = kind === "new section" ? "brand-new" : pickFrom(listProfileNames(before), pick);
  if (name === undefined) return undefined;
  const needsEntry = kind === "changed key" || kind === "removed key";
  const entry = needsEntry ? pickEntry(before, name, pick) : undefined;
  if (needsEntry && entry === undefined) return undefined;
  const key = entry?.key ?? "added_key";
  const change =
    kind === "removed key" ? { set: [], remove: [key] } : { set: [[key, value]] as const };
  const edit: SectionEdit = { type: "profile", name, ...change };
  try {
    const result =
      kind === "removed section"
        ? removeProfiles(before, [name], false, "config")
        : editConfig(before, [edit], "config");
    return { edit, entry, result };
  } catch (thrown) {
    countRefusal(thrown, refusals);
    return undefined;
  }
}

function pickEntry(document: ConfigDocument, name: string, pick: number): ConfigEntry | undefined {
  const entries = findSections(document, "profile", name).at(-1)?.entries ?? [];
  return pickFrom(
    entries.filter(({ key }) => /^[a-z0-9_]+$/.test(key)),
    pick,
  );
}

function countRefusal(thrown: unknown, refusals: Map<string, number>): void {
  expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
  const reason =
    /more than once|before its first section|without its ]|indented|is not a key|carriage return/.exec(
      (thrown as LatchkeyError).message,
    )?.[0];
  expect(reason).toBeDefined();
  refusals.set(reason!, (refusals.get(reason!) ?? 0) + 1);
}

const toLatin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

describe("any document, any edit", () => {
  test(
    "is printed unchanged, and the edit changes only its own lines and passes the check",
    { tags: ["long"] },
    () => {
      const seen = new Map<Feature, number>();
      const kinds = new Map<string, number>();
      const refusals = new Map<string, number>();
      let count = 0;
      fc.assert(
        fc.property(arbitraryDocuments(), choices, ({ bytes, features }, choice) => {
          count += 1;
          for (const feature of features) seen.set(feature, (seen.get(feature) ?? 0) + 1);
          const before = parseConfig(bytes);
          expect(toLatin1(before.bytes)).toBe(toLatin1(bytes));
          const made = make(before, choice, refusals);
          if (made === undefined) return;
          kinds.set(choice.kind, (kinds.get(choice.kind) ?? 0) + 1);
          const { document, changes, removed } = made.result;
          verifyEdit(before, document, changes, removed);
          expect(parseConfig(document.bytes)).toEqual(document);
          expectForeignLines(bytes, document.bytes, choice.kind, made);
          expectOtherReadings(before, document, made.edit.name);
        }),
        { numRuns: 3000, seed: SEED },
      );
      const share = FEATURES.map(
        (feature) => [feature, Math.round(((seen.get(feature) ?? 0) / count) * 1000) / 10] as const,
      );
      console.log(
        `${count} documents: ${share.map(([feature, percent]) => `${feature} ${percent} %`).join(", ")}\nedits: ${JSON.stringify([...kinds])}, refused: ${JSON.stringify([...refusals])}`,
      );
      expect(share.filter(([, percent]) => percent < 2)).toEqual([]);
      expect([...kinds.values()].filter((edits) => edits < 100)).toEqual([]);
    },
  );
});

describe("any bytes, any edit", () => {
  test(
    "are printed unchanged, and the edit is refused, or passes the check and is read as planned",
    { tags: ["long"] },
    () => {
      fc.assert(
        fc.property(arbitraryWildDocuments(), choices, (bytes, choice) => {
          const before = parseConfig(bytes);
          expect(toLatin1(before.bytes)).toBe(toLatin1(bytes));
          const made = make(before, choice, new Map());
          if (made === undefined) return;
          const { document, changes, removed } = made.result;
          verifyEdit(before, document, changes, removed);
          expect(document.problems.length).toBeLessThanOrEqual(before.problems.length);
          expectOtherReadings(before, document, made.edit.name);
        }),
        { numRuns: 10_000, seed: SEED },
      );
    },
  );
});

/** A line diff without the parser: only lines of the edited key or the removed section may differ. */
function expectForeignLines(
  before: Uint8Array,
  after: Uint8Array,
  kind: Kind,
  { entry, result }: Made,
): void {
  const { gone, come } = diffLines(before, after);
  // A last line without a line break gets one, or gives it to the new lines after it.
  const trimLines = (lines: readonly string[]): string[] =>
    lines.map((line) => line.replace(/[\r\n]+$/, ""));
  const moved = trimLines(gone).filter((line) => trimLines(come).includes(line));
  expect(moved.length).toBeLessThanOrEqual(1);
  const [lost, fresh] = [gone, come].map((lines) =>
    trimLines(lines).filter((line) => !moved.includes(line)),
  );
  const isOwn = (line: string): boolean =>
    line
      .trim()
      .toLowerCase()
      .startsWith(entry?.key ?? "added_key");
  if (result.changes.length === 0 && kind !== "removed section")
    return expect([lost, fresh]).toEqual([[], []]);
  if (kind === "new key") return expect([lost, fresh?.map(isOwn)]).toEqual([[], [true]]);
  if (kind === "new section")
    return expect([lost, fresh?.filter((line) => line !== "").length]).toEqual([[], 2]);
  if (kind === "removed section") return expect(fresh).toEqual([]);
  expect(lost?.filter((line) => !isOwn(line)).every((line) => /^\s|^$|^[#;]/.test(line))).toBe(
    true,
  );
  expect(fresh?.every(isOwn)).toBe(true);
}

function expectOtherReadings(before: ConfigDocument, after: ConfigDocument, name: string): void {
  const own = new Set(
    [...findSections(before, "profile", name), ...findSections(after, "profile", name)].map(
      ({ place }) => place.header,
    ),
  );
  const listOthers = (document: ConfigDocument) =>
    groupStatements(document).filter(([header]) => !own.has(header));
  expect(listOthers(after)).toEqual(listOthers(before));
  const splitApart = (document: ConfigDocument) => {
    const { profiles, ...rest } = readAsBotocore(document);
    return {
      ...rest,
      profiles: Object.fromEntries(
        Object.entries(profiles).filter(([profile]) => profile !== name),
      ),
    };
  };
  expect(splitApart(after)).toEqual(splitApart(before));
}

/** Makes an edit and then the edit that reverses it. */
function expectUndone(
  bytes: Uint8Array,
  choice: Choice,
  undo: (made: Made) => EditResult,
  isExact: (made: Made) => boolean,
): void {
  const made = make(parseConfig(bytes), choice, new Map());
  fc.pre(made !== undefined && made.result.changes.length > 0 && isExact(made));
  expect(toLatin1(undo(made!).document.bytes)).toBe(toLatin1(bytes));
}

describe("an edit and its inverse give the original bytes for", () => {
  const expectExact = (
    kind: Kind,
    undo: (made: Made) => EditResult,
    isExact: (made: Made, bytes: Uint8Array) => boolean,
  ) =>
    fc.assert(
      fc.property(arbitraryDocuments(), choices, ({ bytes }, choice) =>
        expectUndone(bytes, { ...choice, kind }, undo, (made) => isExact(made, bytes)),
      ),
      { numRuns: 600, seed: SEED, maxSkipsPerRun: 200 },
    );

  test("a new key that is removed again", { tags: ["long"] }, () => {
    expectExact(
      "new key",
      ({ edit, result }) =>
        editConfig(result.document, [{ ...edit, set: [], remove: ["added_key"] }], "config"),
      () => true,
    );
  });

  test(
    "a changed value that is changed back, if it is a writable line and no empty value after ` =` or before trailing blanks is involved",
    { tags: ["long"] },
    () => {
      const isWritable = (value: string): boolean => /^[^\s#;]*$/.test(value);
      expectExact(
        "changed key",
        ({ edit, entry, result }) =>
          editConfig(result.document, [{ ...edit, set: [[entry!.key, entry!.value]] }], "config"),
        ({ edit, entry }, bytes) => {
          const { keyEnd, delimiter, valueStart, valueEnd } = locateEntry(toLatin1(bytes), entry!);
          const isEmptied = edit.set[0]?.[1] === "";
          const isGlued =
            valueStart === delimiter + 1 &&
            keyEnd < delimiter &&
            (isEmptied || entry!.value === "");
          return (
            isWritable(entry!.value) &&
            !isGlued &&
            !(isEmptied && /[^\r\n]/.test(toLatin1(bytes).charAt(valueEnd)))
          );
        },
      );
    },
  );

  test(
    "a new section that is removed again, if the file is empty or ends with a complete line that is not blank",
    { tags: ["long"] },
    () => {
      expectExact(
        "new section",
        ({ edit, result }) => removeProfiles(result.document, [edit.name], false, "config"),
        (_, bytes) => bytes.length === 0 || /[^\s][ \t]*\r?\n$/.test(toLatin1(bytes)),
      );
    },
  );

  test(
    "the values of a removed key that is set again, although it moves to the end",
    { tags: ["long"] },
    () => {
      fc.assert(
        fc.property(arbitraryDocuments(), choices, ({ bytes }, choice) => {
          const before = parseConfig(bytes);
          const made = make(before, { ...choice, kind: "removed key" }, new Map());
          fc.pre(made !== undefined && /^[^\s#;]*$/.test(made.entry!.value));
          const again = editConfig(
            made!.result.document,
            [{ ...made!.edit, set: [[made!.entry!.key, made!.entry!.value]], remove: [] }],
            "config",
          );
          expect(readAsBotocore(again.document)).toEqual(readAsBotocore(before));
        }),
        { numRuns: 600, seed: SEED, maxSkipsPerRun: 200 },
      );
    },
  );
});
