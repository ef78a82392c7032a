import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { diffLines, catchRefusal } from "./botocore.ts";
import {
  type ConfigDocument,
  editConfig,
  type EditResult,
  parseConfig,
  removeProfiles,
  type SectionEdit,
  verifyEdit,
} from "../support/config-editor.ts";

const folder = new URL("./fixtures/", import.meta.url);
const readFixture = (name: string): Uint8Array => readFileSync(new URL(`${name}.config`, folder));

interface Expected {
  /** The edited profile, with its lines (in Latin-1) and the new lines. */
  readonly profile: string;
  readonly changedRegion: readonly [gone: string, come: string];
  readonly addedKey: string;
  readonly newSection: readonly string[];
  readonly removedSection: readonly string[];
  readonly force?: boolean;
}

/** A key, a blank, `=`, a blank, the value: the most common form, which the AWS CLI also writes. */
const SPACED = {
  changedRegion: ["region = eu-west-9\n", "region = mx-central-1\n"],
  addedKey: "sso_session = acme\n",
} as const;

const FIXTURES: Readonly<Record<string, Expected>> = {
  "banner-and-modeline": {
    profile: "acme-stg",
    ...SPACED,
    newSection: ["\n", "[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: ["[profile acme-stg]\n", "region = eu-west-9\n"],
  },
  windows: {
    profile: "dev",
    changedRegion: ["region=eu-west-9\r\n", "region=mx-central-1\r\n"],
    addedKey: "sso_session=acme\r\n",
    newSection: ["\r\n", "[profile fresh]\r\n", "region = eu-west-9\r\n"],
    removedSection: ["[profile dev]\r\n", "region=eu-west-9\r\n", "cli_pager=\r\n"],
  },
  latin1: {
    profile: "acme",
    ...SPACED,
    newSection: ["[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: ["[profile acme]\n", "region = eu-west-9\n"],
  },
  "nested-with-blank-lines": {
    profile: "media",
    ...SPACED,
    newSection: ["\n", "[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: [
      "[profile media]\n",
      "s3 =\n",
      "    max_concurrent_requests = 20\n",
      "\n",
      "    addressing_style = path\n",
      "    # region = not this one\n",
      "    region = inner\n",
      "\n",
      "region = eu-west-9\n",
      "s3api =\n",
      "  payload_signing_enabled = true\n",
    ],
  },
  aligned: {
    profile: "default",
    changedRegion: ["region              = eu-west-9\n", "region              = mx-central-1\n"],
    addedKey: "sso_session         = acme\n",
    newSection: ["[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: [
      "[default]\n",
      "region              = eu-west-9\n",
      "output              = json\n",
      "credential_process  = helper --profile default ; true\n",
    ],
  },
  tabs: {
    profile: "dev",
    changedRegion: ["\tregion\t\t\t = eu-west-9\n", "\tregion\t\t\t = mx-central-1\n"],
    addedKey: "\tsso_session\t=\tacme\n",
    newSection: ["\n", "[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: ["[profile\tdev]\n", "\tregion\t\t\t = eu-west-9\n", "\toutput\t=\tjson\n"],
  },
  "dead-sections": {
    profile: "live",
    ...SPACED,
    newSection: ["\n", "[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: ["[profile live]\n", "region = eu-west-9\n"],
  },
  "other-tools": {
    profile: "mine",
    ...SPACED,
    newSection: ["[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: ["\n", "[profile mine]\n", "region = eu-west-9\n"],
  },
  template: {
    profile: "home",
    ...SPACED,
    newSection: ["\n", "[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: ["\n", "[profile home]\n", "region = eu-west-9\n"],
    force: true,
  },
  unterminated: {
    profile: "last",
    ...SPACED,
    newSection: ["  \n", "[profile fresh]\n", "region = eu-west-9\n"],
    removedSection: [
      "[profile last]\n",
      "region = eu-west-9\n",
      "s3 =\n",
      "  max_bandwidth = 1MB/s\n",
    ],
  },
};

function diffFixture(
  name: string,
  run: (before: ConfigDocument) => EditResult,
): { gone: string[]; come: string[] } {
  const bytes = readFixture(name);
  const before = parseConfig(bytes);
  const { document, changes, removed } = run(before);
  verifyEdit(before, document, changes, removed);
  return diffLines(bytes, document.bytes);
}

const editFixture = (name: string, edit: SectionEdit) =>
  diffFixture(name, (before) => editConfig(before, [edit], "config"));

describe("files as people keep them", () => {
  test("each fixture has its expectations", () => {
    expect(
      readdirSync(folder)
        .filter((file) => file.endsWith(".config"))
        .map((file) => file.replace(".config", ""))
        .sort(),
    ).toEqual(Object.keys(FIXTURES).sort());
  });

  describe.each(Object.entries(FIXTURES))(
    "%s",
    (name, { profile, changedRegion, addedKey, newSection, removedSection, force = false }) => {
      const target = { type: "profile", name: profile, force } as const;

      test("is printed unchanged", () => {
        expect(Buffer.from(parseConfig(readFixture(name)).bytes)).toEqual(
          Buffer.from(readFixture(name)),
        );
      });

      test("a changed value changes only its line", () => {
        expect(editFixture(name, { ...target, set: [["region", "mx-central-1"]] })).toEqual({
          gone: [changedRegion[0]],
          come: [changedRegion[1]],
        });
      });

      test("a new key is one new line, in the section's spacing", () => {
        expect(editFixture(name, { ...target, set: [["sso_session", "acme"]] })).toEqual({
          gone: [],
          come: [addedKey],
        });
      });

      test("a removed key removes only its line", () => {
        expect(editFixture(name, { ...target, set: [], remove: ["region"] })).toEqual({
          gone: [changedRegion[0]],
          come: [],
        });
      });

      test("a new section is added at the end", () => {
        const { gone, come } = editFixture(name, {
          ...target,
          name: "fresh",
          set: [["region", "eu-west-9"]],
        });
        expect(come).toEqual(newSection);
        // Only a last line without a line break gets one.
        expect(gone).toEqual(name === "unterminated" ? ["  "] : []);
      });

      test("a removed section removes only its lines", () => {
        // A diff can't show which of two equal blank lines was removed.
        const { gone, come } = diffFixture(name, (before) =>
          removeProfiles(before, [profile], force, "config"),
        );
        expect([gone.sort(), come]).toEqual([[...removedSection].sort(), []]);
      });
    },
  );

  test("sections of other tools and templates are not edited without --force, and the error has the line", () => {
    const catchEditRefusal = (name: string, profile: string) =>
      catchRefusal(() =>
        editConfig(
          parseConfig(readFixture(name)),
          [{ type: "profile", name: profile, set: [["region", "x"]] }],
          "config",
        ),
      );
    expect(catchEditRefusal("other-tools", "granted-one")).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/line 4 belongs to granted/),
    });
    expect(catchEditRefusal("other-tools", "generated")).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/line 9 belongs to aws-sso-cli/),
    });
    expect(catchEditRefusal("template", "home")).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/line 2/),
    });
  });
});
