import { describe, expect, test } from "vitest";
import { toBytes } from "./botocore.ts";
import {
  type ConfigDocument,
  editConfig,
  type EditResult,
  findSection,
  parseConfig,
  listProfileNames,
  compareReaders,
  removeProfiles,
  type SectionEdit,
  verifyEdit,
} from "../support/config-editor.ts";

/**
 * Checks that the time grows linearly: eight times the text may take thirty-two times as long. This leaves room for a
 * busy machine, but not for quadratic time (sixty-four times). Slow runs are repeated, and the fastest one counts.
 */
function expectLinear(
  make: (size: number) => Uint8Array,
  work: (bytes: Uint8Array) => void,
  size: number,
): void {
  const [small, large] = [make(size), make(size * 8)];
  const once = Math.max(
    Math.min(
      measureWork(() => work(small)),
      measureWork(() => work(small)),
      measureWork(() => work(small)),
    ),
    LEAST,
  );
  let eight = measureWork(() => work(large));
  for (let again = 0; again < 3 && eight / once >= 32; again += 1)
    eight = Math.min(
      eight,
      measureWork(() => work(large)),
    );
  expect(eight / once).toBeLessThan(32);
}

/** The shortest measurable time: Windows counts processor time in ticks of a 64th of a second. */
const LEAST = process.platform === "win32" ? 16 : 2;

/** Returns milliseconds of processor time. The wall clock would include the work of other processes. */
function measureWork(act: () => void): number {
  const from = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

const profileText = (index: number, lineBreak: string): string =>
  [
    `[profile account-${index}]`,
    "# of the one account",
    "sso_session = corp",
    `sso_account_id = ${index}`,
    "s3 =",
    "  max = 1",
    "",
    "  min = 2",
    `note = ${"x".repeat(900)}`,
    "",
    "",
  ].join(lineBreak);

function buildProfiles(count: number, lineBreak = "\n"): Uint8Array {
  return toBytes(
    Array.from({ length: count }, (_, index) => profileText(index, lineBreak)).join(""),
  );
}

function verifyEdited(
  before: ConfigDocument,
  { document, changes, removed }: EditResult,
): ConfigDocument {
  verifyEdit(before, document, changes, removed);
  return document;
}

function runOneEdit(bytes: Uint8Array): void {
  const before = parseConfig(bytes);
  const edit: SectionEdit = {
    type: "profile",
    name: "account-7",
    set: [
      ["region", "eu-west-1"],
      ["sso_session", "other"],
    ],
    remove: ["note"],
  };
  verifyEdited(before, editConfig(before, [edit, { ...edit, name: "fresh" }], "config"));
  verifyEdited(before, removeProfiles(before, ["account-5"], false, "config"));
}

describe("the time grows linearly with the text for", () => {
  test(
    "parsing, editing, checking and printing 10 MB with 10,000 profiles",
    { tags: ["long"] },
    () => {
      const bytes = buildProfiles(10_000);
      expect(bytes.length).toBeGreaterThan(10_000_000);
      const before = parseConfig(bytes);
      expect(before.problems).toEqual([]);
      expect(listProfileNames(before)).toHaveLength(10_000);
      runOneEdit(bytes);
      const heap = process.memoryUsage().heapUsed;
      const documents = [parseConfig(bytes)];
      expect(documents[0]?.sections).toHaveLength(10_000);
      expect(process.memoryUsage().heapUsed - heap).toBeLessThan(20 * bytes.length);
    },
  );

  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
  ])("one edit of a file of 1 MB and of 8 MB (%s)", { tags: ["long"] }, (_, lineBreak) => {
    expectLinear((count) => buildProfiles(count, lineBreak), runOneEdit, 1000);
  });

  test("an edit of every profile, and as many new ones", { tags: ["long"] }, () => {
    expectLinear(
      (count) => buildProfiles(count),
      (bytes) => {
        const before = parseConfig(bytes);
        const edits = listProfileNames(before).flatMap((name): SectionEdit[] => [
          { type: "profile", name, set: [["region", "eu-west-1"]], remove: ["note"] },
          { type: "profile", name: `${name}-too`, set: [["region", "eu-west-1"]] },
        ]);
        verifyEdited(before, editConfig(before, edits, "config"));
      },
      250,
    );
  });

  test("looking up every profile by its name", { tags: ["long"] }, () => {
    expectLinear(
      (count) => buildProfiles(count),
      (bytes) => {
        const document = parseConfig(bytes);
        for (const name of listProfileNames(document)) findSection(document, "profile", name);
      },
      500,
    );
  });

  test("comparing two readers", { tags: ["long"] }, () => {
    expectLinear(
      (count) => buildProfiles(count),
      (bytes) => void compareReaders(parseConfig(bytes)),
      500,
    );
  });
});

const PATHOLOGICAL: ReadonlyArray<readonly [what: string, make: (size: number) => string]> = [
  ["200,000 lines of [", (size) => "[\n".repeat(size)],
  ["200,000 lines of =", (size) => `[profile p]\n${"=\n".repeat(size)}`],
  ["200,000 lines of ]", (size) => `[profile p]\n${"]\n".repeat(size)}`],
  ["200,000 lines of [a]", (size) => "[a]\n".repeat(size)],
  [
    "200,000 keys in one section",
    (size) =>
      `[profile p]\n${Array.from({ length: size }, (_, index) => `k${index}=1\n`).join("")}`,
  ],
  ["one key 200,000 times", (size) => `[profile p]\n${"k=1\n".repeat(size)}`],
  ["one line of 5 MB", (size) => `[profile p]\nk = ${"v".repeat(size * 25)}`],
  [
    "one line of 5 MB of brackets and quotes",
    (size) => `[profile ${"['\\".repeat(size * 8)}]\nk = 1\n`,
  ],
  ["one line of 5 MB of blanks", (size) => `[profile p]\nk =${" ".repeat(size * 25)}\nb = 1`],
  ["one key of 5 MB in UTF-8", (size) => `[profile p]\n${"\u00e9".repeat(size * 12)} = 1\n`],
  [
    "100,000 blank lines inside a value",
    (size) => `[profile p]\ns3 =\n  a = 1\n${"\n".repeat(size / 2)}  b = 2\n`,
  ],
  [
    "100,000 blank lines after a value",
    (size) => `[profile p]\ns3 =\n  a = 1\n${"\r\n".repeat(size / 2)}`,
  ],
  [
    "100,000 lines of blanks, the last not ended",
    (size) => `[profile p]\na = 1\n${"  \n".repeat(size / 2)}  `,
  ],
  [
    "100,000 empty sections, spaced out",
    (size) => Array.from({ length: size / 2 }, (_, index) => `[profile p${index}]\n\n`).join(""),
  ],
  ["200,000 comments in an empty section", (size) => `[profile p]\n${"# a = b\n".repeat(size)}`],
  ["200,000 openings of a template", (size) => `[profile p]\nk = ${"{{".repeat(size)}\n`],
  [
    "200,000 openings of another tool's block",
    (size) => `[profile p]\n${"# BEGIN_AWS_SSO_CLI\n".repeat(size)}`,
  ],
  [
    "200,000 lines that are no UTF-8, in the end",
    (size) => `[profile p]\n${"# ok\n".repeat(size)}`,
  ],
];

describe("the time grows linearly with unusual text such as", () => {
  test.each(PATHOLOGICAL)("%s", { tags: ["long"] }, (what, make) => {
    expectLinear(
      (size) =>
        what.includes("no UTF-8")
          ? Buffer.concat([toBytes(make(size)), Buffer.of(0x23, 0xe9)])
          : toBytes(make(size)),
      (bytes) => {
        const before = parseConfig(bytes);
        expect(before.bytes.length).toBe(bytes.length);
        compareReaders(before);
        try {
          const edit: SectionEdit = {
            type: "profile",
            name: "p",
            set: [
              ["b", "2"],
              ["c", "3"],
            ],
            remove: ["a"],
          };
          verifyEdited(before, editConfig(before, [edit, { ...edit, name: "fresh" }], "config"));
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
        }
      },
      25_000,
    );
  });
});
