/** The administrator's operations, by the IAM action that each needs. */
const INSTANCE_ROUTES = [
  "sso:ListInstances",
  "sso:ListPermissionSets",
  "sso:DescribePermissionSet",
  "sso:ListPermissionSetsProvisionedToAccount",
  "sso:ListAccountAssignments",
  "sso:ListAccountAssignmentsForPrincipal",
  "sso:CreateAccountAssignment",
  "sso:DeleteAccountAssignment",
  "sso:DescribeAccountAssignmentCreationStatus",
  "sso:DescribeAccountAssignmentDeletionStatus",
] as const;
const DIRECTORY_ROUTES = [
  "identitystore:GetUserId",
  "identitystore:DescribeUser",
  "identitystore:ListUsers",
  "identitystore:GetGroupId",
  "identitystore:DescribeGroup",
  "identitystore:ListGroups",
  "identitystore:IsMemberInGroups",
  "identitystore:ListGroupMemberships",
  "identitystore:ListGroupMembershipsForMember",
] as const;
const ORGANIZATION_ROUTES = [
  "organizations:DescribeOrganization",
  "organizations:ListAccounts",
  "organizations:DescribeAccount",
] as const;
const TRAIL_ROUTES = ["cloudtrail:LookupEvents"] as const;
const ADMIN_ROUTES = [
  ...INSTANCE_ROUTES,
  ...DIRECTORY_ROUTES,
  ...ORGANIZATION_ROUTES,
  ...TRAIL_ROUTES,
] as const;

export type InstanceRoute = (typeof INSTANCE_ROUTES)[number];
export type DirectoryRoute = (typeof DIRECTORY_ROUTES)[number];
export type OrganizationRoute = (typeof ORGANIZATION_ROUTES)[number];
export type TrailRoute = (typeof TRAIL_ROUTES)[number];
export type AdminRoute = (typeof ADMIN_ROUTES)[number];

/** Every operation that the emulator knows, as the journal and the faults name it. */
const SERVICES = {
  oidc: [
    "RegisterClient",
    "StartDeviceAuthorization",
    "CreateToken",
    "Authorize",
    "DevicePage",
    "Unknown",
  ],
  portal: ["ListAccounts", "ListAccountRoles", "GetRoleCredentials", "Logout"],
  sts: ["GetCallerIdentity", "AssumeRole"],
  "sign-in": ["GetSigninToken", "ConsoleLogin"],
  scim: ["Scim"],
  admin: ADMIN_ROUTES,
} as const;

type ServiceName = keyof typeof SERVICES;
export type Route = (typeof SERVICES)[ServiceName][number];

const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
export const ROUTES: readonly Route[] = SERVICE_NAMES.flatMap(
  (name): readonly Route[] => SERVICES[name],
);

export function findService(route: Route): ServiceName {
  const holds = (name: ServiceName): boolean => SERVICES[name].some((held) => held === route);
  return SERVICE_NAMES.find(holds) ?? "oidc";
}

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

/** X-Amz-Target is `PREFIX.Operation`; each service has a prefix of its own. */
const TARGETS: Readonly<Record<string, string>> = {
  SWBExternalService: "sso",
  AWSIdentityStore: "identitystore",
  AWSOrganizationsV20161128: "organizations",
  CloudTrail_20131101: "cloudtrail",
};

function toAdminRoute(target: string): Route {
  const [operation = "", prefix = ""] = target.split(".").toReversed();
  const name = `${TARGETS[prefix] ?? ""}:${operation}`;
  return ADMIN_ROUTES.find((route) => route === name) ?? "Unknown";
}

/** `action` is the `Action` parameter, which alone tells the operations of one path apart. */
export function findRoute(path: string, action: string | null, target?: string): Route {
  if (target !== undefined) return toAdminRoute(target);
  if (/^\/[^/]+\/scim\/v2(\/|$)/.test(path)) return "Scim";
  if (path === "/federation") return action === "login" ? "ConsoleLogin" : "GetSigninToken";
  if (path === "/" && action === "AssumeRole") return "AssumeRole";
  return Object.hasOwn(PATHS, path) ? (PATHS[path] ?? "Unknown") : "Unknown";
}
