/** The administrator services by IAM prefix, with their name in X-Amz-Target and their operations. */
const ADMIN_SERVICES = {
  sso: {
    target: "SWBExternalService",
    operations: [
      "ListInstances",
      "ListPermissionSets",
      "DescribePermissionSet",
      "ListPermissionSetsProvisionedToAccount",
      "ListAccountAssignments",
      "ListAccountAssignmentsForPrincipal",
      "CreateAccountAssignment",
      "DeleteAccountAssignment",
      "DescribeAccountAssignmentCreationStatus",
      "DescribeAccountAssignmentDeletionStatus",
    ],
  },
  identitystore: {
    target: "AWSIdentityStore",
    operations: [
      "GetUserId",
      "DescribeUser",
      "ListUsers",
      "GetGroupId",
      "DescribeGroup",
      "ListGroups",
      "IsMemberInGroups",
      "ListGroupMemberships",
      "ListGroupMembershipsForMember",
    ],
  },
  organizations: {
    target: "AWSOrganizationsV20161128",
    operations: ["DescribeOrganization", "ListAccounts", "DescribeAccount"],
  },
  cloudtrail: { target: "CloudTrail_20131101", operations: ["LookupEvents"] },
} as const;

type AdminService = keyof typeof ADMIN_SERVICES;

/** An operation of an administrator service; its name is the IAM action that it requires. */
export type AdminRoute<S extends AdminService = AdminService> = {
  [K in S]: `${K}:${(typeof ADMIN_SERVICES)[K]["operations"][number]}`;
}[S];

export type ServiceName = "oidc" | "portal" | "sts" | "sign-in" | "scim" | "admin";

/** The other operations with their service, and their path if the path identifies them. */
const OPERATIONS = {
  RegisterClient: { service: "oidc", path: "/client/register" },
  StartDeviceAuthorization: { service: "oidc", path: "/device_authorization" },
  CreateToken: { service: "oidc", path: "/token" },
  Authorize: { service: "oidc", path: "/authorize" },
  DevicePage: { service: "oidc", path: "/start/device" },
  Unknown: { service: "oidc" },
  ListAccounts: { service: "portal", path: "/assignment/accounts" },
  ListAccountRoles: { service: "portal", path: "/assignment/roles" },
  GetRoleCredentials: { service: "portal", path: "/federation/credentials" },
  Logout: { service: "portal", path: "/logout" },
  GetCallerIdentity: { service: "sts", path: "/" },
  AssumeRole: { service: "sts" },
  GetSigninToken: { service: "sign-in", path: "/federation" },
  ConsoleLogin: { service: "sign-in" },
  Scim: { service: "scim" },
} as const satisfies Readonly<Record<string, { service: ServiceName; path?: string }>>;

/** The name of an operation, in the journal and in faults. */
export type Route = keyof typeof OPERATIONS | AdminRoute;

const TARGETS = new Map<string, AdminRoute>(
  Object.entries(ADMIN_SERVICES).flatMap(([prefix, { target, operations }]) =>
    operations.map((name) => [`${target}.${name}`, `${prefix}:${name}` as AdminRoute]),
  ),
);
const PATHS = new Map<string, Route>(
  Object.entries(OPERATIONS).flatMap(([route, operation]) =>
    "path" in operation ? [[operation.path, route as Route]] : [],
  ),
);
export const ROUTES: readonly Route[] = [
  ...(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[]),
  ...TARGETS.values(),
];

export function findService(route: Route): ServiceName {
  return route in OPERATIONS ? OPERATIONS[route as keyof typeof OPERATIONS].service : "admin";
}

/** Returns the route. `action` is the `Action` parameter: operations with the same path differ only in it. */
export function findRoute(path: string, action: string | null, target?: string): Route {
  if (target !== undefined) return TARGETS.get(target) ?? "Unknown";
  if (/^\/[^/]+\/scim\/v2(\/|$)/.test(path)) return "Scim";
  if (path === "/federation" && action === "login") return "ConsoleLogin";
  if (path === "/" && /^AssumeRole(WithWebIdentity)?$/.test(action ?? "")) return "AssumeRole";
  return PATHS.get(path) ?? "Unknown";
}
