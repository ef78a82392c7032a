import { loadSharedConfigFiles } from "@smithy/core/config";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ImportJson } from "../../src/commands/import.ts";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import type { Home } from "../support/home.ts";
import { CONFIG, PORTAL, TOOLS, type Tool } from "../support/import-files.ts";
import { createToolHome } from "../support/tool-home.ts";
import { patience } from "../support/patience.ts";

/** `import` of each tool's files, through the built program: what it writes, keeps and undoes. */

const readAll = (home: Home, { files }: Tool): string[] =>
  Object.keys(files).map((path) => home.read(path));

describe.each(TOOLS)("$tool", (row) => {
  const { tool, added, session, left = 0 } = row;

  test(
    "its roles become working profiles; its own bytes stay, a second run changes nothing, and undo restores everything",
    { tags: ["long"], timeout: patience(60_000) },
    async () => {
      const home = await createToolHome(row.files);
      const before = readAll(home, row);
      const shown = await home.run(["import", tool, "--dry-run"]);
      expect(shown).toMatchObject({ exitCode: 0, stdout: "" });
      expect(shown.stderr).toContain(`+ [sso-session ${session}]  ${PORTAL}`);
      expect(shown.stderr).toContain(`${added.length} to add`);
      expect(readAll(home, row)).toEqual(before);

      const imported = await home.runJson<ImportJson>(["import", tool, "--yes"]);
      expect(imported).toMatchObject({ applied: true, collisions: [], kept: 0 });
      expect(imported.add.map(({ profile }) => profile)).toEqual(added);
      expect(imported.left).toHaveLength(left);
      // The tool's own lines are unchanged, byte for byte, and so is the rest of the file.
      const after = readAll(home, row);
      expect(after[0]?.startsWith(before[0] ?? "")).toBe(true);
      expect(after.slice(1)).toEqual(before.slice(1));

      // The profiles as the AWS SDK for JavaScript reads them from the file.
      const { configFile } = await loadSharedConfigFiles({
        configFilepath: join(home.path, CONFIG),
        ignoreCache: true,
      });
      for (const { profile, accountId: id, roleName } of imported.add)
        expect(configFile[profile]).toMatchObject({
          sso_session: session,
          sso_account_id: id,
          sso_role_name: roleName,
        });

      const again = await home.run(["import", tool, "--yes"]);
      expect(again.exitCode).toBe(0);
      expect(again.stderr).toContain(`Unchanged: ${added.length} role`);
      expect(readAll(home, row)).toEqual(after);

      await home.run(["login", "--sso-session", session, "--no-browser"]);
      const { profile = "", accountId } = imported.add[0] ?? {};
      expect(await home.runJson(["whoami", "--profile", profile])).toMatchObject({ accountId });

      const synced = await home.runJson<SyncJson>([
        "profiles",
        "sync",
        "--sso-session",
        session,
        "--dry-run",
      ]);
      expect([synced.change, synced.remove, synced.kept]).toEqual([[], [], added.length]);
      expect(synced.add).toHaveLength(3 - added.length);

      await home.run(["profiles", "undo"]);
      expect(readAll(home, row)).toEqual(before);
      expect((await home.runJson<ImportJson>(["import", tool, "--dry-run"])).add).toHaveLength(
        added.length,
      );
    },
  );
});
