import { TROUBLESHOOTING_DOCS, type Verdict } from "../report.ts";
import { readProfile } from "../../profiles/profile.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { listAllAccounts, listRolesOfAccount } from "../../access/list.ts";
import { readConfig } from "../../profiles/select.ts";
import { whoami } from "../../credentials/whoami.ts";
import type { Context } from "../../context.ts";
import type { Administrator } from "../administrator.ts";
import type { CheckState } from "../check-state.ts";
import { unlessDenied } from "../find.ts";
import { skip } from "./setup.ts";
import { findRecentReason } from "../why.ts";

/** Steps 11 and 12: what the portal shows to the person who is signed in, and who AWS says it is in the end. */

export async function portalStep(facts: CheckState): Promise<Verdict> {
  const { context, options } = facts;
  const { loginProfile, permissionSet } = options;
  if (loginProfile === undefined) return skip("no --login-profile given");
  if (options.account === undefined || permissionSet === undefined)
    return skip("no --account or no --permission-set given");
  const { session } = readProfile(readConfig(context), loginProfile);
  if (session === undefined) return skip(`the profile "${loginProfile}" has no SSO session`);
  const accounts = await listAllAccounts(context, session, () => undefined);
  const account = accounts.find(
    ({ accountId, accountName }) =>
      accountId === options.account || accountName === options.account,
  );
  const roles =
    account === undefined
      ? undefined
      : (await listRolesOfAccount(context, session, account.accountId)).map(
          ({ roleName }) => roleName,
        );
  const verdict = portalVerdict(account?.accountId ?? options.account, permissionSet, roles);
  if (verdict.status !== "fail" || !options.why || facts.admin === undefined) return verdict;
  return addReason(context, facts.admin, verdict);
}

async function addReason(
  context: Context,
  admin: Administrator,
  verdict: Verdict,
): Promise<Verdict> {
  const words = await unlessDenied(() => findRecentReason(context, admin, "login", () => true));
  if (words === undefined) return verdict;
  return {
    ...verdict,
    evidence: { ...verdict.evidence, trail: words },
    hint: [`CloudTrail: ${words}`, ...(verdict.hint ?? [])],
  };
}

export async function identityStep({ context, options, user }: CheckState): Promise<Verdict> {
  const { loginProfile, permissionSet } = options;
  if (loginProfile === undefined) return skip("no --login-profile given");
  if (options.account === undefined || permissionSet === undefined)
    return skip("no --account or no --permission-set given");
  const identity = await whoami(context, { profile: loginProfile });
  const accountId = options.account === identity.accountName ? identity.accountId : options.account;
  return identityVerdict(identity.arn, {
    accountId,
    permissionSet,
    userName: user?.userName ?? options.user,
    source: identity.sourceWords,
  });
}

/** What the person who is signed in finds in the access portal. */
function portalVerdict(
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
    docs: TROUBLESHOOTING_DOCS,
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
  const evidence = { arn };
  const common = { evidence, docs: TROUBLESHOOTING_DOCS };
  const match = RESERVED.exec(arn);
  if (match === null)
    return {
      status: "fail",
      code: "FED-IDENTITY-OTHER",
      summary: `${arn} comes from ${source}, not from Identity Center`,
      hint: [
        "Name a profile of the access portal with --login-profile (is AWS_ACCESS_KEY_ID set, or another credential source in the profile?)",
      ],
      ...common,
    };
  const [, , account = "", role = "", , session = ""] = match;
  if (account !== accountId || role !== permissionSet)
    return {
      status: "fail",
      code: "FED-IDENTITY-ROLE",
      summary: `these credentials are ${role} in ${account}, not ${permissionSet} in ${accountId}`,
      hint: [
        `Write a profile of that role: latchkey configure --account-id ${accountId} --role-name ${quoteShellWord(permissionSet)}`,
      ],
      ...common,
    };
  if (userName !== undefined && session !== userName)
    return {
      status: "warn",
      code: "FED-IDENTITY-USER",
      summary: `${arn} is the session of ${session}, not of ${userName}`,
      hint: ["Somebody else is signed in: latchkey logout, then latchkey login"],
      ...common,
    };
  return { status: "ok", summary: arn, evidence };
}
