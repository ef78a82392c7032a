import fc from "fast-check";

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

/** Unrealistic files: parts of the grammar in any order. */
export function arbitraryWildDocuments(): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.boolean(), fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 }))
    .map(([headed, parts]) =>
      Buffer.from((headed ? "[profile a]\n" : "") + parts.join(""), "latin1"),
    );
}
