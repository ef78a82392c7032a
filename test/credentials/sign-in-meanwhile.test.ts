import { expect, test } from "vitest";
import { roleCredentials } from "../../src/credentials/role.ts";
import { tokenDirectory } from "../../src/fs/paths.ts";
import { readSession } from "../../src/profiles/profile.ts";
import { readConfig } from "../../src/profiles/select.ts";
import { isOfThisSignIn, readCachedRole, removeSessionRoles } from "../../src/token/role-cache.ts";
import { createContext } from "../support/context.ts";
import { createSignedInEmulatedHome, type EmulatedHome } from "../support/emulated-home.ts";
import { fetchCallerIdentity } from "../support/emulator-clients.ts";
import { writeSignIn } from "../support/sign-in-files.ts";

/** Someone else signs in at any moment of a fetch, also between the read of the token and the look at its file. */

const REF = { session: "corp", accountId: "100000000001", roleName: "ViewOnlyAccess" };
const SOMEBODY_ELSE = "somebody.else@example.com";

/** Does what a login does to the files. */
function signInAsSomebodyElse(home: EmulatedHome): void {
  home.emulator.turn("identity", { username: SOMEBODY_ELSE });
  writeSignIn(home);
  removeSessionRoles(home.path, REF.session);
}

/**
 * Fetches the role. At the n-th look at the clock, someone else signs in.
 * @returns whether there were so many
 */
async function fetchWithSignInAt(home: EmulatedHome, moment: number): Promise<boolean> {
  let left = moment;
  const context = createContext(home);
  const now = (): Date => {
    left -= 1;
    if (left === 0) signInAsSomebodyElse(home);
    return new Date();
  };
  const session = readSession(readConfig(context), REF.session);
  await roleCredentials({ ...context, now }, { ...REF, session });
  return left <= 0;
}

/** Returns the person whose credentials the hot path would serve; undefined if it would serve none. */
async function findServedPerson(home: EmulatedHome): Promise<string | undefined> {
  const cached = readCachedRole(home.path, REF);
  if (cached === undefined || !isOfThisSignIn(tokenDirectory(home.path), cached.signIn))
    return undefined;
  const identity = await fetchCallerIdentity(home.emulator, { ...cached, expiration: 0 });
  return identity.Arn?.split("/").at(-1);
}

test("credentials of the person before are never cached for the next sign-in", async () => {
  const served: Array<string | undefined> = [];
  for (let moment = 1; ; moment += 1) {
    const home = await createSignedInEmulatedHome();
    if (!(await fetchWithSignInAt(home, moment))) break;
    served.push(await findServedPerson(home));
  }
  expect(served.length).toBeGreaterThan(3);
  expect(served.filter((person) => person !== undefined && person !== SOMEBODY_ELSE)).toEqual([]);
  expect(served).toContain(SOMEBODY_ELSE);
});
