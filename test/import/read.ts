import { expect } from "vitest";
import { parseConfig } from "../../src/aws-config/document.ts";
import type { ConfigText } from "../../src/import/config-profiles.ts";
import type { ToolReading } from "../../src/import/entry.ts";

/** Formats readings of sample configs so that they can be compared with table rows. */

export function toConfig(text: string): ConfigText {
  return { document: parseConfig(new TextEncoder().encode(text)), file: "config" };
}

/** Returns lines like `NAME: ACCOUNT ROLE REGION at START_URL SSO_REGION`, with `-` for missing values. */
export function listRoles({ roles }: ToolReading): string[] {
  return roles.map(
    ({ name = "-", accountId, roleName, region = "-", startUrl, ssoRegion }) =>
      `${name}: ${accountId} ${roleName} ${region} at ${startUrl} ${ssoRegion}`,
  );
}

export function listLeft({ left }: Pick<ToolReading, "left">): string[] {
  return left.map(({ place, reason }) => `${place}: ${reason}`);
}

export interface Row {
  readonly title: string;
  readonly config: string;
  readonly roles?: readonly string[];
  readonly left?: readonly string[];
  readonly isFound?: boolean;
}

export function checkRow(row: Row, read: (text: string) => ToolReading): void {
  const reading = read(row.config);
  expect(listRoles(reading)).toEqual(row.roles ?? []);
  expect(listLeft(reading)).toEqual(row.left ?? []);
  expect(reading.isFound).toBe(row.isFound ?? true);
}

export const SESSION = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
`;
export const AT_ACME = "at https://acme.awsapps.com/start eu-west-1";
