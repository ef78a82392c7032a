import { randomUUID } from "node:crypto";
import type { Directory, Group, User } from "../state/directory.ts";
import { isRecord, parseObject } from "../parse.ts";
import { json, type ReceivedRequest, type Reply } from "../http.ts";
import { groupResource, SCIM_TYPE, userResource } from "./resources.ts";
import { findGroup, findUser, scimRefusal, UNPARSABLE } from "./filter.ts";

/** Accepts an identity provider's pushes, with the restrictions of IAM Identity Center that RFC 7644 does not have. */

type Body = Readonly<Record<string, unknown>>;

const MOST_MEMBERS = 100;
const MULTI_VALUED = ["emails", "addresses", "phoneNumbers", "roles"];
const UNSUPPORTED = ["ims", "photos", "x509Certificates", "entitlements", "password", "groups"];

function parseBody({ body }: ReceivedRequest): Body {
  const parsed = parseObject(body);
  if (parsed === undefined) throw scimRefusal(400, UNPARSABLE);
  return parsed;
}

function answerNothing(): Reply {
  return { ...json(204, {}), body: "" };
}

function requireText(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value.trim() === "")
    throw scimRefusal(400, `${name} is required`);
  return value;
}

function parseExternalId(body: Body): { externalId?: string } {
  return body["externalId"] === undefined ? {} : { externalId: requireText(body, "externalId") };
}

function parseUserFields(body: Body): Omit<User, "userId"> {
  const repeated = MULTI_VALUED.find((name) => Array.isArray(body[name]) && body[name].length > 1);
  if (repeated !== undefined)
    throw scimRefusal(400, `List attribute ${repeated} exceeds allowed limit of 1`);
  const unsupported = UNSUPPORTED.find((name) => body[name] !== undefined);
  if (unsupported !== undefined)
    throw scimRefusal(400, `Attribute ${unsupported} is not supported`);
  const name = isRecord(body["name"]) ? body["name"] : {};
  return {
    userName: requireText(body, "userName"),
    givenName: requireText(name, "givenName"),
    familyName: requireText(name, "familyName"),
    displayName: requireText(body, "displayName"),
    ...parseExternalId(body),
    active: body["active"] !== false,
  };
}

export function createUser(directory: Directory, request: ReceivedRequest): Reply {
  const user: User = { userId: randomUUID(), ...parseUserFields(parseBody(request)) };
  refuseDuplicate(directory, user);
  directory.users.push(user);
  return json(201, userResource(user), SCIM_TYPE);
}

function refuseDuplicate(directory: Directory, { userId, userName, externalId }: User): void {
  const isTaken = directory.users.some(
    (other) =>
      other.userId !== userId &&
      (other.userName === userName ||
        (externalId !== undefined && other.externalId === externalId)),
  );
  if (isTaken) throw scimRefusal(409, "Duplicate UserName");
}

export function replaceUser(directory: Directory, request: ReceivedRequest, id: string): Reply {
  const user = findUser(directory, id);
  const replaced = { userId: id, ...parseUserFields(parseBody(request)) };
  refuseDuplicate(directory, replaced);
  Object.assign(user, replaced);
  return json(200, userResource(user), SCIM_TYPE);
}

export function createGroup(directory: Directory, request: ReceivedRequest): Reply {
  const body = parseBody(request);
  const group: Group = {
    groupId: randomUUID(),
    displayName: requireText(body, "displayName"),
    ...parseExternalId(body),
    members: parseMemberIds(directory, body["members"] ?? []),
  };
  if (directory.groups.some(({ displayName }) => displayName === group.displayName))
    throw scimRefusal(409, "Duplicate GroupDisplayName");
  directory.groups.push(group);
  return json(201, groupResource(group), SCIM_TYPE);
}

function parseMemberIds({ users }: Directory, value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MOST_MEMBERS)
    throw scimRefusal(400, `At most ${MOST_MEMBERS} members can be changed in a request`);
  return value.map((member: unknown) => {
    const id = isRecord(member) ? member["value"] : undefined;
    if (typeof id !== "string" || !users.some(({ userId }) => userId === id))
      throw scimRefusal(404, "ResourceNotFound");
    return id;
  });
}

export function deleteUser(directory: Directory, _: ReceivedRequest, id: string): Reply {
  const user = findUser(directory, id);
  directory.users = directory.users.filter((other) => other !== user);
  for (const group of directory.groups)
    group.members = group.members.filter((member) => member !== id);
  return answerNothing();
}

export function deleteGroup(directory: Directory, _: ReceivedRequest, id: string): Reply {
  const group = findGroup(directory, id);
  directory.groups = directory.groups.filter((other) => other !== group);
  return answerNothing();
}

function parseOperations(request: ReceivedRequest): Body[] {
  const operations = parseBody(request)["Operations"];
  if (!Array.isArray(operations) || !operations.every(isRecord))
    throw scimRefusal(400, "Operations are required");
  return operations;
}

export function patchUser(directory: Directory, request: ReceivedRequest, id: string): Reply {
  const user = findUser(directory, id);
  for (const operation of parseOperations(request)) {
    const path = requireText(operation, "path");
    if (path === "active")
      user.active = operation["value"] === true || operation["value"] === "true";
    else if (path === "displayName" || path === "userName" || path === "externalId")
      user[path] = requireText(operation, "value");
    else throw scimRefusal(400, `Path ${path} is not supported`);
  }
  return json(200, userResource(user), SCIM_TYPE);
}

/** A path is required, and neither `replace` nor `remove` may affect all members at once. */
export function patchGroup(directory: Directory, request: ReceivedRequest, id: string): Reply {
  const group = findGroup(directory, id);
  for (const operation of parseOperations(request)) {
    const { path, value } = operation;
    const op = String(operation["op"]).toLowerCase();
    if (typeof path !== "string") throw scimRefusal(400, "Missing path in PATCH request");
    if (path === "displayName" || path === "externalId")
      group[path] = requireText(operation, "value");
    else if (path === "members" && op !== "replace" && value !== undefined)
      changeMembers(group, op, parseMemberIds(directory, value));
    else throw scimRefusal(400, "Operation on all members is not supported");
  }
  return answerNothing();
}

function changeMembers(group: Group, op: string, ids: readonly string[]): void {
  const others = group.members.filter((member) => !ids.includes(member));
  group.members = op === "remove" ? others : [...others, ...ids];
}
