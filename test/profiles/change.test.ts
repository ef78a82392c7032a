import { describe, expect, test } from "vitest";
import { writeEdits } from "../../src/profiles/change/change.ts";
import { readConfig } from "../../src/profiles/select.ts";
import { createContext } from "../support/context.ts";
import { createEmulatedHome } from "../support/emulated-home.ts";
import {
  parseConfig,
  type ConfigDocument,
  editConfig,
  type EditResult,
} from "../support/config-editor.ts";

const CONFIG = ".aws/config";
const TEXT = "[profile mine]\nregion = eu-west-9\n[profile okta]\nregion = eu-west-1\n";

/** The requested edit. */
const editHonestly = (document: ConfigDocument): EditResult =>
  editConfig(document, [{ type: "profile", name: "okta", set: [["region", "us-west-2"]] }], CONFIG);

/** A faulty edit: it reports a change of okta only, but also changes another profile. */
function editFaultily(document: ConfigDocument): EditResult {
  const edited = editHonestly(document);
  const text = Buffer.from(edited.document.bytes).toString().replace("eu-west-9", "eu-west-8");
  return { ...edited, document: parseConfig(Buffer.from(text)) };
}

describe("a write of the config", () => {
  test.each([
    ["as it was planned", TEXT],
    ["repeated after another program's change", `${TEXT}# somebody else's\n`],
  ])(
    "is a BUG if its edit, %s, also changes another section, and the file stays as it is",
    async (_, found) => {
      const home = await createEmulatedHome();
      const context = createContext(home);
      home.write(CONFIG, TEXT);
      const source = readConfig(context);
      const planned = editFaultily(source.document);
      home.write(CONFIG, found);
      const writing = writeEdits(context, source, { planned, edit: editFaultily });
      await expect(writing).rejects.toMatchObject({ code: "BUG" });
      expect(home.read(CONFIG)).toBe(found);
      expect(home.list(".aws").filter((name) => name.startsWith(".config"))).toEqual([]);
      expect(home.list(".aws/latchkey/backups")).toEqual([]);
    },
  );

  test("is made if its edit changes only what it reports", async () => {
    const home = await createEmulatedHome();
    const context = createContext(home);
    home.write(CONFIG, TEXT);
    const source = readConfig(context);
    expect(
      await writeEdits(context, source, {
        planned: editHonestly(source.document),
        edit: editHonestly,
      }),
    ).toMatchObject({ isWritten: true });
    expect(home.read(CONFIG)).toBe(TEXT.replace("eu-west-1", "us-west-2"));
  });
});
