import { LatchkeyError } from "../errors.ts";
import { readText, toRecord, type PlainRecord } from "../text/json.ts";
import {
  listMissingNames,
  type DirectoryGroup,
  type DirectoryUser,
  type Instance,
} from "./aws/identity-center.ts";
import { readEach, readMember } from "../text/answer.ts";
import type { ScimAccess, ScimAnswer } from "./scim/client.ts";
import { formatEquals } from "./scim/endpoint.ts";
import type { CheckState } from "./step.ts";

/** A source of users and groups: Identity Store for an AWS administrator, or SCIM for anyone with its token. */
export interface DirectorySource {
  readonly source: "identitystore" | "scim";
  findUser(userName: string): Promise<DirectoryUser | undefined>;
  findGroup(displayName: string): Promise<DirectoryGroup | undefined>;
  isMember(userId: string, groupId: string): Promise<boolean>;
  /** Returns names for suggestions. If there are thousands, returns only some of them. */
  listUserNames(): Promise<string[]>;
  listGroupNames(): Promise<string[]>;
}

/** Returns Identity Store if the administrator can read it, followed by SCIM if its endpoint has responded. */
export async function openDirectorySources(state: CheckState): Promise<DirectorySource[]> {
  const { instance, scim } = state;
  return [
    ...(instance === undefined ? [] : [await createStoreSource(instance)]),
    ...(scim === undefined ? [] : [await createScimSource(scim)]),
  ];
}

/** Shown when a step is skipped because neither source is available. */
export const NO_DIRECTORY = "there are no AWS credentials and no SCIM token";

/** Enough for suggestions; a directory may have 100,000 names. */
const MOST_NAMES = 1_000;

async function takeSome<T>(
  pages: AsyncGenerator<readonly T[]>,
  name: (item: T) => string,
): Promise<string[]> {
  const names: string[] = [];
  for await (const page of pages) {
    for (const item of page) names.push(name(item));
    if (names.length >= MOST_NAMES) break;
  }
  return names;
}

export async function createStoreSource(instance: Instance): Promise<DirectorySource> {
  const store = await import("./aws/directory.ts");
  return {
    source: "identitystore",
    findUser: (userName) => store.findUser(instance, userName),
    findGroup: (displayName) => store.findGroup(instance, displayName),
    isMember: (userId, groupId) => store.isMember(instance, userId, groupId),
    listUserNames: () => takeSome(store.fetchUserPages(instance), ({ userName }) => userName),
    listGroupNames: () =>
      takeSome(store.fetchGroupPages(instance), ({ displayName }) => displayName),
  };
}

export async function createScimSource(access: ScimAccess): Promise<DirectorySource> {
  const { fetchScim } = await import("./scim/client.ts");
  const ask = async <Item>(
    path: string,
    query: Readonly<Record<string, string>>,
    toItems: (resource: PlainRecord) => readonly Item[],
  ) => readResources(await fetchScim(access, path, query), access.base, toItems);
  const listNames = (path: string, attribute: string) =>
    ask(path, { count: "100" }, (resource) => toTexts(resource[attribute]));
  return {
    source: "scim",
    findUser: async (userName) =>
      (await ask("Users", { filter: formatEquals("userName", userName) }, toUsers))[0],
    findGroup: async (displayName) =>
      (await ask("Groups", { filter: formatEquals("displayName", displayName) }, toGroups))[0],
    async isMember(userId, groupId) {
      const group = await fetchScim(access, `Groups/${encodeURIComponent(groupId)}`);
      const hasMembers = group.kind === "ok" && readMember(group, "members") !== undefined;
      const members = hasMembers ? readEach(group, "members", ({ value }) => toTexts(value)) : [];
      // AWS's SCIM never lists the members. If another server does, no second request is needed.
      if (members.length > 0) return members.includes(userId);
      const filter = `${formatEquals("id", groupId)} and ${formatEquals("members", userId)}`;
      return (await ask("Groups", { filter }, toGroups)).length > 0;
    },
    listUserNames: () => listNames("Users", "userName"),
    listGroupNames: () => listNames("Groups", "displayName"),
  };
}

/** A 404 means that the member in the filter does not exist (SCIM developer guide, ListGroups). */
function readResources<Item>(
  answer: ScimAnswer,
  base: string,
  toItems: (resource: PlainRecord) => readonly Item[],
): Item[] {
  if (answer.kind === "refused" && answer.status === 404) return [];
  if (answer.kind !== "ok") throw toScimError(answer, base);
  // An empty result may omit the list, but not `totalResults` (RFC 7644 §3.4.2).
  if (readMember(answer, "totalResults") === 0) return [];
  return readEach(answer, "Resources", toItems);
}

function toScimError(answer: Exclude<ScimAnswer, { kind: "ok" }>, base: string): LatchkeyError {
  const host = URL.parse(base)?.host ?? "the SCIM endpoint";
  if (answer.kind === "foreign")
    return new LatchkeyError(
      "BAD_RESPONSE",
      `${host} does not answer like a SCIM service: ${answer.reason}`,
      { hint: "Check the SCIM endpoint: latchkey federation scim" },
    );
  const { status, requestId } = answer;
  const where = `(HTTP ${status}${requestId === undefined ? "" : `, request ${requestId}`})`;
  if (status === 401 || status === 403)
    return new LatchkeyError("ACCESS_DENIED", `${host} refuses the SCIM token ${where}.`);
  return new LatchkeyError("BAD_RESPONSE", `${host} refused a SCIM request ${where}.`, {
    hint: "See the reason in CloudTrail: latchkey federation why scim",
  });
}

function toUsers(resource: PlainRecord): DirectoryUser[] {
  const id = readText(resource["id"]);
  const userName = readText(resource["userName"]);
  if (id === undefined || userName === undefined) return [];
  const name = toRecord(resource["name"]);
  const missingNames = listMissingNames({
    "first name": name["givenName"],
    "last name": name["familyName"],
    "display name": resource["displayName"],
  });
  return [{ id, userName, isActive: resource["active"] !== false, missingNames }];
}

function toGroups(resource: PlainRecord): DirectoryGroup[] {
  const id = readText(resource["id"]);
  const displayName = readText(resource["displayName"]);
  if (id === undefined || displayName === undefined) return [];
  // A missing externalId proves nothing: it is optional (RFC 7643 §3.1).
  const isProvisioned = readText(resource["externalId"]) === undefined ? undefined : true;
  return [{ id, displayName, isProvisioned }];
}

function toTexts(value: unknown): string[] {
  const text = readText(value);
  return text === undefined ? [] : [text];
}

/** Looks up users, groups and members of one directory by id. */
export interface Directory {
  findUserName(id: string): Promise<string | undefined>;
  findGroupName(id: string): Promise<string | undefined>;
  /** Ids of the users in a group. */
  listMembers(groupId: string): Promise<readonly string[]>;
}

/**
 * Returns a directory whose name lookups read a list only up to the wanted id. So 100 names cost one request, and the
 * first rows of a listing do not wait for the whole directory.
 */
export async function openDirectory(instance: Instance): Promise<Directory> {
  const store = await import("./aws/directory.ts");
  return {
    findUserName: createNameLookup(store.fetchUserPages(instance), ({ userName }) => userName),
    findGroupName: createNameLookup(
      store.fetchGroupPages(instance),
      ({ displayName }) => displayName,
    ),
    listMembers: askOnce((groupId) => store.listMembers(instance, groupId)),
  };
}

/** Returns a function that calls `ask` once per key and returns the same result for that key afterwards. */
export function askOnce<Answer>(
  ask: (key: string) => Promise<Answer>,
): (key: string) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (key) => {
    const answer = answers.get(key) ?? ask(key);
    answers.set(key, answer);
    return answer;
  };
}

function createNameLookup<T extends { readonly id: string }>(
  pages: AsyncGenerator<readonly T[]>,
  name: (item: T) => string,
): (id: string) => Promise<string | undefined> {
  const known = new Map<string, string>();
  return async (id) => {
    while (!known.has(id)) {
      const next = await pages.next();
      if (next.done === true) return undefined;
      for (const item of next.value) known.set(item.id, name(item));
    }
    return known.get(id);
  };
}
