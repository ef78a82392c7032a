import { checkFederation } from "../../src/federation/check.ts";
import { CHECK_IDS, type Check, type CheckOptions } from "../../src/federation/step.ts";
import { createContext } from "./context.ts";
import type { EmulatedHome } from "./emulated-home.ts";
import {
  ACCOUNT,
  createAwsMetadata,
  GROUP,
  HEALTHY,
  createOktaMetadata,
  PERMISSION_SET,
  writeTokenFile,
  TOKEN,
  USER,
  USER_ID,
} from "./federation.ts";

export function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function createHealthyCheck(home: EmulatedHome): CheckOptions {
  return {
    user: USER,
    group: GROUP,
    account: ACCOUNT,
    permissionSet: PERMISSION_SET,
    metadataFile: home.write("okta.xml", createOktaMetadata()),
    minDays: 60,
    serviceProviderFile: home.write("aws.xml", createAwsMetadata()),
    scimEndpoint: home.emulator.scimEndpoint.slice(0, -1),
    tokenStdin: false,
    tokenExpiresAt: daysFromNow(200),
    loginProfile: "okta",
    why: false,
    provisioning: "scim",
    scimOnly: false,
    administrator: {},
  };
}

/** Runs the whole checklist of a home in process, because starting the program for each test would take minutes. */
export async function runCheck(
  home: EmulatedHome,
  asked: Partial<CheckOptions> = {},
  token = TOKEN,
): Promise<Check[]> {
  await writeTokenFile(home);
  const context = createContext(home, {
    ...home.emulator.administratorEnv,
    AWS_REGION: "us-east-1",
    LATCHKEY_SCIM_TOKEN: token,
  });
  return checkFederation(
    context,
    { ...createHealthyCheck(home), ...asked },
    { only: CHECK_IDS, watchSeconds: 0, onStep: () => undefined },
  );
}

export function toStatuses(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, status }) => [id, status]));
}

/** Returns the status ok for every step except for the named ones. */
export function statusesExcept(others: Readonly<Record<string, string>>): Record<string, string> {
  return { ...Object.fromEntries(CHECK_IDS.map((id) => [id, "ok"])), ...others };
}

const [HEALTHY_USER] = HEALTHY.users ?? [];

/** Returns the healthy user with a change. */
export const user = (change: object) => [
  { userId: USER_ID, userName: USER, ...HEALTHY_USER, ...change },
];
