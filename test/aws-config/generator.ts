import fc from "fast-check";
import { body, filler, weigh, createPiece, type Feature, type Piece } from "./generator-pieces.ts";

/** AWS config files like those of people and programs, with the names of their unusual features. */

interface GeneratedDocument {
  readonly bytes: Uint8Array;
  readonly features: ReadonlySet<Feature>;
}

function arbitraryHeader(kind: string, name: string): fc.Arbitrary<Piece> {
  if (name === "default") return fc.constant(createPiece(["[default]"]));
  return fc.oneof(
    weigh(10, createPiece([`[${kind} ${name}]`])),
    weigh(1, createPiece([`[${kind} "${name}"]`], "quoted header")),
    weigh(1, createPiece([`[${kind} '${name}']`], "quoted header")),
    weigh(1, createPiece([`[${kind}\t${name}]`], "tab in header")),
    weigh(1, createPiece([`  [${kind} ${name}]`], "indented header")),
    weigh(1, createPiece([`[${kind} ${name}] # mine`], "comment after header")),
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
              createPiece(["[default]"], "both defaults"),
              ...one,
              createPiece(["[profile default]"]),
              ...two,
            ]);
        const head =
          kind === "other"
            ? fc.constant(createPiece([name], "unknown section"))
            : arbitraryHeader(kind, name);
        return fc
          .tuple(head, body)
          .map(([first, rest]) => [
            kind === "sso-session" ? createPiece(first.lines, ...first.features, "session") : first,
            ...rest,
          ]);
      }),
    );
  });

/** In all text above each character is one byte: names and values are UTF-8, and one comment is not. */
export function arbitraryDocuments(): fc.Arbitrary<GeneratedDocument> {
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
            index === 0 ? group : [createPiece([""], "blank line"), ...group],
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
