/** The administrator's services, by their IAM prefix: how X-Amz-Target names them, and their operations. */
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

/** An administrator's operation, named as the IAM action that it needs. */
export type AdminRoute<S extends AdminService = AdminService> = {
  [K in S]: `${K}:${(typeof ADMIN_SERVICES)[K]["operations"][number]}`;
}[S];

export type ServiceName = "oidc" | "portal" | "sts" | "sign-in" | "scim" | "admin";

/** The other operations: whose they are, and their path where it tells. */
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

/** Every operation that the emulator knows, as the journal and the faults name it. */
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

/** `action` is the `Action` parameter, which alone tells the operations of one path apart. */
export function findRoute(path: string, action: string | null, target?: string): Route {
  if (target !== undefined) return TARGETS.get(target) ?? "Unknown";
  if (/^\/[^/]+\/scim\/v2(\/|$)/.test(path)) return "Scim";
  if (path === "/federation" && action === "login") return "ConsoleLogin";
  if (path === "/" && /^AssumeRole(WithWebIdentity)?$/.test(action ?? "")) return "AssumeRole";
  return PATHS.get(path) ?? "Unknown";
}
