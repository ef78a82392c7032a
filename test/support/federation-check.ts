import { CHECK_IDS, type Check } from "../../src/federation/report.ts";
import { federationCheck } from "../../src/federation/check.ts";
import type { CheckOptions } from "../../src/federation/check-state.ts";
import { contextOf } from "./context.ts";
import type { Home } from "./home.ts";
import {
  ACCOUNT,
  awsMetadata,
  GROUP,
  HEALTHY,
  oktaMetadata,
  PERMISSION_SET,
  tokenFile,
  TOKEN,
  USER,
  USER_ID,
} from "./federation.ts";

export function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function healthy(home: Home): CheckOptions {
  return {
    user: USER,
    group: GROUP,
    account: ACCOUNT,
    permissionSet: PERMISSION_SET,
    metadataFile: home.write("okta.xml", oktaMetadata()),
    minDays: 60,
    serviceProviderFile: home.write("aws.xml", awsMetadata()),
    scimEndpoint: home.emulator.scimEndpoint.slice(0, -1),
    tokenStdin: false,
    tokenExpiresAt: inDays(200),
    loginProfile: "okta",
    why: false,
    provisioning: "scim",
    scimOnly: false,
    administrator: {},
  };
}

/** The whole checklist of a home, in process, since a program for each would take minutes. */
export async function runCheck(
  home: Home,
  asked: Partial<CheckOptions> = {},
  token = TOKEN,
): Promise<Check[]> {
  await tokenFile(home);
  const context = contextOf(home, {
    ...home.emulator.administratorEnv,
    AWS_REGION: "us-east-1",
    LATCHKEY_SCIM_TOKEN: token,
  });
  return federationCheck(
    context,
    { ...healthy(home), ...asked },
    { only: CHECK_IDS, watchSeconds: 0, onStep: () => undefined },
  );
}

export function statusesOf(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, status }) => [id, status]));
}

/** Every step ok but for those that are named. */
export function allOkBut(others: Readonly<Record<string, string>>): Record<string, string> {
  return { ...Object.fromEntries(CHECK_IDS.map((id) => [id, "ok"])), ...others };
}

const [HEALTHY_USER] = HEALTHY.users ?? [];

/** The healthy user, changed. */
export const user = (change: object) => [
  { userId: USER_ID, userName: USER, ...HEALTHY_USER, ...change },
];
