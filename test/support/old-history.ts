import { expect } from "vitest";
import { createSignedInHome, type Home } from "./home.ts";

/** A home whose history has old dates, and its user. */

export const USER = "okta.user@example.com";
export const SOMEBODY_ELSE = "somebody.else@example.com";
export const HISTORY_DIRECTORY =
  ".aws/latchkey/access-history/ee0bfd2552fbd840c02cc48b6e823320543c450f";
export const PAYMENTS = { accountId: "100000000001", accountName: "payments" };
export const SEARCH = { accountId: "100000000002", accountName: "search" };
export const ORG = { accounts: [{ ...PAYMENTS, roles: ["Deploy", "ViewOnlyAccess"] }] };
/** Addresses at which nothing listens. */
export const OFFLINE = {
  AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:9",
  AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:9",
  AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9",
};

export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();
}

export function toSeconds(instant: string): string {
  return instant.replace(/\.\d+Z$/, "Z");
}

/** Returns a day in the form that the program prints. */
export function formatDay(instant: string): string {
  const date = new Date(instant);
  const month = date.toLocaleString("en", { month: "long" });
  const year = date.getFullYear() === new Date().getFullYear() ? "" : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${month}${year}`;
}

interface Kept {
  readonly spans: readonly object[];
  readonly favourites: readonly object[];
}

export const BEGAN = daysAgo(60);
export const DEPLOY_GONE = daysAgo(20);
export const SEARCH_CAME = daysAgo(12);
export const SEARCH_GONE = daysAgo(5);
const LISTED = daysAgo(4);

/** Makes a home with a history of two months of listings: Deploy was removed, and an account was added and removed. */
export async function createOldHome(): Promise<Home> {
  const home = await createSignedInHome({ org: ORG });
  expect(await home.run(["roles"])).toMatchObject({ exitCode: 0 });
  home.emulator.unassign(PAYMENTS.accountId, "Deploy");
  const [file = ""] = listHistories(home);
  const kept = home.readJson<Kept>(file);
  const spans = [
    { ...PAYMENTS, roleName: "ViewOnlyAccess", firstSeen: BEGAN, lastSeen: LISTED },
    {
      ...PAYMENTS,
      roleName: "Deploy",
      firstSeen: BEGAN,
      lastSeen: daysAgo(25),
      goneAt: DEPLOY_GONE,
    },
    {
      ...SEARCH,
      roleName: "Admin",
      firstSeen: SEARCH_CAME,
      lastSeen: daysAgo(6),
      goneAt: SEARCH_GONE,
    },
  ];
  home.write(file, JSON.stringify({ ...kept, beganAt: BEGAN, listedAt: LISTED, spans }));
  return home;
}

export function listHistories(home: Home): string[] {
  return home.list(HISTORY_DIRECTORY).map((name) => `${HISTORY_DIRECTORY}/${name}`);
}

export async function loginAs(home: Home, username: string): Promise<void> {
  home.emulator.turn("identity", { username });
  const login = await home.run(["login", "--force", "--no-browser"]);
  expect(login, login.stderr).toMatchObject({ exitCode: 0 });
}
