import { NO_ADMINISTRATOR, hasAdministrator, openAdministrator } from "../administrator.ts";
import type { Instance } from "../aws/identity-center.ts";
import { findOrganizationInstance } from "../find.ts";
import { INSTANCE_DOCS } from "../places.ts";
import { findScimEndpoint } from "../scim/token.ts";
import { fail, ok, skip, type Step, type Verdict } from "../step.ts";

/** Step 3: the organization's instance of IAM Identity Center, and the administrator's access to it. */
export const instanceStep: Step = {
  id: "instance",
  async judge(state) {
    const { context, options } = state;
    if (options.scimOnly) return skip("AWS is not asked");
    if (!hasAdministrator(context, options.administrator)) return skip(NO_ADMINISTRATOR);

    const scim = findScimEndpoint(context, options.scimEndpoint);
    const admin = await openAdministrator(context, options.administrator, scim?.endpoint?.region);
    state.admin = admin;
    const instance = await findOrganizationInstance(admin);
    if (instance?.status === "ACTIVE") state.instance = instance;
    return instanceVerdict(instance, admin.region);
  },
};

function instanceVerdict(instance: Instance | undefined, region: string): Verdict {
  if (instance === undefined)
    return fail(
      "FED-NO-INSTANCE",
      `no instance in ${region}`,
      "Name the instance's home region with --region. If there is no instance, enable IAM Identity Center in the management account.",
      { docs: INSTANCE_DOCS },
    );
  const { arn, id, identityStoreId, ownerAccountId = null, status, statusReason } = instance;
  const evidence = { instanceArn: arn, identityStoreId, ownerAccountId, region };
  if (status !== "ACTIVE")
    return fail(
      "FED-INSTANCE-STATUS",
      `${id} is ${status}${statusReason === undefined ? "" : `: ${statusReason}`}`,
      "If it is in progress, wait. If it failed, see the console: IAM Identity Center › Dashboard",
      { evidence },
    );
  return ok(`${id} (${region})`, evidence);
}
