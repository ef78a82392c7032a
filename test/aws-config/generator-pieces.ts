import fc from "fast-check";

/** The pieces of config files: lines with the names of their unusual features. */

export const FEATURES = [
  "comment",
  "blank line",
  "nested block",
  "blank line in a block",
  "CRLF",
  "byte order mark",
  "no final newline",
  "not UTF-8",
  "unknown section",
  "indented keys",
  "unterminated blank line",
  "quoted header",
  "tab in header",
  "indented header",
  "comment after header",
  "duplicate key",
  "empty value",
  "colon",
  "inline comment",
  "aligned",
  "session",
  "both defaults",
  "empty section",
  "commented-out section",
  "no-break space",
] as const;

export type Feature = (typeof FEATURES)[number];

export interface Piece {
  readonly lines: readonly string[];
  readonly features: readonly Feature[];
}

export const createPiece = (lines: readonly string[], ...features: Feature[]): Piece => ({
  lines,
  features,
});
export const weigh = <T>(weight: number, value: T) => ({ weight, arbitrary: fc.constant(value) });

const KEYS = [
  "region",
  "output",
  "sso_session",
  "sso_account_id",
  "role_arn",
  "credential_process",
  "aws_access_key_id",
  "x",
];
const value = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      "eu-west-1",
      "json",
      "https://a.awsapps.com/start/#",
      "a=b",
      "sh -c 'x'",
      "100%",
      '"q"',
      "caf\u00c3\u00a9",
    ),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[!-"$-:<-~]{1,12}$/) },
);
const spacing = fc.constantFrom(" = ", "=", " =", "= ", "  =  ", "\t=\t");

const nested = fc
  .tuple(
    fc.constantFrom("s3", "s3api"),
    fc.constantFrom("  ", "    ", "\t"),
    fc.constantFrom(" =", " = ", "="),
    fc.boolean(),
  )
  .map(([key, deep, equals, blank]) =>
    createPiece(
      [
        `${key}${equals}`,
        `${deep}addressing_style = path`,
        ...(blank ? [""] : []),
        `${deep}max=10`,
      ],
      "nested block",
      ...(blank ? ["blank line in a block" as const] : []),
    ),
  );

function arbitraryEntry(key: string): fc.Arbitrary<Piece> {
  return fc.oneof(
    {
      weight: 16,
      arbitrary: fc
        .tuple(spacing, value)
        .map(([equals, text]) => createPiece([`${key}${equals}${text}`])),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom("=", " =", " = ")
        .map((equals) => createPiece([key + equals], "empty value")),
    },
    { weight: 1, arbitrary: value.map((text) => createPiece([`${key}: ${text}`], "colon")) },
    {
      weight: 2,
      arbitrary: value.map((text) => createPiece([`${key} = ${text} # why`], "inline comment")),
    },
    {
      weight: 1,
      arbitrary: value.map((text) =>
        createPiece([`${key} = ${text}\u00c2\u00a0`], "no-break space"),
      ),
    },
    { weight: 1, arbitrary: fc.constant(createPiece([`${key} = one`, "  two"])) },
  );
}

export const filler = fc.oneof(
  weigh(5, createPiece([""], "blank line")),
  weigh(2, createPiece([" "], "blank line")),
  weigh(4, createPiece(["# note"], "comment")),
  weigh(1, createPiece([";# NAME"], "comment")),
  weigh(1, createPiece(["# cl\u00e9"], "comment", "not UTF-8")),
  weigh(1, createPiece(["# region = old"], "comment")),
  weigh(
    1,
    createPiece(["# [profile gone]", "# region = eu-west-9"], "comment", "commented-out section"),
  ),
);

export const body = fc
  .tuple(
    fc.subarray(KEYS),
    fc.integer({ min: 0, max: 23 }),
    fc.array(filler, { maxLength: 3 }),
    fc.option(nested, { freq: 4 }),
  )
  .chain(([keys, manner, fillers, block]) =>
    fc.tuple(...keys.map(arbitraryEntry)).chain((entries) => {
      const aligned =
        manner === 0 && keys.length > 1
          ? [createPiece(["a        = 1", "longer   = 2"], "aligned")]
          : [];
      const again =
        manner === 1 && keys[0] !== undefined
          ? [createPiece([`${keys[0].toUpperCase()} = again`], "duplicate key")]
          : [];
      return fc
        .shuffledSubarray(
          [...entries, ...(block === null ? [] : [block]), ...fillers, ...aligned],
          { minLength: entries.length },
        )
        .map((pieces) => {
          const indent = manner === 2 || manner === 3 ? "  " : "";
          const all = [...pieces, ...again].map(({ lines, features }) =>
            createPiece(
              lines.map((line) => (line === "" ? line : indent + line)),
              ...features,
            ),
          );
          return all.some(
            ({ features, lines }) =>
              !features.includes("comment") && !features.includes("blank line") && lines.length > 0,
          )
            ? [...all, ...(indent === "" ? [] : [createPiece([], "indented keys")])]
            : [...all, createPiece([], "empty section")];
        });
    }),
  );
