/** The least that each `federation` command needs of IAM. A test compares it with the calls that are really made. */

type PolicyTopic = "check" | "access" | "assign" | "why";

export const POLICY_TOPICS: readonly PolicyTopic[] = ["check", "access", "assign", "why"];

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

type Needs = Readonly<
  Record<"instance" | "directory" | "organization" | "trail", readonly string[]>
>;

const RESOLVE = [
  "sso:ListInstances",
  "sso:ListPermissionSets",
  "sso:DescribePermissionSet",
  "sso:ListPermissionSetsProvisionedToAccount",
  "sso:ListAccountAssignments",
];
const ORGANIZATION = [
  "organizations:DescribeOrganization",
  "organizations:DescribeAccount",
  "organizations:ListAccounts",
];
const FIND = [
  "identitystore:GetUserId",
  "identitystore:DescribeUser",
  "identitystore:ListUsers",
  "identitystore:GetGroupId",
  "identitystore:DescribeGroup",
  "identitystore:ListGroups",
];

const NEEDS: Readonly<Record<PolicyTopic, Needs>> = {
  check: {
    instance: RESOLVE,
    directory: [
      ...FIND,
      "identitystore:IsMemberInGroups",
      "identitystore:ListGroupMembershipsForMember",
    ],
    organization: ORGANIZATION,
    trail: ["cloudtrail:LookupEvents"],
  },
  access: {
    instance: [...RESOLVE, "sso:ListAccountAssignmentsForPrincipal"],
    directory: [
      ...FIND,
      "identitystore:ListGroupMemberships",
      "identitystore:ListGroupMembershipsForMember",
    ],
    organization: ORGANIZATION,
    trail: [],
  },
  assign: {
    instance: [
      ...RESOLVE,
      "sso:DescribeAccountAssignmentCreationStatus",
      "sso:DescribeAccountAssignmentDeletionStatus",
    ],
    directory: FIND,
    organization: ORGANIZATION,
    trail: [],
  },
  why: { instance: [], directory: [], organization: [], trail: ["cloudtrail:LookupEvents"] },
};

interface PolicyScope {
  /** Empty: any account. */
  readonly accounts: readonly string[];
  readonly instanceArn: string | undefined;
  readonly permissionSetArns: readonly string[];
}

/** One policy for all the topics. `scope` bounds what is written; reading needs `*`, since lists have no resource. */
export function buildPolicy(
  topics: readonly PolicyTopic[],
  write: boolean,
  scope: PolicyScope,
): Policy {
  const listNeeds = (part: keyof Needs): string[] =>
    [...new Set(topics.flatMap((topic) => NEEDS[topic][part]))].toSorted();
  const read: ReadonlyArray<readonly [string, string[]]> = [
    ["IdentityCenterRead", listNeeds("instance")],
    ["DirectoryRead", listNeeds("directory")],
    ["OrganizationRead", listNeeds("organization")],
    ["WhyRead", listNeeds("trail")],
  ];
  const statements: Statement[] = read
    .filter(([, actions]) => actions.length > 0)
    .map(([Sid, Action]) => ({ Sid, Effect: "Allow", Action, Resource: "*" }));
  if (!write) return { Version: "2012-10-17", Statement: statements };
  return {
    Version: "2012-10-17",
    Statement: [
      ...statements,
      {
        Sid: "AssignmentWrite",
        Effect: "Allow",
        Action: ["sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"],
        Resource: listResources(scope),
      },
    ],
  };
}

/** An assignment touches three kinds of resource: each is named, or any of its kind. ARNs are case-sensitive. */
function listResources({
  accounts,
  instanceArn,
  permissionSetArns,
}: PolicyScope): readonly string[] {
  const partition = instanceArn?.split(":")[1] ?? "aws";
  const instance = instanceArn?.split("/").at(-1) ?? "*";
  return [
    ...(accounts.length === 0
      ? [`arn:${partition}:sso:::account/*`]
      : accounts.map((account) => `arn:${partition}:sso:::account/${account}`)),
    ...(permissionSetArns.length === 0
      ? [`arn:${partition}:sso:::permissionSet/${instance}/*`]
      : permissionSetArns),
    `arn:${partition}:sso:::instance/${instance}`,
  ];
}
