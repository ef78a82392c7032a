import { describe, expect, test } from "vitest";
import { LatchkeyError } from "../../src/errors.ts";
import {
  toBytes,
  readAsBotocore,
  catchRefusal,
  groupStatements,
  type BotocoreReading,
} from "./botocore.ts";
import {
  type ConfigDocument,
  editConfig,
  type EditResult,
  parseConfig,
  listProfileNames,
  removeProfiles,
  type SectionEdit,
  findSections,
  verifyEdit,
} from "../support/config-editor.ts";
import { loadEdges, loadVectors, type RecordedReading } from "../support/vectors.ts";

interface Case {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** undefined if botocore refuses the file. */
  readonly botocore: BotocoreReading | undefined;
  readonly javascript: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function toBotocore(answer: RecordedReading | { readonly error: string } | string) {
  if (typeof answer === "string" || "error" in answer) return undefined;
  const { profiles, sso_sessions, services, other, ...rest } = answer;
  return { profiles, sso_sessions, services, other: other ?? rest };
}

const parserCases: Case[] = Object.entries(loadVectors().config_parser).map(
  ([id, { text, botocore, js }]) => ({
    id,
    bytes: toBytes(text),
    botocore: toBotocore(botocore),
    javascript: js.profiles,
  }),
);
const edges: Case[] = loadEdges().map(({ id, bytes_base64, botocore, smithy }) => ({
  id,
  bytes: Buffer.from(bytes_base64, "base64"),
  botocore: toBotocore(botocore),
  javascript: smithy.configFile,
}));
const cases = [...parserCases, ...edges];

describe("config_parser and the edges: files are read like in botocore", () => {
  test.each(cases)("$id is printed unchanged", ({ bytes }) => {
    expect(Buffer.from(parseConfig(bytes).bytes)).toEqual(Buffer.from(bytes));
  });

  test.each(cases.filter(({ botocore }) => botocore !== undefined))(
    "$id has the same sections, keys and values, and no problem",
    ({ bytes, botocore }) => {
      const document = parseConfig(bytes);
      expect(document.problems).toEqual([]);
      expect(readAsBotocore(document)).toEqual(botocore);
    },
  );

  /** The line to fix. If botocore's own message names a line, it is the same. */
  const REFUSED: Readonly<Record<string, readonly [kind: string, line: number]>> = {
    "dup-key": ["duplicate-key", 3],
    "no-value": ["no-delimiter", 2],
    bom: ["byte-order-mark", 1],
    "unterminated-header": ["unterminated-header", 1],
    "13-duplicate-key": ["duplicate-key", 4],
    "14-duplicate-section": ["duplicate-section", 7],
    "15-chezmoi-blocks": ["key-before-section", 1],
    "17-ansible-vault": ["key-before-section", 1],
    "25-static-keys-spaced": ["not-utf-8", 1],
  };

  test("every file that botocore refuses is listed here", () => {
    expect(Object.keys(REFUSED).sort()).toEqual(
      cases
        .filter(({ botocore }) => botocore === undefined)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test.each(Object.entries(REFUSED))("%s has a problem with its line", (id, [kind, line]) => {
    const { bytes } = cases.find((candidate) => candidate.id === id)!;
    expect(parseConfig(bytes).problems[0]).toMatchObject({ kind, line });
  });

  test.each(
    cases.filter(
      ({ botocore, javascript }) => botocore === undefined && Object.keys(javascript).length > 0,
    ),
  )("$id is read as far as JavaScript reads it", ({ bytes, javascript }) => {
    const read = readAsBotocore(parseConfig(bytes)).profiles;
    for (const [name, values] of Object.entries(javascript)) expect(read[name]).toEqual(values);
  });
});

type Edit = readonly [what: string, run: (document: ConfigDocument) => EditResult, name: string];

/** The first profile in the file, which is edited and removed. */
function listEdits(document: ConfigDocument): Edit[] {
  const added = "added-here";
  const edit =
    (name: string, change: Partial<SectionEdit>): Edit[1] =>
    (before) =>
      editConfig(before, [{ type: "profile", name, set: [], ...change }], "config");
  const whole = [
    ["region", "eu-west-1"],
    ["output", "json"],
  ] as const;
  const addition: Edit = ["a profile is added", edit(added, { set: whole }), added];
  const [first] = listProfileNames(document);
  if (first === undefined) return [addition];
  return [
    addition,
    ["a new key is set", edit(first, { set: [["sso_session", "added"]] }), first],
    ["region is set", edit(first, { set: [["region", "mx-central-1"]] }), first],
    ["region is removed", edit(first, { remove: ["region"] }), first],
    ["the section is removed", (before) => removeProfiles(before, [first], false, "config"), first],
  ];
}

const UNEDITABLE = ["unterminated-header", "15-chezmoi-blocks", "17-ansible-vault"];

describe("config_parser and the edges: an edit changes only its own section", () => {
  test.each(
    cases
      .filter(({ id }) => !UNEDITABLE.includes(id))
      .flatMap((each) =>
        listEdits(parseConfig(each.bytes)).map(([what, run, name]) => ({
          ...each,
          what,
          run,
          name,
        })),
      ),
  )("$id: $what", ({ bytes, run, name }) => {
    const before = parseConfig(bytes);
    let result: EditResult;
    try {
      result = run(before);
    } catch (thrown) {
      // A section that appears twice in other spellings is not edited. No other reason is expected.
      expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
      expect((thrown as LatchkeyError).message).toMatch(/more than once|is not a key/);
      return;
    }
    verifyEdit(before, result.document, result.changes, result.removed);
    const own = new Set(
      [
        ...findSections(before, "profile", name),
        ...findSections(result.document, "profile", name),
      ].map(({ place }) => place.header),
    );
    const listOthers = (document: ConfigDocument) =>
      groupStatements(document).filter(([header]) => !own.has(header));
    expect(listOthers(result.document)).toEqual(listOthers(before));
    expect(result.document.problems.filter(({ line }) => line > 0).length).toBeLessThanOrEqual(
      before.problems.length,
    );
  });

  test.each(UNEDITABLE)("%s is not edited, and the error names the line", (id) => {
    const { bytes } = cases.find((candidate) => candidate.id === id)!;
    for (const force of [false, true]) {
      const refusal = catchRefusal(() =>
        editConfig(
          parseConfig(bytes),
          [{ type: "profile", name: "a", set: [["region", "x"]], force }],
          "~/.aws/config",
        ),
      );
      expect(refusal).toMatchObject({ code: "CONFIG_INVALID", exitCode: 7 });
      expect(refusal.message).toContain("line 1");
    }
  });
});
