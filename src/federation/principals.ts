import type { DirectoryGroup, DirectoryUser, Instance, Principal } from "./aws/identity-center.ts";
import { nearest } from "../text/terminal.ts";
import type { Administrator } from "./administrator.ts";
import { notFound } from "./find.ts";
import { storeWitness } from "./directory-source.ts";

/** Users and groups by their names, and names by their ids. */

/** As Identity Store gives them: a UUID, in older directories with ten hex digits before it. */
const PRINCIPAL_ID = /^([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isPrincipalId(text: string): boolean {
  return PRINCIPAL_ID.test(text);
}

/** @throws LatchkeyError NOT_FOUND with the nearest names. */
export async function requiredGroup(
  admin: Administrator,
  instance: Instance,
  displayName: string,
): Promise<DirectoryGroup> {
  const witness = await storeWitness(admin, instance);
  const group = await witness.group(displayName);
  if (group !== undefined) return group;
  throw notFound("group", displayName, nearest(displayName, await witness.groupNames()));
}

export async function requiredUser(
  admin: Administrator,
  instance: Instance,
  userName: string,
): Promise<DirectoryUser> {
  const witness = await storeWitness(admin, instance);
  const user = await witness.user(userName);
  if (user !== undefined) return user;
  throw notFound("user", userName, nearest(userName, await witness.userNames()));
}

export interface Directory {
  userName(id: string): Promise<string | undefined>;
  groupName(id: string): Promise<string | undefined>;
  /** Ids of the users in a group. */
  members(groupId: string): Promise<readonly string[]>;
}

/**
 * Names by id, from lists that are read only as far as the wanted id needs: a hundred names cost one request, and the
 * first rows of a listing need not wait for the whole directory.
 */
export async function lazyDirectory(
  admin: Administrator,
  { identityStoreId }: Instance,
): Promise<Directory> {
  const { groupPages, memberPages, userPages } = await import("./aws/directory.ts");
  const connection = admin.connection("IDENTITYSTORE");
  const members = new Map<string, readonly string[]>();
  return {
    userName: named(userPages(connection, identityStoreId), ({ userName }) => userName),
    groupName: named(groupPages(connection, identityStoreId), ({ displayName }) => displayName),
    async members(groupId) {
      const known = members.get(groupId);
      if (known !== undefined) return known;
      const ids: string[] = [];
      for await (const page of memberPages(connection, identityStoreId, groupId)) ids.push(...page);
      members.set(groupId, ids);
      return ids;
    },
  };
}

function named<T extends { readonly id: string }>(
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

export function principalKey({ type, id }: Principal): string {
  return `${type} ${id}`;
}
