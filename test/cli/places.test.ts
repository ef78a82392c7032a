import { chownSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { CORP_TOKEN } from "../support/home.ts";
import {
  createPlainHome,
  giveAway,
  listOwnedBy,
  NOBODY,
  runAs,
  takeModesAway,
  testAsRoot,
  workADay,
} from "../support/places.ts";

const STATE = ".local/state/latchkey";

describe("a disk without modes under ~/.aws", () => {
  testAsRoot(
    "serves everything, says so once, and keeps latchkey's own state elsewhere",
    async () => {
      const home = await createPlainHome();
      takeModesAway(home);
      const said = await workADay(NOBODY, home, "second");
      expect(said.match(/keeps no modes/g)).toHaveLength(1);
      expect(said).toContain(`latchkey keeps its own state in ${join(home.path, STATE)}`);
      expect(home.list("real").toSorted()).toEqual(["config", "sso"]);
      expect(statSync(join(home.path, STATE)).mode & 0o777).toBe(0o700);
      const { stdout } = await runAs(NOBODY, home, ["doctor", "--offline"]);
      expect(stdout).toContain("disk-without-modes");
      expect(stdout).not.toMatch(/chmod|chown/);
      expect(await runAs(NOBODY, home, ["logout", "--all"])).toMatchObject({ exitCode: 0 });
      expect(home.list("real/sso/cache")).toEqual([]);
    },
  );

  testAsRoot("serves everything also where one other user owns all that is on it", async () => {
    const home = await createPlainHome();
    takeModesAway(home, ["--force-user=root", "--force-group=root", "--chown-ignore"]);
    await workADay(NOBODY, home, "second");
  });
});

describe("files of other users", () => {
  testAsRoot("root works over them, and all that it makes belongs to their owner", async () => {
    const home = await createPlainHome();
    await workADay(0, home, "second");
    expect(await runAs(0, home, ["settings", "time", "24h"])).toMatchObject({ exitCode: 0 });
    expect(listOwnedBy(home.path, 0)).toEqual([]);
    await workADay(NOBODY, home, "third");
  });

  testAsRoot(
    "what root has made once is named with its cure, and keeps nothing from working",
    async () => {
      const home = await createPlainHome();
      await runAs(NOBODY, home, ["login", "--no-browser"]);
      giveAway(join(home.path, ".aws/latchkey"), 0);
      expect(await workADay(NOBODY, home, "second")).toContain(".aws/latchkey belongs to root");
      chownSync(join(home.path, CORP_TOKEN), 0, 0);
      const { stdout } = await runAs(NOBODY, home, ["doctor", "--offline", "--all"]);
      expect(stdout).toContain(`sudo chown -R nobody ${home.path}/.aws/latchkey`);
      expect(stdout).toContain(`sudo chown nobody ${join(home.path, CORP_TOKEN)}`);
      expect(stdout).not.toContain("token-unreadable");
    },
  );
});
