import type { Assignment, OrganizationAccount } from "../aws/identity-center.ts";
import type { Verdict } from "../report.ts";
import { assignmentVerdict, identityVerdict, portalVerdict } from "./verdicts.ts";
import { readProfile } from "../../profiles/profile.ts";
import { LatchkeyError } from "../../errors.ts";
import { listAccounts, rolesOfAccount } from "../../access/list.ts";
import { readConfig } from "../../profiles/select.ts";
import { whoami } from "../../credentials/whoami.ts";
import type { Administrator } from "../administrator.ts";
import type { Facts } from "../check-state.ts";
import { findPermissionSet, requiredAccount, whereAllowed } from "../find.ts";
import { skipped } from "./setup.ts";
import { recentReason } from "../why.ts";

/** Steps 9 to 12: the permission set, its assignment, what the portal shows, and who AWS says it is in the end. */

export async function permissionSetStep(facts: Facts): Promise<Verdict> {
  const { options, admin, instance } = facts;
  if (options.permissionSet === undefined) return skipped("no --permission-set given");
  if (admin === undefined || instance === undefined)
    return skipped("no AWS credentials (--profile)");
  const found = await findPermissionSet(
    admin,
    instance,
    options.permissionSet,
    await accountIdOf(facts),
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
async function accountIdOf({ admin, options }: Facts): Promise<string | undefined> {
  const { account } = options;
  if (admin === undefined || account === undefined) return undefined;
  const found = await accountOrRefusal(admin, account);
  return found instanceof LatchkeyError ? undefined : found.accountId;
}

async function accountOrRefusal(
  admin: Administrator,
  wanted: string,
): Promise<OrganizationAccount | LatchkeyError> {
  try {
    return await requiredAccount(admin, wanted);
  } catch (thrown) {
    if (thrown instanceof LatchkeyError && (thrown.code === "NOT_FOUND" || thrown.code === "USAGE"))
      return thrown;
    throw thrown;
  }
}

export async function assignmentStep(facts: Facts): Promise<Verdict> {
  const { options, admin, instance, group, permissionSetArn } = facts;
  if (options.account === undefined) return skipped("no --account given");
  if (admin === undefined || instance === undefined)
    return skipped("no AWS credentials (--profile)");
  if (group === undefined || permissionSetArn === undefined || options.permissionSet === undefined)
    return skipped("no group or no permission set to look for");
  const account = await accountOrRefusal(admin, options.account);
  if (account instanceof LatchkeyError)
    return {
      status: "fail",
      code: "FED-ACCOUNT-MISSING",
      summary: account.message,
      hint: account.hint === undefined ? [] : [account.hint],
    };
  const { listAssignments } = await import("../aws/instance.ts");
  const assignments = await listAssignments(
    admin.connection("SSO_ADMIN"),
    instance.arn,
    account.accountId,
    permissionSetArn,
  );
  const isAssigned = assignments.some(({ principal }) => principal.id === group.id);
  const gone = isAssigned ? [] : await goneGroups(admin, instance.identityStoreId, assignments);
  return assignmentVerdict({
    group,
    permissionSet: options.permissionSet,
    account,
    assignments,
    gone,
  });
}

/** Groups that hold an assignment and are no longer in the directory. */
async function goneGroups(
  admin: Administrator,
  storeId: string,
  assignments: readonly Assignment[],
): Promise<string[]> {
  const { describeGroup } = await import("../aws/directory.ts");
  const gone: string[] = [];
  for (const { principal } of assignments) {
    if (
      principal.type === "GROUP" &&
      (await describeGroup(admin.connection("IDENTITYSTORE"), storeId, principal.id)) === undefined
    )
      gone.push(principal.id);
  }
  return gone;
}

export async function portalStep(facts: Facts): Promise<Verdict> {
  const { context, options } = facts;
  const { loginProfile, permissionSet } = options;
  if (loginProfile === undefined) return skipped("no --login-profile given");
  if (options.account === undefined || permissionSet === undefined)
    return skipped("no --account or no --permission-set given");
  const { session } = readProfile(readConfig(context), loginProfile);
  if (session === undefined) return skipped(`the profile "${loginProfile}" has no SSO session`);
  const accounts = await listAccounts(context, session, () => undefined);
  const account = accounts.find(
    ({ accountId, accountName }) =>
      accountId === options.account || accountName === options.account,
  );
  const roles =
    account === undefined
      ? undefined
      : (await rolesOfAccount(context, session, account.accountId)).map(({ roleName }) => roleName);
  const verdict = portalVerdict(account?.accountId ?? options.account, permissionSet, roles);
  if (verdict.status !== "fail" || !options.why || facts.admin === undefined) return verdict;
  const { admin } = facts;
  const words = await whereAllowed(() => recentReason(context, admin, "login", () => true));
  return words === undefined
    ? verdict
    : {
        ...verdict,
        evidence: { ...verdict.evidence, trail: words },
        hint: [`CloudTrail: ${words}`, ...(verdict.hint ?? [])],
      };
}

export async function identityStep({ context, options, user }: Facts): Promise<Verdict> {
  const { loginProfile, permissionSet } = options;
  if (loginProfile === undefined) return skipped("no --login-profile given");
  if (options.account === undefined || permissionSet === undefined)
    return skipped("no --account or no --permission-set given");
  const identity = await whoami(context, { profile: loginProfile });
  const accountId = options.account === identity.accountName ? identity.accountId : options.account;
  return identityVerdict(identity.arn, {
    accountId,
    permissionSet,
    userName: user?.userName ?? options.user,
    source: identity.sourceWords,
  });
}
