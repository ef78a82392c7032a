import {
  listMissingNames,
  type DirectoryGroup,
  type DirectoryUser,
  type Instance,
} from "./aws/identity-center.ts";
import { formatEquals } from "./scim/endpoint.ts";
import { readList } from "../text/answer.ts";
import { isRecord, readText, type PlainRecord } from "../text/json.ts";
import { LatchkeyError } from "../errors.ts";
import type { ScimAccess, ScimAnswer } from "./scim/client.ts";
import type { Administrator } from "./administrator.ts";

/** Who can say which users and groups there are: Identity Store to an AWS administrator, SCIM to whoever has its token. */
export interface DirectorySource {
  readonly source: "identitystore" | "scim";
  findUser(userName: string): Promise<DirectoryUser | undefined>;
  findGroup(displayName: string): Promise<DirectoryGroup | undefined>;
  isMember(userId: string, groupId: string): Promise<boolean>;
  /** Some of the names that there are, to find the nearest: not all, where there are thousands. */
  listUserNames(): Promise<string[]>;
  listGroupNames(): Promise<string[]>;
}

/** Enough for near names; a directory may have a hundred thousand. */
const MOST_NAMES = 1_000;

async function takeSome<T>(
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

export async function createStoreSource(
  admin: Administrator,
  { identityStoreId }: Instance,
): Promise<DirectorySource> {
  const directory = await import("./aws/directory.ts");
  const connection = admin.connect("IDENTITYSTORE");
  return {
    source: "identitystore",
    findUser: (userName) => directory.findUser(connection, identityStoreId, userName),
    findGroup: (displayName) => directory.findGroup(connection, identityStoreId, displayName),
    isMember: (userId, groupId) => directory.isMember(connection, identityStoreId, userId, groupId),
    listUserNames: () =>
      takeSome(directory.fetchUserPages(connection, identityStoreId), ({ userName }) => userName),
    listGroupNames: () =>
      takeSome(
        directory.fetchGroupPages(connection, identityStoreId),
        ({ displayName }) => displayName,
      ),
  };
}

export async function createScimSource(access: ScimAccess): Promise<DirectorySource> {
  const { base } = access;
  const { fetchScim } = await import("./scim/client.ts");
  const ask = async (
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<PlainRecord[]> => parseResources(await fetchScim(access, path, query), base);
  const findOne = async (path: string, filter: string): Promise<PlainRecord | undefined> =>
    (await ask(path, { filter }))[0];
  return {
    source: "scim",
    findUser: async (userName) =>
      toUser(await findOne("Users", formatEquals("userName", userName))),
    findGroup: async (displayName) =>
      toGroup(await findOne("Groups", formatEquals("displayName", displayName))),
    async isMember(userId, groupId) {
      const members = parseMembers(
        await fetchScim(access, `Groups/${encodeURIComponent(groupId)}`),
      );
      // AWS never lists members; a server that does needs no second question.
      if (members.length > 0) return members.includes(userId);
      return (
        (
          await ask("Groups", {
            filter: `${formatEquals("id", groupId)} and ${formatEquals("members", userId)}`,
          })
        ).length > 0
      );
    },
    listUserNames: async () =>
      (await ask("Users", { count: "100" })).flatMap((user) => readText(user["userName"]) ?? []),
    listGroupNames: async () =>
      (await ask("Groups", { count: "100" })).flatMap(
        (group) => readText(group["displayName"]) ?? [],
      ),
  };
}

/** A 404 means that the member of a filter is not there (SCIM developer guide, ListGroups). */
function parseResources(answer: ScimAnswer, base: string): PlainRecord[] {
  if (answer.kind === "refused" && answer.status === 404) return [];
  if (answer.kind !== "ok") throw toScimError(answer, base);
  return readList(answer, "Resources");
}

function toScimError(answer: Exclude<ScimAnswer, { kind: "ok" }>, base: string): LatchkeyError {
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

function parseMembers(answer: ScimAnswer): string[] {
  const members = answer.kind === "ok" ? readList(answer, "members") : [];
  return members.flatMap((member) => readText(member["value"]) ?? []);
}

function toUser(resource: PlainRecord | undefined): DirectoryUser | undefined {
  const id = readText(resource?.["id"]);
  const userName = readText(resource?.["userName"]);
  if (resource === undefined || id === undefined || userName === undefined) return undefined;
  const name = isRecord(resource["name"]) ? resource["name"] : {};
  const missing = listMissingNames({
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

function toGroup(resource: PlainRecord | undefined): DirectoryGroup | undefined {
  const id = readText(resource?.["id"]);
  const displayName = readText(resource?.["displayName"]);
  return resource === undefined || id === undefined || displayName === undefined
    ? undefined
    : { id, displayName, isProvisioned: isProvisioned(resource) };
}

/** An external id tells that an identity provider made it; that none is shown tells nothing, since it is optional (RFC 7643 §3.1). */
function isProvisioned(resource: PlainRecord): boolean | undefined {
  return readText(resource["externalId"]) === undefined ? undefined : true;
}
