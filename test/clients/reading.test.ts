import { describe, expect, test } from "vitest";
import { readAs } from "../support/config-editor.ts";

type Family = Parameters<typeof readAs>[0];

/**
 * What families read: `a: x=1 y=2; default: x=3`, `nothing`, or `refused` with the line because of which the file is
 * refused.
 */
type Row = readonly [what: string, text: string, ...readings: string[]];

const ROWS: readonly Row[] = [
  [
    "a plain file with a session, a default and CRLF",
    "# c\r\n[default]\r\nx = 1\r\n\r\n[sso-session corp]\r\ny=2\r\n[profile a]\r\nz = https://c.example/start#/\r\n",
    "aws-cli javascript go-v2 go-v1 terraform java rust dotnet -> default: x=1; a: z=https://c.example/start#/; sso-session corp: y=2",
  ],
  [
    "the first key of a section is indented",
    "[profile a]\n  x=1\n",
    "aws-cli javascript go-v2 go-v1 dotnet -> a: x=1",
    "java rust -> refused 2",
  ],
  [
    "an indented comment below a header and below a value",
    "[profile a]\nx = 1\n  # c\n[profile b]\n  # c\ny = 2\n",
    "aws-cli go-v2 -> a: x=1; b: y=2",
    "java rust -> refused 5",
  ],
  [
    "an indented comment behind a value",
    "[profile a]\nx = 1\n  # c\n",
    "aws-cli dotnet go-v2 -> a: x=1",
    "java rust -> a: x=1\\n# c",
  ],
  [
    "an indented key behind a value",
    "[profile a]\nx = 1\n  y = 2\n",
    "aws-cli java rust -> a: x=1\\ny = 2",
    "go-v2 go-v1 dotnet -> a: x=1 y=2",
  ],
  [
    "a nested block with a blank line in it",
    "[profile a]\ns3 =\n  x = 1\n\n  y = 2\nz = 3\n",
    "aws-cli javascript go-v2 java rust -> a: s3.x=1 s3.y=2 z=3",
    "go-v1 -> a: y=2 z=3",
  ],
  [
    "a line without = in a nested block",
    "[profile a]\ns3 =\n  oops\nx = 1\n",
    "aws-cli java rust dotnet -> refused 3",
    "go-v2 -> a: s3= x=1",
  ],
  [
    "blanks around the words of a header",
    "[ profile a ]\nx=1\n",
    "aws-cli javascript -> nothing",
    "go-v2 go-v1 java rust dotnet -> a: x=1",
  ],
  [
    "two blanks in a header",
    "[profile  a]\nx=1\n",
    "aws-cli go-v2 java rust dotnet -> a: x=1",
    "javascript -> nothing",
    "go-v1 ->  a: x=1",
  ],
  [
    "a tab in a header",
    "[profile\ta]\nx=1\n",
    "aws-cli javascript go-v2 java rust dotnet -> a: x=1",
  ],
  [
    "a capital in the word profile",
    "[Profile a]\nx=1\n",
    "aws-cli javascript go-v2 java rust dotnet -> nothing",
  ],
  [
    "a misspelt sso-session",
    "[sso_session s]\nx=1\n",
    "aws-cli javascript go-v2 java rust dotnet -> nothing",
  ],
  [
    "a name of two words",
    "[profile a b]\nx=1\n",
    "aws-cli javascript java rust -> nothing",
    "go-v2 go-v1 dotnet -> a b: x=1",
  ],
  [
    "a name with a !",
    "[profile a!b]\nx=1\n",
    "aws-cli go-v2 dotnet -> a!b: x=1",
    "javascript java rust -> nothing",
  ],
  [
    "a quoted name",
    '[profile "a"]\nx=1\n',
    "aws-cli javascript -> a: x=1",
    "java rust -> nothing",
    'go-v2 dotnet -> "a": x=1',
  ],
  [
    "a comment behind a header",
    "[profile a] # c\nx=1\n",
    "aws-cli javascript go-v2 go-v1 java rust -> a: x=1",
    "dotnet -> refused 1",
  ],
  [
    "a comment glued to a header",
    "[profile a];c\nx=1\n",
    "aws-cli go-v2 go-v1 java rust -> a: x=1",
    "dotnet -> refused 1",
    "javascript -> nothing",
  ],
  [
    "a comment with a = behind a header",
    "[profile a] # c=d\nx=1\n",
    "aws-cli -> a: x=1",
    "dotnet -> nothing",
  ],
  [
    "an indented header",
    "  [profile a]\nx=1\n",
    "aws-cli javascript go-v2 go-v1 dotnet -> a: x=1",
    "java rust -> refused 1",
  ],
  [
    "an unprefixed section",
    "[a]\nx=1\n",
    "aws-cli go-v2 java rust dotnet -> nothing",
    "go-v1 -> a: x=1",
  ],
  [
    "a header without its ]",
    "[profile a\nx=1\n",
    "aws-cli go-v1 java rust dotnet -> refused 1",
    "javascript go-v2 -> nothing",
  ],
  [
    "a key before the first section",
    "y=2\n[profile a]\nx=1\n",
    "aws-cli java rust -> refused 1",
    "javascript go-v2 go-v1 dotnet -> a: x=1",
  ],
  [
    "an invalid line",
    "[profile a]\nx=1\noops\n",
    "aws-cli java rust dotnet -> refused 3",
    "javascript go-v2 go-v1 -> a: x=1",
  ],
  [
    "an invalid line below a header that is not recognised",
    "[other]\noops\n[profile a]\nx=1\n",
    "aws-cli rust -> refused 2",
    "java -> a: x=1",
  ],
  [
    "a colon",
    "[profile a]\nx: 1\n",
    "aws-cli go-v2 go-v1 -> a: x=1",
    "javascript -> nothing",
    "java rust dotnet -> refused 2",
  ],
  [
    "a key in capitals",
    "[profile a]\nX = 1\n",
    "aws-cli rust go-v2 dotnet -> a: x=1",
    "javascript java go-v1 -> a: X=1",
  ],
  [
    "a key with a blank",
    "[profile a]\nx = 1\ny z = 2\n",
    "java rust -> a: x=1",
    "dotnet -> a: x=1 y z=2",
  ],
  [
    "no key before the =",
    "[profile a]\n= 1\n",
    "aws-cli java rust go-v1 -> refused 2",
    "go-v2 -> a:",
  ],
  [
    "a comment behind a value",
    "[profile a]\nx = 1 # c\n",
    "aws-cli dotnet -> a: x=1 # c",
    "javascript go-v2 go-v1 java rust -> a: x=1",
  ],
  [
    "a comment glued to a value",
    "[profile a]\nx = 1#c\n",
    "aws-cli javascript go-v2 go-v1 java rust -> a: x=1#c",
  ],
  [
    "a quoted value",
    '[profile a]\nx = "1"\n',
    'aws-cli java rust dotnet -> a: x="1"',
    "go-v2 go-v1 -> a: x=1",
  ],
  ["a quote that is not closed", '[profile a]\nx = "1\n', 'go-v2 -> a: x="1', "go-v1 -> refused 2"],
  [
    "an empty value",
    "[profile a]\ny =\nx = 1\n",
    "aws-cli java dotnet -> a: y= x=1",
    "javascript go-v1 -> a: x=1",
  ],
  [
    "indented keys behind an empty value",
    "[profile a]\n  x = 1\n  y =\n  z = 2\n",
    "aws-cli -> a: x=1 y= z=2",
    "javascript -> a: x=1 y.z=2",
    "dotnet -> a: x=1 y.z=2",
    "java -> refused 2",
  ],
  [
    "a section twice",
    "[profile a]\nx = 1\ny = 1\n[profile a]\ny = 2\n",
    "aws-cli -> refused 4",
    "javascript go-v2 java rust -> a: x=1 y=2",
    "go-v1 -> a: y=2",
    "dotnet -> a: x=1 y=1",
  ],
  [
    "a key twice",
    "[profile a]\nx = 0\nx = 1\n[profile b]\ny = 2\n",
    "aws-cli -> refused 3",
    "javascript java -> a: x=1; b: y=2",
    "dotnet -> b: y=2",
  ],
  [
    "[profile default], then [default]",
    "[profile default]\nx = 1\n[default]\nx = 2\n",
    "aws-cli go-v1 dotnet -> default: x=2",
    "javascript go-v2 java rust -> default: x=1",
  ],
  [
    "a byte order mark",
    "﻿[profile a]\nx=1\n",
    "aws-cli go-v1 java rust -> refused 1",
    "javascript dotnet -> a: x=1",
    "go-v2 -> nothing",
  ],
  [
    "a byte that is not UTF-8",
    "[profile a]\nx=1\n# \udce9\n",
    "aws-cli -> refused 3",
    "javascript go-v2 java dotnet -> a: x=1",
    "rust -> nothing",
  ],
];

const CREDENTIALS: readonly Row[] = [
  [
    "a plain file",
    "[default]\nx = 2\n[a]\nx = 1\n",
    "aws-cli javascript go-v2 go-v1 java rust dotnet -> default: x=2; a: x=1",
  ],
  [
    "the word profile",
    "[profile a]\nx = 1\n",
    "aws-cli -> profile a: x=1",
    "go-v2 java rust -> nothing",
    "go-v1 dotnet -> a: x=1",
  ],
  ["a session is not a profile there", "[sso-session s]\nx = 1\n", "java rust -> nothing"],
];

function describeReading(family: Family, kind: "config" | "credentials", text: string): string {
  const { profiles, sessions, refused } = readAs(family, kind, text);
  if (refused !== undefined) return `refused ${refused.line}`;
  const named = [
    ...profiles,
    ...[...sessions].map(([name, keys]) => [`sso-session ${name}`, keys] as const),
  ];
  const sections = named.map(([name, keys]) =>
    [`${name}:`, ...[...keys].map((pair) => pair.join("="))].join(" "),
  );
  return sections.length === 0 ? "nothing" : sections.join("; ").replaceAll("\n", "\\n");
}

describe.each([
  ["config", ROWS],
  ["credentials", CREDENTIALS],
] as const)("Each family of clients reads a %s file by its own grammar", (kind, rows) => {
  test.each(rows)("%s", (_, text, ...readings) => {
    const expected = readings.flatMap((reading) => {
      const [families = "", read = ""] = reading.split(" -> ", 2);
      return families.split(" ").map((family) => `${family}: ${read}`);
    });
    const found = expected.map((line) => {
      const family = line.slice(0, line.indexOf(":")) as Family;
      return `${family}: ${describeReading(family, kind, text)}`;
    });
    expect(found).toEqual(expected);
  });
});
