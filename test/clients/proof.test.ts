import { describe, expect, test } from "vitest";
import { proveReadable } from "../../src/clients/proof.ts";
import { unreadText } from "../../src/profiles/text.ts";
import {
  editConfig,
  parseConfig,
  removeProfiles,
  type EditResult,
} from "../support/config-editor.ts";

/** Returns the notice about an edit of the profile a (clients that read less than the AWS CLI), or the error. */
function prove(text: string, edit: (document: ReturnType<typeof parse>) => EditResult): string {
  const before = parse(text);
  try {
    return proveReadable(before, edit(before), "config").map(unreadText).join(" ");
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : "";
  }
}

function parse(text: string) {
  return parseConfig(new TextEncoder().encode(text));
}

const setRegion = (document: ReturnType<typeof parse>): EditResult =>
  editConfig(document, [{ type: "profile", name: "a", set: [["region", "eu-west-1"]] }], "config");
const removeRegion = (document: ReturnType<typeof parse>): EditResult =>
  editConfig(document, [{ type: "profile", name: "a", set: [], remove: ["region"] }], "config");
const removeProfile = (document: ReturnType<typeof parse>): EditResult =>
  removeProfiles(document, ["a"], false, "config");

type Row = readonly [what: string, text: string, edit: typeof setRegion, said: string];

const ROWS: readonly Row[] = [
  ["a new profile in a plain file", "[default]\nregion = x\n", setRegion, ""],
  ["a key of a plain profile", "[profile a]\nregion = x\noutput = json\n", setRegion, ""],
  ["a new key below a block", "[profile a]\ns3 =\n  x = 1\n", setRegion, ""],
  ["a new key below an indented comment", "[profile a]\nx = 1\n  # c\n", setRegion, ""],
  ["a new key below an empty value", "[profile a]\ncli_pager =\n", setRegion, ""],
  [
    "a file that Java and Rust could not read before",
    "[default]\n  region = x\n[profile a]\nx = 1\n",
    setRegion,
    "",
  ],
  [
    "a profile whose header some clients do not recognise",
    '[profile "a"]\nregion = x\n',
    setRegion,
    "Go v2, Java, Rust and .NET don't read [profile a] as the AWS CLI does.",
  ],
  [
    "a key that some clients do not find",
    "[profile a]\nRegion = x\n",
    setRegion,
    "JavaScript and Java don't read [profile a] as the AWS CLI does.",
  ],
  [
    "a key with an indented comment below it",
    "[profile a]\nregion = x\n  # c\n",
    setRegion,
    "Java and Rust don't read [profile a] as the AWS CLI does.",
  ],
  [
    "the key above an indented comment is removed",
    "[profile a]\nregion = x\n  # c\n",
    removeRegion,
    "With this change, Java and Rust could no longer read line 2 (the first key of a section is indented) in config.",
  ],
  [
    "the profile above an indented comment is removed, and the comment would belong to the next one",
    "[profile b]\nx = 1\n[profile a]\nregion = x\n  # c\n",
    removeProfile,
    "With this change, Java and Rust would read [profile b] differently in config.",
  ],
  [
    "a new key below a key without a value that is indented",
    "[profile a]\n  x = 1\n  cli_pager =\n",
    setRegion,
    "",
  ],
];

describe("every client that could read the file can read it after the edit", () => {
  test.each(ROWS)("%s", (_, text, edit, said) => {
    expect(prove(text, edit)).toBe(said);
  });
});
