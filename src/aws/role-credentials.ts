import type { RoleCredentials } from "../model/role.ts";
import { isRecord, parseJson, readText } from "../text/json.ts";
import { requireInstant, requireText, type Answer } from "../text/answer.ts";
import { LatchkeyError } from "../errors.ts";
import { describeFailure } from "./failure.ts";
import { toFailure, type HttpAnswer } from "./http.ts";
import { hostName, sendPlain, type Connection } from "./send.ts";

/**
 * GetRoleCredentials: the one call that SDKs wait for. It is one unsigned GET, and goes out without the SDK, whose
 * loading takes longer than the call itself (decision 21).
 */

/** What the access portal says: data, or that the token is not good (any more), or that the role is not this person's. */
export type PortalAnswer<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "forbidden" };

export const PORTAL = "The access portal";

export async function fetchRoleCredentials(
  connection: Connection,
  accessToken: string,
  accountId: string,
  roleName: string,
): Promise<PortalAnswer<RoleCredentials>> {
  const base = (await findPortalEndpoint(connection)).replace(/\/$/, "");
  const url = new URL(`${base}/federation/credentials`);
  url.search = new URLSearchParams({ role_name: roleName, account_id: accountId }).toString();
  const headers = { "x-amz-sso_bearer_token": accessToken, "User-Agent": "app/latchkey" };
  const plain = { host: hostName(connection, PORTAL), method: "GET", url, headers };
  return toPortalAnswer(connection, () => sendPlain(connection, plain, readAnswer));
}

/** @throws LatchkeyError BAD_RESPONSE; SyntaxError where the answer is damaged. */
function readAnswer(response: HttpAnswer): RoleCredentials {
  const text = response.body.toString("utf8");
  if (response.status < 200 || response.status >= 300) throw toServiceFailure(response, text);
  const answer: Answer = { operation: "GetRoleCredentials", body: JSON.parse(text) };
  return {
    accessKeyId: requireText(answer, "roleCredentials.accessKeyId", 128),
    secretAccessKey: requireText(answer, "roleCredentials.secretAccessKey", 256),
    sessionToken: requireText(answer, "roleCredentials.sessionToken", 6144),
    expiration: requireInstant(
      answer,
      "roleCredentials.expiration",
      (milliseconds) => milliseconds,
    ),
  };
}

/** A refusal with its type as the REST JSON protocol has it: in a header, else in the body. */
function toServiceFailure(response: HttpAnswer, text: string): Error {
  const body = parseJson(text);
  const named = response.headers["x-amzn-errortype"] ?? (isRecord(body) ? body["__type"] : "");
  const type = /\w+$/.exec((readText(named) ?? "").split(":")[0] ?? "")?.[0];
  const failure = new Error(`HTTP ${response.status}`);
  return Object.assign(failure, { name: type ?? "Error" }, toFailure(response));
}

/** Regions whose portals are under this name: all of AWS's first partition (client-sso 3.11, endpoint rules). */
const COMMERCIAL_REGION = /^(us|eu|ap|sa|ca|me|af|il|mx)-(?!gov|iso)[a-z]+-\d+$/;

/** Other partitions, FIPS and dual-stack names are the SDK's to know. */
export async function findPortalEndpoint(connection: Connection): Promise<string> {
  const { endpoint, region, variant } = connection;
  if (endpoint !== undefined) return endpoint;
  const isPlain = !variant.useFips && !variant.useDualstack;
  if (isPlain && COMMERCIAL_REGION.test(region))
    return `https://portal.sso.${region}.amazonaws.com`;
  const { resolvePortalEndpoint } = await import("./portal.ts");
  return resolvePortalEndpoint(connection);
}

/**
 * The answer of a call, or the refusal that it is. Forbidden is not in the service's model and has no class: told by
 * status. A 404 is an account that the organisation does not have, which is for the caller the same as one without access.
 */
export async function toPortalAnswer<T>(
  connection: Connection,
  call: () => Promise<T>,
): Promise<PortalAnswer<T>> {
  try {
    return { kind: "answer", value: await call() };
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    const { status, type } = describeFailure(thrown);
    if (status === 401) return { kind: "unauthorized" };
    if (status === 403 || status === 404) return { kind: "forbidden" };
    if (status === undefined) throw thrown;
    throw new LatchkeyError(
      "BAD_RESPONSE",
      `${hostName(connection, PORTAL)} refused the request (${type}, HTTP ${status}).`,
      { hint: "Run it again with --debug and report what it prints.", cause: thrown },
    );
  }
}
