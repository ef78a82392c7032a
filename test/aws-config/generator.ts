import fc from "fast-check";

/** AWS config files as people and programs leave them: each a list of odd features, told by name. */

interface GeneratedDocument {
  readonly bytes: Uint8Array;
  readonly features: ReadonlySet<Feature>;
}

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

interface Piece {
  readonly lines: readonly string[];
  readonly features: readonly Feature[];
}

const piece = (lines: readonly string[], ...features: Feature[]): Piece => ({ lines, features });
const often = <T>(weight: number, value: T) => ({ weight, arbitrary: fc.constant(value) });

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
    piece(
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

function entry(key: string): fc.Arbitrary<Piece> {
  return fc.oneof(
    {
      weight: 16,
      arbitrary: fc
        .tuple(spacing, value)
        .map(([equals, text]) => piece([`${key}${equals}${text}`])),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom("=", " =", " = ")
        .map((equals) => piece([key + equals], "empty value")),
    },
    { weight: 1, arbitrary: value.map((text) => piece([`${key}: ${text}`], "colon")) },
    {
      weight: 2,
      arbitrary: value.map((text) => piece([`${key} = ${text} # why`], "inline comment")),
    },
    {
      weight: 1,
      arbitrary: value.map((text) => piece([`${key} = ${text}\u00c2\u00a0`], "no-break space")),
    },
    { weight: 1, arbitrary: fc.constant(piece([`${key} = one`, "  two"])) },
  );
}

const filler = fc.oneof(
  often(5, piece([""], "blank line")),
  often(2, piece([" "], "blank line")),
  often(4, piece(["# note"], "comment")),
  often(1, piece([";# NAME"], "comment")),
  often(1, piece(["# cl\u00e9"], "comment", "not UTF-8")),
  often(1, piece(["# region = old"], "comment")),
  often(1, piece(["# [profile gone]", "# region = eu-west-9"], "comment", "commented-out section")),
);

const body = fc
  .tuple(
    fc.subarray(KEYS),
    fc.integer({ min: 0, max: 23 }),
    fc.array(filler, { maxLength: 3 }),
    fc.option(nested, { freq: 4 }),
  )
  .chain(([keys, manner, fillers, block]) =>
    fc.tuple(...keys.map(entry)).chain((entries) => {
      const aligned =
        manner === 0 && keys.length > 1 ? [piece(["a        = 1", "longer   = 2"], "aligned")] : [];
      const again =
        manner === 1 && keys[0] !== undefined
          ? [piece([`${keys[0].toUpperCase()} = again`], "duplicate key")]
          : [];
      return fc
        .shuffledSubarray(
          [...entries, ...(block === null ? [] : [block]), ...fillers, ...aligned],
          { minLength: entries.length },
        )
        .map((pieces) => {
          const indent = manner === 2 || manner === 3 ? "  " : "";
          const all = [...pieces, ...again].map(({ lines, features }) =>
            piece(
              lines.map((line) => (line === "" ? line : indent + line)),
              ...features,
            ),
          );
          return all.some(
            ({ features, lines }) =>
              !features.includes("comment") && !features.includes("blank line") && lines.length > 0,
          )
            ? [...all, ...(indent === "" ? [] : [piece([], "indented keys")])]
            : [...all, piece([], "empty section")];
        });
    }),
  );

function header(kind: string, name: string): fc.Arbitrary<Piece> {
  if (name === "default") return fc.constant(piece(["[default]"]));
  return fc.oneof(
    often(10, piece([`[${kind} ${name}]`])),
    often(1, piece([`[${kind} "${name}"]`], "quoted header")),
    often(1, piece([`[${kind} '${name}']`], "quoted header")),
    often(1, piece([`[${kind}\t${name}]`], "tab in header")),
    often(1, piece([`  [${kind} ${name}]`], "indented header")),
    often(1, piece([`[${kind} ${name}] # mine`], "comment after header")),
  );
}

const NAMES = ["alpha", "beta-1", "gamma", "\u00c3\u00a9t\u00c3\u00a9"];

const section = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.constantFrom("default", ...NAMES).map((name) => ["profile", name] as const),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom("corp", "alpha").map((name) => ["sso-session", name] as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        "[plugins]",
        "[okta]",
        "[profile]",
        "[preview]",
        "[DEFAULT]",
        "[services local]",
        "[profiles gamma]",
      )
      .map((text) => ["other", text] as const),
  },
  { weight: 1, arbitrary: fc.constant(["both", "default"] as const) },
);

const sections = fc
  .uniqueArray(section, { maxLength: 6, selector: ([kind, name]) => `${kind} ${name}` })
  .chain((names) => {
    const both = names.some(([kind]) => kind === "both");
    const chosen = names.filter(([kind, name]) => !both || kind === "both" || name !== "default");
    return fc.tuple(
      ...chosen.map(([kind, name]) => {
        if (kind === "both")
          return fc
            .tuple(body, body)
            .map(([one, two]) => [
              piece(["[default]"], "both defaults"),
              ...one,
              piece(["[profile default]"]),
              ...two,
            ]);
        const head =
          kind === "other" ? fc.constant(piece([name], "unknown section")) : header(kind, name);
        return fc
          .tuple(head, body)
          .map(([first, rest]) => [
            kind === "sso-session" ? piece(first.lines, ...first.features, "session") : first,
            ...rest,
          ]);
      }),
    );
  });

/** All text above is one character a byte: names and values are UTF-8, and one comment is not. */
export function documents(): fc.Arbitrary<GeneratedDocument> {
  const ends = fc.constantFrom("newline", "newline", "newline", "none", "blank", "spaces");
  const head = fc.array(filler, { maxLength: 2 });
  return fc
    .tuple(
      head,
      sections,
      fc.constantFrom("\n", "\n", "\n", "\r\n"),
      fc.integer({ min: 0, max: 11 }),
      ends,
      fc.boolean(),
    )
    .map(([first, groups, lineBreak, mark, ending, spaced]) => {
      const parted = spaced
        ? groups.flatMap((group, index) =>
            index === 0 ? group : [piece([""], "blank line"), ...group],
          )
        : groups.flat();
      const pieces = [...first, ...parted];
      const lines = pieces.flatMap((each) => each.lines);
      const features = new Set(pieces.flatMap((each) => [...each.features]));
      if (lineBreak === "\r\n" && lines.length > 1) features.add("CRLF");
      if (mark === 0) features.add("byte order mark");
      if (ending === "none" && lines.length > 0) features.add("no final newline");
      if (ending === "spaces") features.add("unterminated blank line");
      const end = {
        newline: lineBreak,
        none: "",
        blank: lineBreak + lineBreak,
        spaces: `${lineBreak}  `,
      }[ending]!;
      const text =
        (mark === 0 ? "\u00ef\u00bb\u00bf" : "") +
        lines.join(lineBreak) +
        (lines.length === 0 && ending !== "spaces" ? "" : end);
      return { bytes: Buffer.from(text, "latin1"), features };
    });
}

const FRAGMENTS = [
  "[profile a]",
  "[profile b]",
  "[default]",
  "[DEFAULT]",
  "[]",
  "[]]",
  "[x",
  "a",
  "b",
  "=",
  ":",
  " ",
  "  ",
  "\t",
  "\n",
  "\n",
  "\n",
  "\n",
  "\r\n",
  "\r",
  "#",
  ";",
  "]",
  "[",
  "1",
  "\u00c2\u00a0",
  "\u00e2\u0080\u00a8",
  "\u000b",
  "\u001c",
  "\u00c2\u0085",
  "s3 =\n  x = 1\n",
  "k = v\n",
  "K: v\n",
  "  [profile b]\n",
  "'",
  '"',
  "\\",
  "profile",
  "[sso-session s]\n",
  "\u00ef\u00bb\u00bf",
  "\u00e9",
];

/** No file that anyone would keep: what the grammar is made of, in any order. */
export function wildDocuments(): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.boolean(), fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 }))
    .map(([headed, parts]) =>
      Buffer.from((headed ? "[profile a]\n" : "") + parts.join(""), "latin1"),
    );
}
