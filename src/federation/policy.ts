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

const FIND_ALL = [...RESOLVE, ...FIND, ...ORGANIZATION];

const NEEDS: Readonly<Record<PolicyTopic, readonly string[]>> = {
  check: [
    ...FIND_ALL,
    "identitystore:IsMemberInGroups",
    "identitystore:ListGroupMembershipsForMember",
    "cloudtrail:LookupEvents",
  ],
  access: [
    ...FIND_ALL,
    "sso:ListAccountAssignmentsForPrincipal",
    "identitystore:ListGroupMemberships",
    "identitystore:ListGroupMembershipsForMember",
  ],
  assign: [
    ...FIND_ALL,
    "sso:DescribeAccountAssignmentCreationStatus",
    "sso:DescribeAccountAssignmentDeletionStatus",
  ],
  why: ["cloudtrail:LookupEvents"],
};

/** A statement for each service. */
const READ_STATEMENTS: ReadonlyArray<readonly [sid: string, prefix: string]> = [
  ["IdentityCenterRead", "sso:"],
  ["DirectoryRead", "identitystore:"],
  ["OrganizationRead", "organizations:"],
  ["WhyRead", "cloudtrail:"],
];

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
  const needs = [...new Set(topics.flatMap((topic) => NEEDS[topic]))].toSorted();
  const statements = READ_STATEMENTS.flatMap(([Sid, prefix]): Statement[] => {
    const Action = needs.filter((action) => action.startsWith(prefix));
    return Action.length === 0 ? [] : [{ Sid, Effect: "Allow", Action, Resource: "*" }];
  });
  if (write)
    statements.push({
      Sid: "AssignmentWrite",
      Effect: "Allow",
      Action: ["sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"],
      Resource: listResources(scope),
    });
  return { Version: "2012-10-17", Statement: statements };
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
