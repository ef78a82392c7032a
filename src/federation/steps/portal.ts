import { quoteShellWord } from "../../text/shell-words.ts";
import { listAccounts, listRolesOfAccount } from "../../access/list.ts";
import { readProfile } from "../../profiles/profile.ts";
import { readConfig } from "../../profiles/select.ts";
import { unlessDenied } from "../find.ts";
import { TROUBLESHOOTING_DOCS } from "../places.ts";
import {
  fail,
  ok,
  skip,
  type CheckState,
  type Evidence,
  type Step,
  type Verdict,
} from "../step.ts";
import { findRecentReason } from "../why.ts";

/** Step 11: whether the access portal lists the role for the person who is signed in. */
export const portalStep: Step = {
  id: "portal",
  needs: ["assignment", "member", "user"],
  async judge(state) {
    const { context, options } = state;
    const { account: wanted, loginProfile, permissionSet } = options;
    if (loginProfile === undefined) return skip("no --login-profile given");
    if (wanted === undefined || permissionSet === undefined)
      return skip("no --account or no --permission-set given");
    const { session } = readProfile(readConfig(context), loginProfile);
    if (session === undefined) return skip(`the profile "${loginProfile}" has no SSO session`);

    const { items: accounts } = await listAccounts(context, session, {});
    const account = accounts.find(
      ({ accountId, accountName }) => accountId === wanted || accountName === wanted,
    );
    if (account === undefined) {
      const evidence = { accountId: wanted, roles: null };
      return explainMissing(state, "FED-PORTAL-ACCOUNT", `the account ${wanted}`, evidence);
    }

    const { accountId } = account;
    const roles = (await listRolesOfAccount(context, session, accountId)).map(
      ({ roleName }) => roleName,
    );
    const what = `${permissionSet} in ${accountId}`;
    if (roles.includes(permissionSet)) return ok(`${what} is listed`, { accountId });
    return explainMissing(state, "FED-PORTAL-ROLE", what, { accountId, roles });
  },
};

async function explainMissing(
  state: CheckState,
  code: string,
  what: string,
  evidence: Evidence,
): Promise<Verdict> {
  const { loginProfile } = state.options;
  const trail = await unlessDenied(() => findRecentReason(state, "login", () => true));
  return fail(
    code,
    `the access portal does not list ${what} for the person who is signed in`,
    [
      ...(trail === undefined ? [] : [`CloudTrail: ${trail}`]),
      `See who is signed in: latchkey whoami${loginProfile === undefined ? "" : ` ${quoteShellWord(loginProfile)}`}`,
      "If it is another person: latchkey logout",
      "Then, as the right person: latchkey login",
      "A new assignment can take some minutes. In a multi-Region instance, each portal lists only its own accounts.",
    ],
    { evidence: { ...evidence, trail }, docs: TROUBLESHOOTING_DOCS },
  );
}
