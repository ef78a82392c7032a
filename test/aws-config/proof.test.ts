import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LatchkeyError } from "../../src/errors.ts";
import { arbitraryDocuments } from "./generator.ts";
import { parse, catchRefusal } from "./botocore.ts";
import {
  type ConfigDocument,
  editConfig,
  type EditResult,
  parseConfig,
  verifyEdit,
} from "../support/config-editor.ts";
import { SEED } from "../support/seed.ts";

const toLatin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const parseText = (text: string): ConfigDocument => parseConfig(Buffer.from(text, "latin1"));

function editDocument(before: ConfigDocument): EditResult | undefined {
  try {
    return editConfig(
      before,
      [{ type: "profile", name: "alpha", set: [["added_key", "mx-central-1"]] }],
      "config",
    );
  } catch (thrown) {
    if (thrown instanceof LatchkeyError && thrown.code === "CONFIG_INVALID") return undefined;
    throw thrown;
  }
}

describe("the check of one edit", () => {
  test("finds any changed visible character outside the edited line", { tags: ["long"] }, () => {
    let seen = 0;
    fc.assert(
      fc.property(arbitraryDocuments(), fc.nat({ max: 100_000 }), ({ bytes }, at) => {
        const before = parseConfig(bytes);
        const result = editDocument(before);
        fc.pre(result !== undefined);
        const text = toLatin1(result!.document.bytes);
        const index = at % text.length;
        const line = text.slice(text.lastIndexOf("\n", index - 1) + 1).split("\n", 1)[0] ?? "";
        fc.pre(
          /[!-~]/.test(text.charAt(index)) &&
            !line.includes("added_key") &&
            !line.includes("alpha"),
        );
        const broken = parseText(
          `${text.slice(0, index)}${text.charAt(index) === "x" ? "y" : "x"}${text.slice(index + 1)}`,
        );
        expect(catchRefusal(() => verifyEdit(before, broken, result!.changes))).toMatchObject({
          code: "BUG",
        });
        seen += 1;
      }),
      { numRuns: 2000, seed: SEED, maxSkipsPerRun: 200 },
    );
    expect(seen).toBe(2000);
  });

  const changes = [{ section: "profile p", key: "region", before: "x", after: "r" }];

  test.each([
    [
      "the first of two of that name",
      "[profile p]\nregion = x\n[default]\na = 1\n[profile p]\nregion = x\n",
      "[profile p]\nregion = r\n[default]\na = 1\n[profile p]\nregion = x\n",
    ],
    [
      "the first one, while a second one with quotes follows",
      '[profile p]\nregion = x\n[default]\n[profile "p"]\n',
      '[profile p]\nregion = r\n[default]\n[profile "p"]\n',
    ],
    [
      "it, but also removed a blank line that is not at the file's end",
      "[profile p]\nregion = x\n\n[default]\na = 1\n",
      "[profile p]\nregion = r\n[default]\na = 1\n",
    ],
    ["nothing", "[profile p]\nregion = x\n[default]\n", "[profile p]\nregion = x\n[default]\n"],
    [
      "another line with the same text",
      "[profile p]\nregion = x\n[profile q]\nregion = x\n",
      "[profile p]\nregion = x\n[profile q]\nregion = r\n",
    ],
  ])("fails if the edit changed %s", (_, before, after) => {
    expect(catchRefusal(() => verifyEdit(parse(before), parse(after), changes))).toMatchObject({
      code: "BUG",
    });
  });

  test("passes if the last of two sections of that name was changed", () => {
    verifyEdit(
      parse("[profile p]\nregion = a\n[default]\n[profile p]\nregion = x\n[profile q]\n"),
      parse("[profile p]\nregion = a\n[default]\n[profile p]\nregion = r\n[profile q]\n"),
      changes,
    );
  });
});
