import { NO_ADMINISTRATOR } from "../administrator.ts";
import { idInArn } from "../aws/identity-center.ts";
import { findAccount, findPermissionSet, formatNear } from "../find.ts";
import { fail, ok, skip, type Step } from "../step.ts";

/** Step 9: the permission set. */
export const permissionSetStep: Step = {
  id: "permission-set",
  needs: ["instance"],
  async judge(state) {
    const { options, instance } = state;
    const { permissionSet: wanted, account } = options;
    if (wanted === undefined) return skip("no --permission-set given");
    if (instance === undefined) return skip(NO_ADMINISTRATOR);

    // The next step checks whether the account exists.
    const search = account === undefined ? undefined : await findAccount(instance.admin, account);
    const accountId = search?.kind === "found" ? search.account.accountId : undefined;
    const found = await findPermissionSet(instance, wanted, accountId);
    if (found.kind === "missing") {
      const [nearest] = found.near;
      const hint =
        nearest === undefined
          ? "AWS › IAM Identity Center › Permission sets › Create permission set"
          : `--permission-set ${nearest}`;
      const summary = `there is no permission set "${wanted}"${formatNear(found.near)}`;
      return fail("FED-PERMISSION-SET-MISSING", summary, hint, { evidence: { near: found.near } });
    }
    state.permissionSetArn = found.arn;
    return ok(`${wanted}  ${idInArn(found.arn)}`, { permissionSetArn: found.arn });
  },
};
