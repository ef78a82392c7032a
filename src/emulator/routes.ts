/** Every operation that the emulator knows, as the journal and the faults name it. */
export const ROUTES = [
  "RegisterClient",
  "StartDeviceAuthorization",
  "CreateToken",
  "Authorize",
  "DevicePage",
  "ListAccounts",
  "ListAccountRoles",
  "GetRoleCredentials",
  "Logout",
  "GetCallerIdentity",
  "AssumeRole",
  "GetSigninToken",
  "ConsoleLogin",
  "Unknown",
] as const;

export type Route = (typeof ROUTES)[number];

export type ServiceName = "oidc" | "portal" | "sts" | "sign-in";

const PATHS: Readonly<Record<string, Route>> = {
  "/client/register": "RegisterClient",
  "/device_authorization": "StartDeviceAuthorization",
  "/token": "CreateToken",
  "/authorize": "Authorize",
  "/start/device": "DevicePage",
  "/assignment/accounts": "ListAccounts",
  "/assignment/roles": "ListAccountRoles",
  "/federation/credentials": "GetRoleCredentials",
  "/logout": "Logout",
  "/": "GetCallerIdentity",
};

/** `action` is the `Action` parameter, which alone tells the operations of one path apart. */
export function routeOf(path: string, action: string | null): Route {
  if (path === "/federation") return action === "login" ? "ConsoleLogin" : "GetSigninToken";
  if (path === "/" && action === "AssumeRole") return "AssumeRole";
  return Object.hasOwn(PATHS, path) ? (PATHS[path] ?? "Unknown") : "Unknown";
}

export function serviceOf(route: Route): ServiceName {
  switch (route) {
    case "ListAccounts":
    case "ListAccountRoles":
    case "GetRoleCredentials":
    case "Logout":
      return "portal";
    case "GetCallerIdentity":
    case "AssumeRole":
      return "sts";
    case "GetSigninToken":
    case "ConsoleLogin":
      return "sign-in";
    default:
      return "oidc";
  }
}
