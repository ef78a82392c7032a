import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { toBytes, parse, readAsBotocore } from "./botocore.ts";
import { arbitraryDocuments } from "./generator.ts";
import {
  parseConfig,
  readFileAs,
  type ReaderDifference,
  compareReaders,
} from "../support/config-editor.ts";
import { loadEdges, loadVectors } from "../support/vectors.ts";

const folder = mkdtempSync(join(tmpdir(), "latchkey-javascript-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Profiles = Record<string, Record<string, string>>;

/** The installed loader itself. */
async function loadInstalled(bytes: Uint8Array): Promise<Profiles> {
  const [configFilepath, filepath] = [join(folder, "config"), join(folder, "no-credentials")];
  writeFileSync(configFilepath, bytes);
  const { configFile } = await loadSharedConfigFiles({
    configFilepath,
    filepath,
    ignoreCache: true,
  });
  return Object.fromEntries(
    Object.entries(configFile).map(([name, values]) => [
      name,
      { ...(values as Record<string, string>) },
    ]),
  );
}

function readOurs(bytes: Uint8Array): Profiles {
  const { sections } = readFileAs("javascript", "config", parseConfig(bytes).text);
  return Object.fromEntries(
    [...sections].map(([id, { keys }]) => [
      id.replace(/^profile /, "").replace(/^(sso-session|services) /, "$1."),
      Object.fromEntries([...keys].map(([key, { value }]) => [key, value])),
    ]),
  );
}

const vectors: Array<{ id: string; bytes: Uint8Array; javascript: Profiles }> = [
  ...Object.entries(loadVectors().config_parser).map(([id, { text, js }]) => ({
    id,
    bytes: toBytes(text),
    javascript: js.profiles,
  })),
  ...loadEdges().map(({ id, bytes_base64, smithy }) => ({
    id,
    bytes: Buffer.from(bytes_base64, "base64"),
    javascript: smithy.configFile,
  })),
];

describe("readAsJavascript reads as the SDK for JavaScript", () => {
  test.each(vectors)(
    "$id: as recorded, and as the installed loader does",
    async ({ bytes, javascript }) => {
      expect(readOurs(bytes)).toEqual(javascript);
      expect(await loadInstalled(bytes)).toEqual(javascript);
    },
  );

  const PROBES: ReadonlyArray<readonly [what: string, text: string]> = [
    ["[profile default], then [default]", "[profile default]\na = 1\n[default]\nb = 2\n"],
    ["a dot for the blank", "[profile.a]\nk = 1\n[sso-session.b]\nk = 2\n[x.c]\nk = 3\n"],
    [
      "a header with a comment glued to it belongs to the section above",
      "[profile a]\nk = 1\n[profile b];note\nk = 2\n",
    ],
    ["a comment after the header", "[profile a] # note\nk = 1\n[profile b] ; [x]\nk = 2\n"],
    ["an unknown kind drops its keys", "[profile a]\nk = 1\n[profiles b]\nk = 2\n"],
    ["a name that the file is given up for", "[profile a]\nk = 1\n[profile __proto__]\nk = 2\n"],
    [
      "names and keys of every object",
      '[profile constructor]\ntoString = 1\n__proto__ = 2\n[profile "__proto__"]\nk = 3\n[constructor]\nlatchkeyProbe = 4\n',
    ],
    [
      "blocks, and what ends them",
      "[profile a]\ns3 =\n  r = 1\n\n  t = 2\nx = 3\n  y = 4\ncli_pager =\n z =\n  q = 5\n",
    ],
    [
      "blanks that are no ASCII, and a mark inside",
      "\ufeff[profile a]\nk =\u00a0v\u00a0\u00a0# no\n\ufeff[profile b]\nk\u2003= w\n",
    ],
    [
      "empty and odd brackets",
      "[profile a]\nk = 1\n[]\nk = 2\n[\nk = 3\n]\n[[profile b]]\nk = 4\n",
    ],
    ["lone carriage returns", "[profile a]\rk = 1\r\nb = 2\rc = 3\n"],
  ];

  test.each(PROBES)("%s", async (_, text) => {
    expect(readOurs(toBytes(text))).toEqual(await loadInstalled(toBytes(text)));
  });

  test("any document", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDocuments(), async ({ bytes }) => {
        expect(readOurs(bytes)).toEqual(await loadInstalled(bytes));
      }),
      { numRuns: 300, seed: 20_261_124 },
    );
  });
});

function findDifferences(text: string): ReaderDifference[] {
  return compareReaders(parse(text));
}

describe("readerDifferences", () => {
  test("a plain file has none", () => {
    expect(
      findDifferences(
        "[default]\nregion = a\n[profile x]\ns3 =\n  addressing_style = path\n[sso-session s]\nsso_region = r\n[plugins]\ncli = 1\n",
      ),
    ).toEqual([]);
  });

  const TOLD: ReadonlyArray<readonly [text: string, expected: Partial<ReaderDifference>]> = [
    [
      "[profile x]\nregion = a # why\n",
      {
        section: "profile x",
        key: "region",
        line: 2,
        awsCli: "a # why",
        javascript: "a",
        kind: "comment",
      },
    ],
    [
      "[default]\ncredential_process = sh -c 'a ; b'\n",
      { section: "default", line: 2, javascript: "sh -c 'a", kind: "comment" },
    ],
    [
      "[default]\na = 1\ncli_pager =\n",
      { key: "cli_pager", line: 3, awsCli: "", javascript: null, kind: "empty-value" },
    ],
    [
      "[profile x]\n",
      { section: "profile x", line: 1, awsCli: "present", javascript: null, kind: "empty-section" },
    ],
    [
      "[profile my prof]\na = 1\n[profile 'my prof']\na = 1\n",
      { section: "profile my prof", line: 3, javascript: null, kind: "section" },
    ],
    [
      "[profile.x]\na = 1\n",
      { section: "profile x", line: 2, awsCli: null, javascript: "present", kind: "section" },
    ],
    [
      "[profile x]\nb = 1\na: 1\n",
      { key: "a", line: 3, awsCli: "1", javascript: null, kind: "key" },
    ],
    [
      "[profile x]\na = 1\n  2\n",
      { key: "a", line: 2, awsCli: "1\n2", javascript: "1", kind: "continuation" },
    ],
    [
      '[profile x]\na=1\n[profile "x"]\nb=2\n',
      { section: "profile x", key: "a", line: 2, awsCli: null, javascript: "1", kind: "key" },
    ],
    [
      "[profile default]\na = 1\n[default]\na = 2\n",
      { section: "default", key: "a", line: 4, awsCli: "2", javascript: "1", kind: "value" },
    ],
    [
      "[DEFAULT]\nregion = r\n[profile x]\na = 1\n",
      { section: "profile x", key: "region", line: 2, awsCli: "r", javascript: null, kind: "key" },
    ],
    [
      "[profile x]\na = 1\na = 2\n",
      { section: "", line: 3, awsCli: null, javascript: "present", kind: "file-refused" },
    ],
    [
      "[profile __proto__]\na = 1\n",
      { section: "", line: 1, awsCli: "present", javascript: null, kind: "file-refused" },
    ],
  ];

  test.each(TOLD)("%j", (text, expected) => {
    expect(findDifferences(text)).toEqual([expect.objectContaining(expected)]);
  });

  test("a key in upper case is told as each reader has it", () => {
    expect(findDifferences("[profile x]\nRegion = A\n")).toEqual([
      {
        section: "profile x",
        key: "region",
        line: 2,
        awsCli: "A",
        javascript: null,
        kind: "key-case",
      },
      {
        section: "profile x",
        key: "Region",
        line: 2,
        awsCli: null,
        javascript: "A",
        kind: "key-case",
      },
    ]);
  });

  test("secrets are told of, never told", () => {
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
    expect(told[0]).toMatchObject({ awsCli: "********", javascript: "********" });
  });

  test("for any document that the AWS CLI reads, it is empty exactly where both readers say the same", () => {
    fc.assert(
      fc.property(arbitraryDocuments(), ({ bytes }) => {
        const document = parseConfig(bytes);
        fc.pre(document.problems.length === 0);
        const { profiles, sso_sessions, services } = readAsBotocore(document);
        const flatten = (
          kind: string,
          group: Record<string, Record<string, unknown>>,
        ): Array<readonly [string, Record<string, string>]> =>
          Object.entries(group).map(([name, values]) => [
            `${kind}${name}`,
            Object.fromEntries(
              Object.entries(values).flatMap(([key, value]) =>
                typeof value === "string"
                  ? [[key, value]]
                  : Object.entries(value as object).map(([inner, text]) => [
                      `${key}.${inner}`,
                      text,
                    ]),
              ),
            ),
          ]);
        const awsCli = Object.fromEntries([
          ...flatten("", profiles),
          ...flatten("sso-session.", sso_sessions),
          ...flatten("services.", services),
        ]);
        let same = true;
        try {
          expect(awsCli).toEqual(readOurs(bytes));
        } catch {
          same = false;
        }
        expect(compareReaders(document).length === 0).toBe(same);
      }),
    );
  });
});
