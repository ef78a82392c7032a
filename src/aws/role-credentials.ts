import type { RoleCredentials } from "../model/role.ts";
import { isRecord, parseJson, readText } from "../text/json.ts";
import { requireInstant, requireText, type Answer } from "../text/answer.ts";
import { toPortalAnswer, type PortalAnswer } from "./call/failure.ts";
import { toFailure, type HttpAnswer } from "./http.ts";
import { hostName, sendPlain, type Connection } from "./send.ts";

/**
 * GetRoleCredentials, the one call that SDKs wait for. It is a single unsigned GET, sent without the SDK, which takes
 * longer to load than the call takes (decision 21).
 */

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
  const host = hostName(connection, "The access portal");
  const plain = { host, method: "GET", url, headers };
  return toPortalAnswer(host, () =>
    sendPlain(connection, plain, (response) => readAnswer(response, accountId)),
  );
}

/** @throws LatchkeyError BAD_RESPONSE; SyntaxError for a damaged answer */
function readAnswer(response: HttpAnswer, accountId: string): RoleCredentials {
  const text = response.body.toString("utf8");
  if (response.status < 200 || response.status >= 300) throw toServiceFailure(response, text);
  const answer: Answer = { operation: "GetRoleCredentials", body: JSON.parse(text) };
  return {
    accountId,
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

/** Builds the error of a refusal. Its type is in a header or in the body, as the REST JSON protocol defines. */
function toServiceFailure(response: HttpAnswer, text: string): Error {
  const body = parseJson(text);
  const named = response.headers["x-amzn-errortype"] ?? (isRecord(body) ? body["__type"] : "");
  const type = /\w+$/.exec((readText(named) ?? "").split(":")[0] ?? "")?.[0];
  const failure = new Error(`HTTP ${response.status}`);
  return Object.assign(failure, { name: type ?? "Error" }, toFailure(response));
}

/** Regions whose portals have this name: all of AWS's commercial partition (client-sso 3.11, endpoint rules). */
const COMMERCIAL_REGION = /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/;

/** Returns the portal's endpoint. Other partitions, FIPS and dual-stack names are resolved by the SDK. */
export async function findPortalEndpoint(connection: Connection): Promise<string> {
  const { endpoint, region, variant } = connection;
  if (endpoint !== undefined) return endpoint;
  const isPlain = !variant.useFips && !variant.useDualstack;
  if (isPlain && COMMERCIAL_REGION.test(region))
    return `https://portal.sso.${region}.amazonaws.com`;
  const { resolvePortalEndpoint } = await import("./portal.ts");
  return resolvePortalEndpoint(connection);
}
