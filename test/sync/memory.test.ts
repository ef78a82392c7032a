import { expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { readManagedMemory, writeManagedMemory } from "../../src/profiles/change/memory.ts";
import { syncHeldRoles, type SyncResult } from "../../src/sync/sync.ts";
import { createContext } from "../support/context.ts";
import { createSignedInEmulatedHome } from "../support/emulated-home.ts";

/** The record of written values is shared by the syncs of all sessions. */

function sync(context: Context, show: (synced: SyncResult) => void): Promise<SyncResult> {
  const held = {
    items: [
      {
        account: { accountId: "100000000001", accountName: "prod", emailAddress: undefined },
        roleName: "Admin",
      },
    ],
    isWhole: true,
  };
  const options = { prune: false, rename: false, force: false, dryRun: false, yes: true, show };
  return syncHeldRoles(context, { ssoSession: "corp" }, held, options);
}

test("a sync that changes nothing keeps what a sync of another session recorded at the same time", async () => {
  const home = await createSignedInEmulatedHome();
  const context = createContext(home);
  const { configFile } = await sync(context, () => undefined);
  const before = readManagedMemory(home.path, configFile);
  expect([...before.keys()]).toEqual(["prod"]);

  const others = new Map([["latchkey_managed", "beta"]]);
  const second = await sync(context, () =>
    writeManagedMemory(home.path, configFile, new Map([...before, ["other", others]]), undefined),
  );
  expect(second.isChange).toBe(false);
  const after = readManagedMemory(home.path, configFile);
  expect(after.get("other")).toEqual(others);
  expect(after.get("prod")).toEqual(before.get("prod"));
});
