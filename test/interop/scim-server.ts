import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import SCIMMY from "scimmy";

/** SCIMMY, a SCIM server that follows the RFC where AWS does not: it lists members and accepts any filter. */

interface ScimServer {
  /** The URL that an administrator would paste. */
  readonly endpoint: string;
  /** Method and path of every request, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

interface Person {
  readonly id: string;
  readonly userName: string;
}

const USERS: readonly Person[] = [
  { id: "u-1", userName: "ada@example.com" },
  { id: "u-2", userName: "eve@example.com" },
];
const GROUPS = [{ id: "g-1", displayName: "viewers", members: [{ value: "u-1" }] }];

interface ScimQuery {
  readonly id?: string;
  readonly filter?: { match<T>(all: T[]): T[] };
}

function declareResources(): void {
  SCIMMY.Resources.declare(SCIMMY.Resources.User).egress((resource: ScimQuery) =>
    findAll(
      USERS.map((user) => ({
        ...user,
        name: { givenName: "A", familyName: "B" },
        displayName: user.userName,
        active: true,
        externalId: `e-${user.id}`,
      })),
      resource,
    ),
  );
  SCIMMY.Resources.declare(SCIMMY.Resources.Group).egress((resource: ScimQuery) =>
    findAll(
      GROUPS.map((group) => ({ ...group, externalId: `e-${group.id}` })),
      resource,
    ),
  );
}

function findAll<T extends { readonly id: string }>(all: T[], { id, filter }: ScimQuery): T | T[] {
  const matching = filter?.match(all) ?? all;
  if (id === undefined) return matching;
  const [one] = matching;
  if (one === undefined) throw new SCIMMY.Types.Error(404, "", `Resource ${id} not found`);
  return one;
}

export async function startScimServer(token: string): Promise<ScimServer> {
  declareResources();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    void answer(request, token).then(({ status, body }) => {
      response.writeHead(status, { "Content-Type": "application/scim+json" });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  token: string,
): Promise<{ status: number; body: unknown }> {
  if (request.headers.authorization !== `Bearer ${token}`)
    return {
      status: 401,
      body: new SCIMMY.Messages.Error({ status: 401, message: "Unauthorized" }),
    };
  const url = new URL(request.url ?? "/", "http://localhost");
  const [, , , kind = "", id] = url.pathname.split("/").map(decodeURIComponent);
  const [filter, count] = [url.searchParams.get("filter"), url.searchParams.get("count")];
  const query = {
    ...(filter === null ? {} : { filter }),
    ...(count === null ? {} : { count: Number(count) }),
  };
  try {
    if (kind === "ServiceProviderConfig")
      return { status: 200, body: await new SCIMMY.Resources.ServiceProviderConfig().read() };
    const Resource = { Users: SCIMMY.Resources.User, Groups: SCIMMY.Resources.Group }[kind];
    if (Resource === undefined)
      return {
        status: 404,
        body: new SCIMMY.Messages.Error({ status: 404, message: "Not found" }),
      };
    return { status: 200, body: await new Resource(id, query).read() };
  } catch (thrown) {
    const status =
      thrown instanceof SCIMMY.Types.Error
        ? Number((thrown as { status?: unknown }).status ?? 500)
        : 500;
    return { status, body: new SCIMMY.Messages.Error(thrown as Error) };
  }
}
