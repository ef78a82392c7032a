import { refusal } from "../service-errors.ts";
import type { Directory, Group, User } from "../state/directory.ts";

/** Evaluates the filters that IAM Identity Center supports: `attribute eq "value"`, at most two, joined by `and`. */

/** Returns a SCIM error. These have no type, only a status and a text. */
export function scimRefusal(status: number, detail: string): Error {
  return refusal(detail, detail, status);
}

export const UNPARSABLE = "Request is unparsable, syntactically incorrect, or violates schema.";

export function findUser({ users }: Directory, id: string): User {
  return orNotFound(users.find(({ userId }) => userId === id));
}

export function findGroup({ groups }: Directory, id: string): Group {
  return orNotFound(groups.find(({ groupId }) => groupId === id));
}

function orNotFound<T>(resource: T | undefined): T {
  if (resource === undefined) throw scimRefusal(404, "ResourceNotFound");
  return resource;
}

type Terms = Readonly<Record<string, string>>;

const TERM = /^([A-Za-z][\w.]*) eq ("(?:[^"\\]|\\.)*")/;

/** The value is a JSON string (RFC 7644 §3.4.2.2), so quotes and backslashes are escaped. */
function parseFilter(filter: string | null): Terms {
  const terms: Record<string, string> = {};
  if (filter === null) return terms;
  let rest = filter.trim();
  for (;;) {
    const match = TERM.exec(rest);
    if (match === null) throw scimRefusal(400, UNPARSABLE);
    terms[match[1] ?? ""] = JSON.parse(match[2] ?? '""') as string;
    rest = rest.slice(match[0].length);
    if (rest === "") return terms;
    if (!rest.startsWith(" and ")) throw scimRefusal(400, UNPARSABLE);
    rest = rest.slice(" and ".length);
  }
}

function allowOnly(terms: Terms, ...allowed: readonly string[]): void {
  const names = Object.keys(terms).toSorted().join("+");
  if (names !== "" && !allowed.includes(names)) throw scimRefusal(400, "Filter is not supported");
}

export function selectUsers({ users, groups }: Directory, filter: string | null): User[] {
  const terms = parseFilter(filter);
  allowOnly(terms, "userName", "externalId", "groups.value", "id+manager");
  // No user has a manager.
  if (terms["manager"] !== undefined) return [];
  const group = groups.find(({ groupId }) => groupId === terms["groups.value"]);
  return users.filter(
    ({ userId, userName, externalId }) =>
      (terms["groups.value"] === undefined || group?.members.includes(userId)) &&
      hasAttributes(terms, { userName, externalId, id: userId }),
  );
}

export function selectGroups({ users, groups }: Directory, filter: string | null): Group[] {
  const terms = parseFilter(filter);
  allowOnly(terms, "displayName", "externalId", "members.value", "id+members", "id+member");
  const member = terms["members.value"] ?? terms["members"] ?? terms["member"];
  // If no user has the member's id, the service answers 404, not an empty list.
  if (member !== undefined && !users.some(({ userId }) => userId === member))
    throw scimRefusal(404, "ResourceNotFound");
  return groups.filter(
    ({ groupId, displayName, externalId, members }) =>
      (member === undefined || members.includes(member)) &&
      hasAttributes(terms, { displayName, externalId, id: groupId }),
  );
}

function hasAttributes(terms: Terms, attributes: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(attributes).every(
    ([name, value]) => terms[name] === undefined || terms[name] === value,
  );
}
