import type { Assignment, DirectoryGroup, OrganizationAccount } from "../aws/identity-center.ts";
import { TROUBLESHOOTING_DOCS, type Evidence, type Verdict } from "../report.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { LatchkeyError, hasCode } from "../../errors.ts";
import type { Administrator } from "../administrator.ts";
import type { CheckState } from "../check-state.ts";
import { findPermissionSet, requireAccount } from "../find.ts";
import { skip } from "./setup.ts";

/** Steps 9 and 10: the permission set, and its assignment. */

export async function permissionSetStep(facts: CheckState): Promise<Verdict> {
  const { options, admin, instance } = facts;
  if (options.permissionSet === undefined) return skip("no --permission-set given");
  if (admin === undefined || instance === undefined) return skip("no AWS credentials (--profile)");
  const found = await findPermissionSet(
    admin,
    instance,
    options.permissionSet,
    await findAccountId(facts),
  );
  if ("near" in found) {
    const near = found.near.length > 0 ? ` (near: ${found.near.join(", ")})` : "";
    return {
      status: "fail",
      code: "FED-PERMISSION-SET-MISSING",
      summary: `there is no permission set "${options.permissionSet}"${near}`,
      evidence: { near: found.near },
      hint:
        found.near.length > 0
          ? [`--permission-set ${found.near[0]}`]
          : ["AWS › IAM Identity Center › Permission sets › Create permission set"],
    };
  }
  facts.permissionSetArn = found.arn;
  return {
    status: "ok",
    summary: `${options.permissionSet}  ${found.arn.split("/").at(-1)}`,
    evidence: { permissionSetArn: found.arn },
  };
}

/** For the search alone: whether the account exists is the next step's to judge. */
async function findAccountId({ admin, options }: CheckState): Promise<string | undefined> {
  const { account } = options;
  if (admin === undefined || account === undefined) return undefined;
  const found = await findAccountOrRefusal(admin, account);
  return found instanceof LatchkeyError ? undefined : found.accountId;
}

async function findAccountOrRefusal(
  admin: Administrator,
  wanted: string,
): Promise<OrganizationAccount | LatchkeyError> {
  try {
    return await requireAccount(admin, wanted);
  } catch (thrown) {
    if (hasCode(thrown, "NOT_FOUND", "USAGE")) return thrown;
    throw thrown;
  }
}

export async function assignmentStep(facts: CheckState): Promise<Verdict> {
  const { options, admin, instance, group, permissionSetArn } = facts;
  if (options.account === undefined) return skip("no --account given");
  if (admin === undefined || instance === undefined) return skip("no AWS credentials (--profile)");
  if (group === undefined || permissionSetArn === undefined || options.permissionSet === undefined)
    return skip("no group or no permission set to look for");
  const account = await findAccountOrRefusal(admin, options.account);
  if (account instanceof LatchkeyError)
    return {
      status: "fail",
      code: "FED-ACCOUNT-MISSING",
      summary: account.message,
      hint: account.hint === undefined ? [] : [account.hint],
    };
  const { listAssignments } = await import("../aws/instance.ts");
  const assignments = await listAssignments(
    admin.connect("SSO_ADMIN"),
    instance.arn,
    account.accountId,
    permissionSetArn,
  );
  const isAssigned = assignments.some(({ principal }) => principal.id === group.id);
  const gone = isAssigned ? [] : await findGoneGroups(admin, instance.identityStoreId, assignments);
  return assignmentVerdict({
    group,
    permissionSet: options.permissionSet,
    account,
    assignments,
    gone,
  });
}

/** Groups that hold an assignment and are no longer in the directory. */
async function findGoneGroups(
  admin: Administrator,
  storeId: string,
  assignments: readonly Assignment[],
): Promise<string[]> {
  const { describeGroup } = await import("../aws/directory.ts");
  const gone: string[] = [];
  for (const { principal } of assignments) {
    if (
      principal.type === "GROUP" &&
      (await describeGroup(admin.connect("IDENTITYSTORE"), storeId, principal.id)) === undefined
    )
      gone.push(principal.id);
  }
  return gone;
}

interface AssignmentFacts {
  readonly group: DirectoryGroup;
  readonly permissionSet: string;
  readonly account: OrganizationAccount;
  readonly assignments: readonly Assignment[];
  /** Ids of groups that are assigned and no longer exist. */
  readonly gone: readonly string[];
}

function assignmentVerdict(facts: AssignmentFacts): Verdict {
  const { group, permissionSet, account, assignments, gone } = facts;
  const commandFor = (principal: string): string =>
    `latchkey federation assign ${principal} --permission-set ${quoteShellWord(permissionSet)} --account ${account.accountId}`;
  const command = commandFor(`--group ${quoteShellWord(group.displayName)}`);
  const evidence = {
    accountId: account.accountId,
    groupId: group.id,
    principals: assignments.map(({ principal }) => principal.id),
    gone,
  };
  if (account.state === "SUSPENDED")
    return fail(
      "FED-ACCOUNT-CLOSED",
      `the account ${account.accountId} is closed (SUSPENDED): nobody can sign in to it`,
      ["Use another account, or reopen it with AWS Support."],
      evidence,
    );
  if (assignments.some(({ principal }) => principal.type === "GROUP" && principal.id === group.id))
    return {
      status: "ok",
      summary: `${permissionSet} on ${account.accountId} to ${group.displayName}`,
      evidence,
    };
  const [stale] = gone;
  if (stale !== undefined)
    return fail(
      "FED-ASSIGNMENT-STALE",
      `assigned to the deleted group ${stale}; the current one is ${group.id}`,
      [
        "The group was deleted and made again: remove the old assignment, then assign again:",
        commandFor(`--remove --group ${stale}`),
        command,
      ],
      evidence,
    );
  const summary = `${permissionSet} is not assigned to ${group.displayName} on ${account.accountId}`;
  return fail("FED-ASSIGNMENT-MISSING", summary, [command], evidence);
}

function fail(code: string, summary: string, hint: readonly string[], evidence: Evidence): Verdict {
  return {
    status: "fail",
    code,
    summary,
    evidence,
    hint,
    docs: TROUBLESHOOTING_DOCS,
  };
}
