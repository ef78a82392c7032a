import type { EmulatorOptions } from "../../src/emulator/emulator.ts";
import type { KnobInput } from "../../src/emulator/control/knobs.ts";
import { signCertificate, type CertificateOptions } from "./certificate.ts";
import { signIn } from "./emulator-clients.ts";
import { CORP_TOKEN, createEmulatedHome, type EmulatedHome } from "./emulated-home.ts";

/**
 * A healthy federation: an Okta user in a pushed group that has a permission set on an account, and the files of both
 * sides.
 */

export const TOKEN = "scimCANARY-3f9d2b7a61c84e05-tokenTOKENtoken";
export const USER = "okta.user@example.com";
export const GROUP = "aws-viewers";
export const ACCOUNT = "100000000001";
export const USER_ID = "a1b2c3d4-1111-4222-8333-444455556666";
export const GROUP_ID = "0b1c2d3e4f-5a6b7c8d-1111-4222-8333-444455556666";
export const PERMISSION_SET = "ViewOnlyAccess";

type DirectoryInput = KnobInput<"directory">;

export const HEALTHY: DirectoryInput = {
  tokens: [TOKEN],
  users: [
    {
      userId: USER_ID,
      userName: USER,
      givenName: "Okta",
      familyName: "User",
      displayName: "Okta User",
      externalId: "00u1",
    },
  ],
  groups: [{ groupId: GROUP_ID, displayName: GROUP, externalId: "00g1", members: [USER_ID] }],
  permissionSets: [
    { id: "ps-0a1b2c3d4e5f6071", name: PERMISSION_SET },
    { id: "ps-0a1b2c3d4e5f6072", name: "AdministratorAccess" },
  ],
  assignments: [
    {
      accountId: ACCOUNT,
      permissionSet: "ps-0a1b2c3d4e5f6071",
      principalType: "GROUP",
      principalId: GROUP_ID,
    },
  ],
};

const CONFIG = `[profile okta]
sso_session = corp
sso_account_id = ${ACCOUNT}
sso_role_name = ${PERMISSION_SET}
[sso-session corp]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

export async function createFederatedEmulation(
  directory: DirectoryInput = {},
  options: EmulatorOptions = {},
): Promise<EmulatedHome> {
  const home = await createEmulatedHome({
    autoApprove: { afterPolls: 0 },
    ...options,
    directory: { ...HEALTHY, ...directory },
  });
  home.write(".aws/config", CONFIG);
  return home;
}

/** Signs in without starting the program: writes a token from the emulator to the shared cache. */
export async function writeTokenFile(home: EmulatedHome): Promise<void> {
  home.emulator.autoApprove(null);
  const { accessToken } = await signIn(home.emulator);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
  home.write(
    CORP_TOKEN,
    JSON.stringify({
      startUrl: "https://emu.awsapps.com/start",
      region: "us-east-1",
      accessToken,
      expiresAt,
    }),
  );
}

const certificates = new Map<string, string>();

/** Returns a self-signed certificate in base64, as in metadata. The same options return the same certificate. */
export function createCertificate(options: CertificateOptions = {}): string {
  const key = JSON.stringify(options);
  const base64 = certificates.get(key) ?? signCertificate(options);
  certificates.set(key, base64);
  return base64;
}

export interface MetadataOptions {
  readonly entityId?: string;
  readonly certificates?: readonly string[];
  readonly use?: string;
  readonly location?: string;
  readonly nameIds?: readonly string[];
  readonly attributes?: string;
  readonly prefix?: string;
}

const EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/** Returns metadata in the form of Okta. */
export function createOktaMetadata({
  entityId = "http://www.okta.com/exk1a2b3c4D5e6F7g8h9",
  certificates: certs = [createCertificate()],
  use = ' use="signing"',
  location = "https://acme.okta.com/app/amazon_aws_sso/exk1a2b3c4D5e6F7g8h9/sso/saml",
  nameIds = [EMAIL, "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"],
  attributes = "",
  prefix = "md:",
}: MetadataOptions = {}): string {
  const p = prefix;
  const keys = certs
    .map(
      (base64) =>
        `<${p}KeyDescriptor${use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${base64.replace(/(.{64})/g, "$1\n")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></${p}KeyDescriptor>`,
    )
    .join("");
  const names = nameIds.map((name) => `<${p}NameIDFormat>${name}</${p}NameIDFormat>`).join("");
  const services = ["HTTP-POST", "HTTP-Redirect"]
    .map(
      (binding) =>
        `<${p}SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${location}"/>`,
    )
    .join("");
  const namespace = p === "" ? "xmlns" : `xmlns:${p.slice(0, -1)}`;
  return `<?xml version="1.0" encoding="UTF-8"?><${p}EntityDescriptor entityID="${entityId}" ${namespace}="urn:oasis:names:tc:SAML:2.0:metadata"${attributes}><${p}IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys}${names}${services}</${p}IDPSSODescriptor></${p}EntityDescriptor>`;
}

export const ACS =
  "https://us-east-1.signin.aws/platform/saml/acs/4a5b6c7d-1111-4222-8333-444455556666";
export const ISSUER = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-9367028abc";

export function createAwsMetadata(acs = ACS, issuer = ISSUER): string {
  return `<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${issuer}"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:NameIDFormat>${EMAIL}</md:NameIDFormat><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${acs}" index="0" isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>`;
}

/** Returns 200 users in 50 groups. Each group has a permission set on two of 100 accounts. */
export function createBigOrganization(): {
  readonly directory: DirectoryInput;
  readonly org: NonNullable<EmulatorOptions["org"]>;
} {
  const users = Array.from({ length: 200 }, (_, index) => ({
    userId: `u-${index}`,
    userName: `user${index}@example.com`,
    externalId: `e${index}`,
  }));
  const groups = Array.from({ length: 50 }, (_, index) => ({
    groupId: `g-${index}`,
    displayName: `group-${index}`,
    externalId: `g${index}`,
    members: [0, 1, 2, 3].map((offset) => `u-${index * 4 + offset}`),
  }));
  const assignments = Array.from({ length: 100 }, (_, index) => ({
    accountId: String(100_000_000_001 + index),
    permissionSet: "ps-0a1b2c3d4e5f6071",
    principalType: "GROUP" as const,
    principalId: `g-${index % 50}`,
  }));
  return { directory: { users, groups, assignments }, org: { accounts: 100, roles: 1 } };
}
