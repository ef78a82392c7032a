import { roleCredentials } from "../../src/credentials/role.ts";
import { syncProfiles } from "../../src/sync/sync.ts";
import { NO_DEADLINE } from "../../src/token/time-budget.ts";
import type { Context } from "../../src/context.ts";
import { createContext } from "../support/context.ts";
import { createSignedInEmulatedHome, type EmulatedHome } from "../support/emulated-home.ts";

export const CORP = {
  name: "corp",
  startUrl: "https://emu.awsapps.com/start",
  region: "us-east-1",
  registrationScopes: ["sso:account:access"],
};
const SESSION = `[sso-session corp]
sso_start_url = ${CORP.startUrl}
sso_region = ${CORP.region}
sso_registration_scopes = sso:account:access
`;
export const CONFIG = ".aws/config";
const ORG = {
  accounts: [
    { accountId: "100000000001", accountName: "payments", roles: ["ViewOnlyAccess", "Admin"] },
    { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
  ],
};
const ROLE = { accountId: "100000000001", roleName: "ViewOnlyAccess" };

export const SYNC = {
  dryRun: false,
  yes: true,
  cached: false,
  prune: true,
  rename: true,
  force: true,
  progress: undefined,
  show: () => undefined,
  openBrowser: false,
  flow: undefined,
  qr: false,
};

export const sync = (context: Context): Promise<unknown> =>
  syncProfiles(context, { ssoSession: "corp" }, SYNC);
export const fetchRole = (context: Context): Promise<unknown> =>
  roleCredentials(context, { session: CORP, ...ROLE }, NO_DEADLINE);

/** A home that is signed in and has every file that an answer could remove. */
export async function createFullHome(): Promise<{ home: EmulatedHome; context: Context }> {
  const home = await createSignedInEmulatedHome({ org: ORG });
  home.write(CONFIG, SESSION);
  const context = createContext(home);
  await sync(context);
  await fetchRole(context);
  return { home, context };
}

/** The stored parts of answers, by path. */
function readKept(home: EmulatedHome, ...folders: readonly string[]): Record<string, string> {
  const paths = folders.flatMap((folder) =>
    home.list(folder).flatMap((name) => {
      const path = `${folder}/${name}`;
      return /\.(json|part)$/.test(name)
        ? [path]
        : home.list(path).map((file) => `${path}/${file}`);
    }),
  );
  return Object.fromEntries(paths.map((path) => [path, home.read(path)]));
}

/** The stored listings, by path. */
export const readListings = (home: EmulatedHome) => readKept(home, ".aws/latchkey/access");
