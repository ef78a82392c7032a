import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { toBytes, readAsBotocore } from "./botocore.ts";
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

/** Reads with the installed loader. */
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
    "$id has the recorded values, which the installed loader also reads",
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
    ["a name for which the file is rejected", "[profile a]\nk = 1\n[profile __proto__]\nk = 2\n"],
    [
      "names and keys of every object",
      '[profile constructor]\ntoString = 1\n__proto__ = 2\n[profile "__proto__"]\nk = 3\n[constructor]\nlatchkeyProbe = 4\n',
    ],
    [
      "blocks, and what ends them",
      "[profile a]\ns3 =\n  r = 1\n\n  t = 2\nx = 3\n  y = 4\ncli_pager =\n z =\n  q = 5\n",
    ],
    [
      "blanks outside ASCII, and a byte order mark inside the file",
      "\ufeff[profile a]\nk =\u00a0v\u00a0\u00a0# no\n\ufeff[profile b]\nk\u2003= w\n",
    ],
    [
      "empty and odd brackets",
      "[profile a]\nk = 1\n[]\nk = 2\n[\nk = 3\n]\n[[profile b]]\nk = 4\n",
    ],
    ["lone carriage returns", "[profile a]\rk = 1\r\nb = 2\rc = 3\n"],
  ];

  test.each(PROBES)("%s", { tags: ["long"] }, async (_, text) => {
    expect(readOurs(toBytes(text))).toEqual(await loadInstalled(toBytes(text)));
  });

  test("any document", { tags: ["long"] }, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDocuments(), async ({ bytes }) => {
        expect(readOurs(bytes)).toEqual(await loadInstalled(bytes));
      }),
      { numRuns: 300, seed: 20_261_124 },
    );
  });
});

describe("compareReaders", () => {
  test("shows which clients read a secret differently, without the secret", () => {
    const [difference] = compareReaders(
      parseConfig(Buffer.from("[default]\naws_secret_access_key = abc # why\n")),
    );
    const sees = difference?.views.map((view) => view.sees);
    expect(sees).toEqual([
      { kind: "value", value: "******** (1)" },
      { kind: "value", value: "******** (2)" },
    ]);
  });

  test("reports exactly the differences between the two for any document that the AWS CLI reads", () => {
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
        const isOfTheTwo = ({ views }: ReaderDifference): boolean => {
          const find = (family: "aws-cli" | "javascript"): unknown =>
            views.find(({ families }) => families.includes(family))?.sees;
          return JSON.stringify(find("aws-cli")) !== JSON.stringify(find("javascript"));
        };
        expect(!compareReaders(document).some(isOfTheTwo)).toBe(same);
      }),
    );
  });
});
