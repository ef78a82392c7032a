import {
  missingNames,
  type DirectoryGroup,
  type DirectoryUser,
  type Instance,
} from "./aws/identity-center.ts";
import { equals } from "./scim/endpoint.ts";
import { isRecord, textOrUndefined, type PlainRecord } from "../text/json.ts";
import { LatchkeyError } from "../errors.ts";
import type { ScimAccess, ScimAnswer } from "./scim/client.ts";
import type { Administrator } from "./administrator.ts";

/** Who can say which users and groups there are: Identity Store to an AWS administrator, SCIM to whoever has its token. */
export interface Witness {
  readonly source: "identitystore" | "scim";
  user(userName: string): Promise<DirectoryUser | undefined>;
  group(displayName: string): Promise<DirectoryGroup | undefined>;
  isMember(userId: string, groupId: string): Promise<boolean>;
  /** Some of the names that there are, to find the nearest: not all, where there are thousands. */
  userNames(): Promise<string[]>;
  groupNames(): Promise<string[]>;
}

/** Enough for near names; a directory may have a hundred thousand. */
const MOST_NAMES = 1_000;

async function someOf<T>(
  pages: AsyncGenerator<readonly T[]>,
  name: (item: T) => string,
): Promise<string[]> {
  const names: string[] = [];
  for await (const page of pages) {
    names.push(...page.map(name));
    if (names.length >= MOST_NAMES) break;
  }
  return names;
}

export async function storeWitness(
  admin: Administrator,
  { identityStoreId }: Instance,
): Promise<Witness> {
  const directory = await import("./aws/directory.ts");
  const connection = admin.connection("IDENTITYSTORE");
  return {
    source: "identitystore",
    user: (userName) => directory.findUser(connection, identityStoreId, userName),
    group: (displayName) => directory.findGroup(connection, identityStoreId, displayName),
    isMember: (userId, groupId) => directory.isMember(connection, identityStoreId, userId, groupId),
    userNames: () =>
      someOf(directory.userPages(connection, identityStoreId), ({ userName }) => userName),
    groupNames: () =>
      someOf(directory.groupPages(connection, identityStoreId), ({ displayName }) => displayName),
  };
}

export async function scimWitness(access: ScimAccess): Promise<Witness> {
  const { base } = access;
  const { scimGet } = await import("./scim/client.ts");
  const ask = async (
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<PlainRecord[]> => resourcesOf(await scimGet(access, path, query), base);
  const one = async (path: string, filter: string): Promise<PlainRecord | undefined> =>
    (await ask(path, { filter }))[0];
  return {
    source: "scim",
    user: async (userName) => userOf(await one("Users", equals("userName", userName))),
    group: async (displayName) => groupOf(await one("Groups", equals("displayName", displayName))),
    async isMember(userId, groupId) {
      const members = listedMembers(await scimGet(access, `Groups/${encodeURIComponent(groupId)}`));
      // AWS never lists members; a server that does needs no second question.
      if (members.length > 0) return members.includes(userId);
      return (
        (
          await ask("Groups", {
            filter: `${equals("id", groupId)} and ${equals("members", userId)}`,
          })
        ).length > 0
      );
    },
    userNames: async () =>
      (await ask("Users", { count: "100" })).flatMap(
        (user) => textOrUndefined(user["userName"]) ?? [],
      ),
    groupNames: async () =>
      (await ask("Groups", { count: "100" })).flatMap(
        (group) => textOrUndefined(group["displayName"]) ?? [],
      ),
  };
}

/** A 404 means that the member of a filter is not there (SCIM developer guide, ListGroups). */
function resourcesOf(answer: ScimAnswer, base: string): PlainRecord[] {
  if (answer.kind === "refused" && answer.status === 404) return [];
  if (answer.kind !== "ok") throw scimTrouble(answer, base);
  const resources = answer.body["Resources"];
  return Array.isArray(resources) ? resources.filter(isRecord) : [];
}

function scimTrouble(answer: Exclude<ScimAnswer, { kind: "ok" }>, base: string): LatchkeyError {
  const host = URL.parse(base)?.host ?? "the SCIM endpoint";
  if (answer.kind === "foreign")
    return new LatchkeyError(
      "BAD_RESPONSE",
      `${host} does not answer as a SCIM service: ${answer.reason}`,
    );
  const request = answer.requestId === undefined ? "" : `, request ${answer.requestId}`;
  if (answer.status === 401 || answer.status === 403)
    return new LatchkeyError(
      "ACCESS_DENIED",
      `${host} refuses the SCIM token (HTTP ${answer.status}${request}).`,
    );
  return new LatchkeyError(
    "BAD_RESPONSE",
    `${host} refused a SCIM request (HTTP ${answer.status}${request}).`,
    { hint: "CloudTrail has the reason: latchkey federation why scim" },
  );
}

function listedMembers(answer: ScimAnswer): string[] {
  const members = answer.kind === "ok" ? answer.body["members"] : undefined;
  return Array.isArray(members)
    ? members.filter(isRecord).flatMap((member) => textOrUndefined(member["value"]) ?? [])
    : [];
}

function userOf(resource: PlainRecord | undefined): DirectoryUser | undefined {
  const id = textOrUndefined(resource?.["id"]);
  const userName = textOrUndefined(resource?.["userName"]);
  if (resource === undefined || id === undefined || userName === undefined) return undefined;
  const name = isRecord(resource["name"]) ? resource["name"] : {};
  const missing = missingNames({
    "first name": name["givenName"],
    "last name": name["familyName"],
    "display name": resource["displayName"],
  });
  return {
    id,
    userName,
    isActive: resource["active"] !== false,
    isProvisioned: isProvisioned(resource),
    missingNames: missing,
  };
}

function groupOf(resource: PlainRecord | undefined): DirectoryGroup | undefined {
  const id = textOrUndefined(resource?.["id"]);
  const displayName = textOrUndefined(resource?.["displayName"]);
  return resource === undefined || id === undefined || displayName === undefined
    ? undefined
    : { id, displayName, isProvisioned: isProvisioned(resource) };
}

/** An external id tells that an identity provider made it; that none is shown tells nothing, since it is optional (RFC 7643 §3.1). */
function isProvisioned(resource: PlainRecord): boolean | undefined {
  return textOrUndefined(resource["externalId"]) === undefined ? undefined : true;
}
