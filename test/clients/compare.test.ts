import { describe, expect, test } from "vitest";
import { viewsText } from "../../src/profiles/text.ts";
import { compareReaders, parseConfig, type ReaderDifference } from "../support/config-editor.ts";

const ALL = "the AWS CLI, JavaScript, Go v2, Java, Rust and .NET";

function findDifferences(text: string): ReaderDifference[] {
  return compareReaders(parseConfig(new TextEncoder().encode(text)));
}

describe("compareReaders", () => {
  test("a plain file has no differences", () => {
    expect(
      findDifferences(
        "[default]\nregion = a\n[profile x]\ns3 =\n  addressing_style = path\n[sso-session s]\nsso_region = r\n[plugins]\ncli = 1\n",
      ),
    ).toEqual([]);
  });

  /** Place, line, kind, and what each client reads. */
  type Told = readonly [place: string, line: number, kind: string, views: string];
  const TOLD: ReadonlyArray<readonly [text: string, told: readonly Told[]]> = [
    [
      "[profile x]\nregion = a # why\n",
      [
        [
          "profile x region",
          2,
          "comment",
          'the AWS CLI and .NET see "a # why", JavaScript, Go v2, Java and Rust see "a"',
        ],
      ],
    ],
    [
      "[default]\ncredential_process = sh -c 'a ; b'\n",
      [
        [
          "default credential_process",
          2,
          "comment",
          'the AWS CLI and .NET see "******** (1)", JavaScript, Go v2, Java and Rust see "******** (2)"',
        ],
      ],
    ],
    [
      "[default]\na = 1\ncli_pager =\n",
      [
        [
          "default cli_pager",
          3,
          "empty-value",
          'the AWS CLI, Go v2, Java, Rust and .NET see "", JavaScript sees nothing',
        ],
      ],
    ],
    [
      "[profile x]\n",
      [
        [
          "profile x",
          1,
          "empty-section",
          "the AWS CLI, Go v2, Java, Rust and .NET see it, JavaScript sees nothing",
        ],
      ],
    ],
    [
      "[profile my prof]\na = 1\n[profile 'my prof']\na = 1\n",
      [
        [
          "profile my prof",
          3,
          "section",
          "the AWS CLI, Go v2 and .NET see it, JavaScript, Java and Rust see nothing",
        ],
      ],
    ],
    [
      "[profile.x]\na = 1\n",
      [
        [
          "profile x",
          1,
          "section",
          "the AWS CLI, Go v2, Java, Rust and .NET see nothing, JavaScript sees it",
        ],
      ],
    ],
    [
      "[ profile x ]\na = 1\n",
      [
        [
          "profile x",
          1,
          "section",
          "the AWS CLI and JavaScript see nothing, Go v2, Java, Rust and .NET see it",
        ],
      ],
    ],
    [
      "[profile x!y]\na = 1\n",
      [
        [
          "profile x!y",
          1,
          "section",
          "the AWS CLI, Go v2 and .NET see it, JavaScript, Java and Rust see nothing",
        ],
      ],
    ],
    ["[Profile x]\na = 1\n", [["Profile x", 1, "section", `${ALL} see nothing`]]],
    ["[sso_session s]\na = 1\n", [["sso_session s", 1, "section", `${ALL} see nothing`]]],
    ["[sso session s]\na = 1\n", [["sso session s", 1, "section", `${ALL} see nothing`]]],
    ["[profil x]\na = 1\n", [["profil x", 1, "section", `${ALL} see nothing`]]],
    ["[preview]\na = 1\n[plugins]\nb = 1\n[okta prod]\nc = 1\n", []],
    [
      "[profile x]\n  a = 1\n",
      [
        [
          "",
          2,
          "file-refused",
          "the AWS CLI, JavaScript, Go v2 and .NET see it, Java and Rust refuse the whole file",
        ],
      ],
    ],
    [
      "[profile x] # mine\na = 1\n",
      [
        [
          "",
          1,
          "file-refused",
          "the AWS CLI, JavaScript, Go v2, Java and Rust see it, .NET refuses the whole file",
        ],
      ],
    ],
    [
      "[profile x]\nregion = 1\noutput: 1\n",
      [
        [
          "profile x output",
          3,
          "key",
          'the AWS CLI and Go v2 see "1", JavaScript sees nothing, Java, Rust and .NET refuse the whole file',
        ],
      ],
    ],
    [
      "[profile x]\noutput = 1\n  -2\n",
      [
        [
          "profile x output",
          2,
          "continuation",
          'the AWS CLI, Go v2, Java and Rust see "******** (1)", JavaScript sees "1", .NET refuses the whole file',
        ],
      ],
    ],
    [
      "[profile x]\noutput = 1\n  # c\n",
      [
        [
          "profile x output",
          2,
          "continuation",
          'the AWS CLI, JavaScript, Go v2 and .NET see "1", Java and Rust see "******** (2)"',
        ],
      ],
    ],
    [
      '[profile x]\noutput = "1"\n',
      [
        [
          "profile x output",
          2,
          "quotes",
          'the AWS CLI, JavaScript, Java, Rust and .NET see "\\"1\\"", Go v2 sees "1"',
        ],
      ],
    ],
    [
      "[profile __proto__]\na = 1\n",
      [
        [
          "",
          1,
          "file-refused",
          "the AWS CLI, Go v2, Java, Rust and .NET see it, JavaScript refuses the whole file",
        ],
      ],
    ],
  ];

  test.each(TOLD)("%j", (text, told) => {
    const found = findDifferences(text).map(({ section, key, line, kind, views }) => [
      [section, ...(key === undefined ? [] : [key])].join(" "),
      line,
      kind,
      viewsText(views, true),
    ]);
    expect(found).toEqual(told);
  });

  test("a key in upper case is reported in the form of each reader", () => {
    const found = findDifferences("[profile x]\nRegion = A\n");
    expect(found.map(({ key, kind, views: seen }) => [key, kind, viewsText(seen, true)])).toEqual([
      [
        "region",
        "key-case",
        'the AWS CLI, Go v2, Rust and .NET see "A", JavaScript and Java see nothing',
      ],
      [
        "Region",
        "key-case",
        'the AWS CLI, Go v2, Rust and .NET see nothing, JavaScript and Java see "A"',
      ],
    ]);
  });

  test("differences in secrets are reported without the secrets", () => {
    const text = [
      "aws_access_key_id",
      "aws_secret_access_key",
      "AWS_SESSION_TOKEN",
      "my_client_secret",
      "proxy_password",
    ]
      .map((key) => `${key} = hush # c\n`)
      .join("");
    const told = findDifferences(`[profile x]\n${text}a = 1 # shown\n`);
    expect(told).toHaveLength(7);
    expect(JSON.stringify(told)).not.toContain("hush");
  });
});
