import { shellWord } from "../../model/sso-session.ts";
import type {
  Assignment,
  DirectoryGroup,
  DirectoryUser,
  OrganizationAccount,
} from "../aws/identity-center.ts";
import type { Verdict } from "../report.ts";

/** What the directory and the assignments say, judged: each cause has one verdict, with the act that cures it. */

const APP = "Okta admin › Applications › AWS IAM Identity Center";
const DOCS_PUSH =
  "https://help.okta.com/oie/en-us/content/topics/users-groups-profiles/usgp-group-push-troubleshoot.htm";
const DOCS_TROUBLE =
  "https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html";

/** @param near names that are nearly the wanted one. @param words CloudTrail's reason for a failed push, if it was asked. */
export function missingUserVerdict(
  wanted: string,
  near: readonly string[],
  source: string,
  words: string | undefined,
): Verdict {
  return {
    status: "fail",
    code: "FED-USER-MISSING",
    summary: `user "${wanted}" is not in IAM Identity Center${near.length > 0 ? ` (near: ${near.join(", ")})` : ""}`,
    evidence: { source, near, ...(words === undefined ? {} : { trail: words }) },
    hint: [
      ...(words === undefined ? [] : [`CloudTrail: ${words}`]),
      `${APP} › Assignments: assign the app to the user, or to a group that holds the user`,
      `${APP} › Provisioning › To App: Create Users on; first name, last name and display name filled`,
      "Okta admin › Dashboard › Tasks: retry what failed",
    ],
    docs: DOCS_TROUBLE,
  };
}

export function userVerdict(wanted: string, user: DirectoryUser, source: string): Verdict {
  const evidence = { userId: user.id, userName: user.userName, source };
  if (!user.isActive) {
    return {
      status: "fail",
      code: "FED-USER-DISABLED",
      summary: `user "${user.userName}" is disabled`,
      evidence,
      hint: [`${APP} › Assignments: assign the user again, or reactivate the user in Okta`],
      docs: DOCS_TROUBLE,
    };
  }
  if (user.userName !== wanted) {
    return {
      status: "warn",
      code: "FED-USER-CASE",
      summary: `the user is stored as "${user.userName}", not as "${wanted}"`,
      evidence,
      hint: [
        "The NameID that Okta sends must equal the stored userName byte by byte: make the two the same in Okta, and push again.",
      ],
      docs: DOCS_TROUBLE,
    };
  }
  if (user.missingNames.length > 0) {
    return {
      status: "warn",
      code: "FED-USER-NAMES",
      summary: `${user.userName}  ${user.id}, without ${user.missingNames.join(", ")}`,
      evidence,
      hint: ["AWS refuses a push with one of these empty: fill them in Okta's profile."],
      docs: DOCS_TROUBLE,
    };
  }
  return { status: "ok", summary: `${user.userName}  ${user.id}`, evidence };
}

/** @param duplicate CloudTrail's words, where a push failed because the name is taken. */
export function missingGroupVerdict(
  wanted: string,
  user: DirectoryUser | undefined,
  near: readonly string[],
  source: string,
  duplicate: string | undefined,
): Verdict {
  const evidence = {
    source,
    near,
    ...(user === undefined ? {} : { userId: user.id }),
    ...(duplicate === undefined ? {} : { trail: duplicate }),
  };
  const nearby = near.length > 0 ? ` (near: ${near.join(", ")})` : "";
  if (duplicate !== undefined) {
    return {
      status: "fail",
      code: "FED-GROUP-DUPLICATE-NAME",
      summary: `group "${wanted}" could not be pushed: ${duplicate}${nearby}`,
      evidence,
      hint: [
        `${APP} › Push Groups: link the push to the existing group instead of creating one, or rename one of the two`,
      ],
      docs: DOCS_PUSH,
    };
  }
  const who = user === undefined ? "" : "user present but ";
  return {
    status: "fail",
    code: "FED-GROUP-NOT-PUSHED",
    summary: `${who}group "${wanted}" missing${nearby}: configure Push Groups`,
    evidence,
    hint: [
      `${APP} › Push Groups › Find groups by name › push "${wanted}" immediately`,
      "Assigning the app to the group provisions its users only. Use a separate group for pushing.",
    ],
    docs: DOCS_PUSH,
  };
}

/** @param wantsProvisioned whether groups should come from the identity provider. */
export function groupVerdict(
  group: DirectoryGroup,
  source: string,
  wantsProvisioned: boolean,
): Verdict {
  const evidence = { groupId: group.id, provisioned: group.isProvisioned ?? null, source };
  if (wantsProvisioned && group.isProvisioned === false) {
    return {
      status: "fail",
      code: "FED-GROUP-NOT-PROVISIONED",
      summary: `group "${group.displayName}" was made by hand (or by Control Tower), not by SCIM`,
      evidence,
      hint: [
        `${APP} › Push Groups: link the push to the existing group, or delete it in AWS before pushing and assign again after`,
        "If groups are made by hand on purpose: --provisioning manual",
      ],
      docs: DOCS_PUSH,
    };
  }
  return { status: "ok", summary: `${group.displayName}  ${group.id}`, evidence };
}

export function memberVerdict(
  isMember: boolean,
  userName: string,
  groupName: string,
  source: string,
): Verdict {
  if (isMember)
    return { status: "ok", summary: `${userName} is in ${groupName}`, evidence: { source } };
  return {
    status: "fail",
    code: "FED-NOT-MEMBER",
    summary: `${userName} is not in ${groupName}`,
    evidence: { source },
    hint: [
      "Okta doesn't support the same group for app assignment and Group Push: push a second group that holds the same people, then push again.",
      "Check that the user is active in Okta and assigned to the app.",
    ],
    docs: DOCS_PUSH,
  };
}

interface AssignmentFacts {
  readonly group: DirectoryGroup;
  readonly permissionSet: string;
  readonly account: OrganizationAccount;
  readonly assignments: readonly Assignment[];
  /** Ids of groups that are assigned and no longer exist. */
  readonly gone: readonly string[];
}

export function assignmentVerdict({
  group,
  permissionSet,
  account,
  assignments,
  gone,
}: AssignmentFacts): Verdict {
  const commandFor = (principal: string): string =>
    `latchkey federation assign ${principal} --permission-set ${shellWord(permissionSet)} --account ${account.accountId}`;
  const command = commandFor(`--group ${shellWord(group.displayName)}`);
  const evidence = {
    accountId: account.accountId,
    groupId: group.id,
    principals: assignments.map(({ principal }) => principal.id),
    gone,
  };
  if (account.state === "SUSPENDED")
    return {
      status: "fail",
      code: "FED-ACCOUNT-CLOSED",
      summary: `the account ${account.accountId} is closed (SUSPENDED): nobody can sign in to it`,
      evidence,
      hint: ["Use another account, or reopen it with AWS Support."],
      docs: DOCS_TROUBLE,
    };
  if (assignments.some(({ principal }) => principal.type === "GROUP" && principal.id === group.id))
    return {
      status: "ok",
      summary: `${permissionSet} on ${account.accountId} to ${group.displayName}`,
      evidence,
    };
  const [stale] = gone;
  if (stale !== undefined) {
    return {
      status: "fail",
      code: "FED-ASSIGNMENT-STALE",
      summary: `assigned to the deleted group ${stale}; the current one is ${group.id}`,
      evidence,
      hint: [
        "The group was deleted and made again: remove the old assignment, then assign again:",
        commandFor(`--remove --group ${stale}`),
        command,
      ],
      docs: DOCS_TROUBLE,
    };
  }
  return {
    status: "fail",
    code: "FED-ASSIGNMENT-MISSING",
    summary: `${permissionSet} is not assigned to ${group.displayName} on ${account.accountId}`,
    evidence,
    hint: [command],
    docs: DOCS_TROUBLE,
  };
}

/** What the person who is signed in finds in the access portal. */
export function portalVerdict(
  accountId: string,
  permissionSet: string,
  roles: readonly string[] | undefined,
): Verdict {
  if (roles?.includes(permissionSet) === true)
    return {
      status: "ok",
      summary: `${permissionSet} in ${accountId} is listed`,
      evidence: { accountId },
    };
  const [code, what] =
    roles === undefined
      ? (["FED-PORTAL-ACCOUNT", `the account ${accountId}`] as const)
      : (["FED-PORTAL-ROLE", `${permissionSet} in ${accountId}`] as const);
  return {
    status: "fail",
    code,
    summary: `the access portal does not list ${what} for the person who is signed in`,
    evidence: { accountId, roles: roles ?? null },
    hint: [
      "Signed in as somebody else? latchkey whoami tells; then latchkey logout and latchkey login",
      "A new assignment can take some minutes, and each portal of a multi-Region instance shows its own.",
    ],
    docs: DOCS_TROUBLE,
  };
}

const RESERVED =
  /^arn:(aws[\w-]*):sts::(\d{12}):assumed-role\/AWSReservedSSO_(.+)_([0-9a-f]{16})\/(.+)$/;

interface ExpectedIdentity {
  readonly accountId: string;
  readonly permissionSet: string;
  readonly userName: string | undefined;
  /** Where the credentials came from, for people. */
  readonly source: string;
}

/** Names of permission sets may hold `_`, so the hex suffix is the last one. */
export function identityVerdict(
  arn: string,
  { accountId, permissionSet, userName, source }: ExpectedIdentity,
): Verdict {
  const match = RESERVED.exec(arn);
  const evidence = { arn };
  if (match === null)
    return {
      status: "fail",
      code: "FED-IDENTITY-OTHER",
      summary: `${arn} comes from ${source}, not from Identity Center`,
      evidence,
      hint: [
        "Name a profile of the access portal with --login-profile (is AWS_ACCESS_KEY_ID set, or another credential source in the profile?)",
      ],
      docs: DOCS_TROUBLE,
    };
  const [, , account = "", role = "", , session = ""] = match;
  if (account !== accountId || role !== permissionSet) {
    return {
      status: "fail",
      code: "FED-IDENTITY-ROLE",
      summary: `these credentials are ${role} in ${account}, not ${permissionSet} in ${accountId}`,
      evidence,
      hint: [
        `Write a profile of that role: latchkey configure --account-id ${accountId} --role-name ${shellWord(permissionSet)}`,
      ],
      docs: DOCS_TROUBLE,
    };
  }
  if (userName !== undefined && session !== userName)
    return {
      status: "warn",
      code: "FED-IDENTITY-USER",
      summary: `${arn} is the session of ${session}, not of ${userName}`,
      evidence,
      hint: ["Somebody else is signed in: latchkey logout, then latchkey login"],
      docs: DOCS_TROUBLE,
    };
  return { status: "ok", summary: arn, evidence };
}
