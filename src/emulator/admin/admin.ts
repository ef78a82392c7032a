import type { AdminOperation } from "./answers.ts";
import { instanceOperations } from "./instance.ts";
import { directoryOperations } from "./directory.ts";
import { organizationOperations } from "./organization.ts";
import { trailOperations } from "./trail.ts";
import { isRecord, parseObject } from "../parse.ts";
import { json, type ReceivedRequest, type Reply } from "../http.ts";
import type { AdminRoute } from "../routes.ts";
import { parseSignature, isSignatureValid } from "../sts/sigv4.ts";
import type { State } from "../state/state.ts";
import { refusal } from "../service-errors.ts";

/** Serves the administrator services. All use AWS JSON 1.1: X-Amz-Target has the operation, `__type` has the error. */

const OPERATIONS: Readonly<Record<AdminRoute, AdminOperation>> = {
  ...instanceOperations,
  ...directoryOperations,
  ...organizationOperations,
  ...trailOperations,
};

export function serveAdmin(state: State, route: AdminRoute, request: ReceivedRequest): Reply {
  verifySignature(state, route, request);
  const input = parseObject(request.body);
  if (input === undefined) throw refusal("SerializationException", "The body is no JSON object");
  return json(200, capitalize(OPERATIONS[route](state, input)));
}

/** Capitalizes member names, as these services do: `userId` becomes `UserId`. */
function capitalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalize);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.slice(0, 1).toUpperCase() + name.slice(1),
      capitalize(member),
    ]),
  );
}

/** For these services, the signing name is the IAM prefix in the route's name. */
function verifySignature(state: State, route: AdminRoute, request: ReceivedRequest): void {
  const presented = parseSignature(request, "Exception");
  const { administrator } = state.directory;
  const role = state.issued.roleCredentials.get(presented.accessKeyId);
  const isAdministrator = presented.accessKeyId === administrator.accessKeyId;
  if (!isAdministrator && role?.sessionToken !== presented.sessionToken)
    throw refusal(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  if (!state.settings.sigv4.verify) return;
  const secret = isAdministrator ? administrator.secretAccessKey : (role?.secretAccessKey ?? "");
  const isForService = presented.service === route.split(":")[0];
  if (!isForService || !isSignatureValid(request, presented, secret))
    throw refusal(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided.",
    );
}
