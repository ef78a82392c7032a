/** The minimum IAM permissions of each `federation` command. A test compares them with the requests of the commands. */

export const POLICY_TOPICS = ["check", "access", "assign", "why"] as const;

type PolicyTopic = (typeof POLICY_TOPICS)[number];

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

/** Needed to find the instance, users, groups, permission sets and accounts by name. */
const FIND = [
  "sso:ListInstances",
  "sso:ListPermissionSets",
  "sso:DescribePermissionSet",
  "sso:ListPermissionSetsProvisionedToAccount",
  "sso:ListAccountAssignments",
  "organizations:DescribeOrganization",
  "organizations:DescribeAccount",
  "organizations:ListAccounts",
  "identitystore:GetUserId",
  "identitystore:DescribeUser",
  "identitystore:ListUsers",
  "identitystore:GetGroupId",
  "identitystore:DescribeGroup",
  "identitystore:ListGroups",
];

const NEEDS: Readonly<Record<PolicyTopic, readonly string[]>> = {
  check: [
    ...FIND,
    "identitystore:IsMemberInGroups",
    "identitystore:ListGroupMembershipsForMember",
    "cloudtrail:LookupEvents",
  ],
  access: [
    ...FIND,
    "sso:ListAccountAssignmentsForPrincipal",
    "identitystore:ListGroupMemberships",
    "identitystore:ListGroupMembershipsForMember",
  ],
  assign: [
    ...FIND,
    "sso:DescribeAccountAssignmentCreationStatus",
    "sso:DescribeAccountAssignmentDeletionStatus",
  ],
  why: ["cloudtrail:LookupEvents"],
};

/** One statement per service. */
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

/** Returns one policy for all topics. `scope` limits only actions that write: list actions support no resource but `*`. */
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

/**
 * An assignment involves three kinds of resources. A kind without a given resource becomes a wildcard. ARNs are
 * case-sensitive.
 */
function listResources(scope: PolicyScope): readonly string[] {
  const { accounts, instanceArn, permissionSetArns } = scope;
  const partition = instanceArn?.split(":")[1] ?? "aws";
  const instance = instanceArn?.split("/").at(-1) ?? "*";
  const own = `arn:${partition}:sso::`;
  const anySet = `${own}:permissionSet/${instance}/*`;
  return [
    ...(accounts.length === 0 ? ["*"] : accounts).map((account) => `${own}:account/${account}`),
    ...(permissionSetArns.length === 0 ? [anySet] : permissionSetArns),
    `${own}:instance/${instance}`,
  ];
}
