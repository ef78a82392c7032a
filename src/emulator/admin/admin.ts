import type { AdminOperation } from "./answers.ts";
import { instanceOperations } from "./instance.ts";
import { directoryOperations } from "./directory.ts";
import { organizationOperations } from "./organization.ts";
import { trailOperations } from "./trail.ts";
import { isRecord, parseJson } from "../parse.ts";
import { json, type Received, type Reply } from "../http.ts";
import type { AdminRoute, Route } from "../routes.ts";
import { presentedSignature, signatureMatches } from "../sts/sigv4.ts";
import type { State } from "../state.ts";
import { adminError } from "../service-errors.ts";

/** The administrator's services, all of them AWS JSON 1.1: the operation stands in X-Amz-Target, an error in `__type`. */

const OPERATIONS: Readonly<Record<AdminRoute, AdminOperation>> = {
  ...instanceOperations,
  ...directoryOperations,
  ...organizationOperations,
  ...trailOperations,
};

export function serveAdmin(state: State, route: Route, request: Received): Reply {
  const operation = OPERATIONS[route as AdminRoute];
  const problem = signatureProblem(state, route, request);
  if (problem !== undefined) return problem;
  const input = parseJson(request.body);
  if (!isRecord(input)) return adminError("SerializationException", "The body is no JSON object");
  try {
    return json(200, operation(state, input));
  } catch (error) {
    if (error instanceof Error && "refusal" in error)
      return adminError(String(error.refusal), error.message);
    throw error;
  }
}

/** The signing name is the IAM prefix of the route, for each of these services. */
function signatureProblem(state: State, route: Route, request: Received): Reply | undefined {
  const presented = presentedSignature(request);
  if (presented === undefined)
    return adminError("MissingAuthenticationTokenException", "Missing Authentication Token");
  if (typeof presented === "string") return adminError("IncompleteSignatureException", presented);
  const { administrator } = state.directory;
  const role = state.issued.roleCredentials.get(presented.accessKeyId);
  const isAdministrator = presented.accessKeyId === administrator.accessKeyId;
  if (!isAdministrator && role?.sessionToken !== presented.sessionToken)
    return adminError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  if (!state.settings.sigv4.verify) return undefined;
  const secret = isAdministrator ? administrator.secretAccessKey : (role?.secretAccessKey ?? "");
  const isGood =
    presented.service === route.split(":")[0] && signatureMatches(request, presented, secret);
  return isGood
    ? undefined
    : adminError(
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided.",
      );
}
