import { renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { vaultTokenPath } from "../../src/fs/paths.ts";
import { sessionCacheKey } from "../../src/model/sso-session.ts";
import { logout, logoutAll, type LogoutResult } from "../../src/sign-in/logout.ts";
import { openSealedFile, tokenIdentity } from "../../src/token/sealed-file.ts";
import type { Context } from "../../src/context.ts";
import { createContext } from "../support/context.ts";
import {
  CORP_TOKEN,
  createSignedInEmulatedHome,
  type EmulatedHome,
} from "../support/emulated-home.ts";

const CORP = {
  name: "corp",
  startUrl: "https://emu.awsapps.com/start",
  region: "us-east-1",
  registrationScopes: ["sso:account:access"],
};
const KEY = Buffer.alloc(32, 7);

/** A home whose only token is in a sealed temporary file, as after a process that was killed before the rename. */
async function createKilledHome(): Promise<{ home: EmulatedHome; left: string }> {
  const home = await createSignedInEmulatedHome();
  const session = sessionCacheKey(CORP);
  const path = vaultTokenPath(home.path, session);
  openSealedFile(path, KEY, tokenIdentity(session), 0).commit(home.read(CORP_TOKEN));
  const left = join(dirname(path), `.${basename(path)}.0123456789abcdef.tmp`);
  renameSync(path, left);
  renameSync(join(home.path, CORP_TOKEN), join(home.path, "gone"));
  return { home, left };
}

const WAYS: ReadonlyArray<
  readonly [name: string, act: (context: Context) => Promise<readonly LogoutResult[]>]
> = [
  ["logout", async (context) => [await logout(context, CORP, false)]],
  ["logout --all", (context) => logoutAll(context, false)],
];

test.each(WAYS)(
  "%s ends a token in a sealed temporary file, and removes the file even without the key",
  async (_name, act) => {
    for (const key of [KEY, undefined]) {
      const { home, left } = await createKilledHome();
      const context = { ...createContext(home), keychainKey: () => Promise.resolve(key) };
      const [ended] = await act(context);
      expect(ended).toMatchObject({ revoked: key !== undefined, hadToken: true, removed: [left] });
      expect(home.emulator.journal.count("Logout")).toBe(key === undefined ? 0 : 1);
      expect(home.list(".aws/latchkey/vault/tokens")).toEqual([]);
    }
  },
);
