import { serveAdmin } from "./admin/admin.ts";
import { authorize } from "./sign-in/authorize.ts";
import { serveDevicePage } from "./sign-in/device-page.ts";
import { createToken, registerClient, startDeviceAuthorization } from "./sign-in/oidc.ts";
import { getRoleCredentials, listAccountRoles, listAccounts, logout } from "./portal/portal.ts";
import { takeFromBucket } from "./portal/rate.ts";
import { html, json, type ReceivedRequest, type Reply } from "./http.ts";
import { findService, type AdminRoute, type Route } from "./routes.ts";
import { serveScim } from "./scim/scim.ts";
import { errorFor, isRefusal, refusal } from "./service-errors.ts";
import { serveConsoleLogin, getSigninToken } from "./sign-in/console.ts";
import type { State } from "./state/state.ts";
import { assumeRole, getCallerIdentity } from "./sts/sts.ts";

interface Operation {
  methods: readonly string[];
  serve: (state: State, request: ReceivedRequest) => Reply;
}

const OPERATIONS: Readonly<Record<Exclude<Route, "Unknown" | "Scim" | AdminRoute>, Operation>> = {
  RegisterClient: { methods: ["POST"], serve: registerClient },
  StartDeviceAuthorization: { methods: ["POST"], serve: startDeviceAuthorization },
  CreateToken: { methods: ["POST"], serve: createToken },
  Authorize: { methods: ["GET", "POST"], serve: authorize },
  DevicePage: { methods: ["GET", "POST"], serve: serveDevicePage },
  ListAccounts: { methods: ["GET"], serve: listAccounts },
  ListAccountRoles: { methods: ["GET"], serve: listAccountRoles },
  GetRoleCredentials: { methods: ["GET"], serve: getRoleCredentials },
  Logout: { methods: ["POST"], serve: logout },
  GetCallerIdentity: { methods: ["GET", "POST"], serve: getCallerIdentity },
  AssumeRole: { methods: ["GET", "POST"], serve: assumeRole },
  GetSigninToken: { methods: ["GET", "POST"], serve: getSigninToken },
  ConsoleLogin: { methods: ["GET", "POST"], serve: serveConsoleLogin },
};

/** Returns the service's answer, without faults. */
export function serve(state: State, route: Route, request: ReceivedRequest): Reply {
  try {
    return perform(state, route, request);
  } catch (error) {
    if (isRefusal(error)) return errorFor(state.settings, route, error.refusal);
    throw error;
  }
}

function perform(state: State, route: Route, request: ReceivedRequest): Reply {
  if (route === "Unknown")
    return json(500, { message: `the emulator has no ${request.method} ${request.path}` });
  const service = findService(route);
  if (service === "scim") return serveScim(state, request);
  if (service === "admin") return serveAdmin(state, route as AdminRoute, request);
  if (service === "portal" && !takeFromBucket(state, request))
    throw refusal("TooManyRequestsException");
  const operation = OPERATIONS[route as keyof typeof OPERATIONS];
  if (operation.methods.includes(request.method)) return operation.serve(state, request);
  if (service === "portal") throw refusal("MethodNotAllowedException");
  if (service === "oidc" && route !== "DevicePage")
    throw refusal("InvalidRequestException", "Method not allowed", 405);
  return html(405, "Method not allowed", "<p>This page does not answer that.</p>");
}
