import type { DirectoryGroup, DirectoryUser, Instance, Principal } from "./aws/identity-center.ts";
import { closestMatches } from "../text/terminal.ts";
import type { Administrator } from "./administrator.ts";
import { notFoundError } from "./find.ts";
import { createStoreSource } from "./directory-source.ts";

/** Users and groups by their names, and names by their ids. */

/** As Identity Store gives them: a UUID, in older directories with ten hex digits before it. */
const PRINCIPAL_ID = /^([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isPrincipalId(text: string): boolean {
  return PRINCIPAL_ID.test(text);
}

/** @throws LatchkeyError NOT_FOUND with the nearest names. */
export async function requireGroup(
  admin: Administrator,
  instance: Instance,
  displayName: string,
): Promise<DirectoryGroup> {
  const witness = await createStoreSource(admin, instance);
  const group = await witness.findGroup(displayName);
  if (group !== undefined) return group;
  throw notFoundError(
    "group",
    displayName,
    closestMatches(displayName, await witness.listGroupNames()),
  );
}

export async function requireUser(
  admin: Administrator,
  instance: Instance,
  userName: string,
): Promise<DirectoryUser> {
  const witness = await createStoreSource(admin, instance);
  const user = await witness.findUser(userName);
  if (user !== undefined) return user;
  throw notFoundError("user", userName, closestMatches(userName, await witness.listUserNames()));
}

export interface Directory {
  findUserName(id: string): Promise<string | undefined>;
  findGroupName(id: string): Promise<string | undefined>;
  /** Ids of the users in a group. */
  listMembers(groupId: string): Promise<readonly string[]>;
}

/**
 * Names by id, from lists that are read only as far as the wanted id needs: a hundred names cost one request, and the
 * first rows of a listing need not wait for the whole directory.
 */
export async function openDirectory(
  admin: Administrator,
  { identityStoreId }: Instance,
): Promise<Directory> {
  const { fetchGroupPages, fetchMemberPages, fetchUserPages } = await import("./aws/directory.ts");
  const connection = admin.connect("IDENTITYSTORE");
  const members = new Map<string, readonly string[]>();
  return {
    findUserName: createNameLookup(
      fetchUserPages(connection, identityStoreId),
      ({ userName }) => userName,
    ),
    findGroupName: createNameLookup(
      fetchGroupPages(connection, identityStoreId),
      ({ displayName }) => displayName,
    ),
    async listMembers(groupId) {
      const known = members.get(groupId);
      if (known !== undefined) return known;
      const ids: string[] = [];
      for await (const page of fetchMemberPages(connection, identityStoreId, groupId))
        ids.push(...page);
      members.set(groupId, ids);
      return ids;
    },
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

export function principalKey({ type, id }: Principal): string {
  return `${type} ${id}`;
}
