import { expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { listAccounts, listRoles } from "../../src/access/list.ts";
import type { Progress } from "../../src/access/crawl.ts";
import { createContext } from "../support/context.ts";
import { writeTokenFile } from "../support/federation.ts";
import {
  CORP_TOKEN,
  createEmulatedHome,
  SESSION_CONFIG,
  type EmulatedHome,
} from "../support/emulated-home.ts";

const CORP = {
  name: "corp",
  startUrl: "https://emu.awsapps.com/start",
  region: "us-east-1",
  registrationScopes: ["sso:account:access"],
};

/** Rewrites the token file as another sign-in would. */
async function signInAnew(home: EmulatedHome): Promise<string> {
  await writeTokenFile(home);
  return home.read(CORP_TOKEN);
}

interface Asked {
  readonly cached?: boolean;
  readonly progress?: Progress;
}

test.each([
  ["accounts", (context: Context, asked: Asked) => listAccounts(context, CORP, asked)],
  ["roles", (context: Context, asked: Asked) => listRoles(context, CORP, asked)],
])("a listing of %s made during two sign-ins is stored for neither", async (name, list) => {
  const home = await createEmulatedHome({ org: { accounts: 3 }, paging: { pageSize: 1 } });
  home.write(".aws/config", SESSION_CONFIG);
  const [first, second] = [await signInAnew(home), await signInAnew(home)];
  expect(first).not.toBe(second);
  home.write(CORP_TOKEN, first);
  const context = createContext(home);
  const progress = (): void => void home.write(CORP_TOKEN, second);
  const { items } = await list(context, { progress });
  expect(items.length).toBeGreaterThanOrEqual(3);
  expect(home.read(CORP_TOKEN)).toBe(second);
  const left = home
    .list(".aws/latchkey/access")
    .flatMap((folder) => home.list(`.aws/latchkey/access/${folder}`));
  expect(left).not.toContain(`${name}.json`);
  for (const token of [second, first]) {
    home.write(CORP_TOKEN, token);
    await expect(list(context, { cached: true })).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
  await list(context, {});
  expect((await list(context, { cached: true })).items).toEqual(items);
});
