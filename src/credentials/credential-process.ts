import type { Context } from "../context.ts";
import { credentialProcessJson } from "../model/role.ts";
import { selectRole } from "../choice/select.ts";
import type { RoleFlags } from "../profiles/select.ts";
import { CREDENTIAL_PROCESS_BUDGET } from "../token/time-budget.ts";
import { roleCredentials } from "./role.ts";

/**
 * Prints role credentials in the format that SDKs expect of a credential_process.
 * @throws LatchkeyError as `selectRole` and `roleCredentials`
 */
export async function printCredentials(context: Context, flags: RoleFlags): Promise<void> {
  const request = await selectRole(context, flags);
  const credentials = await roleCredentials(context, request, CREDENTIAL_PROCESS_BUDGET);
  context.terminal.writeExact(credentialProcessJson(credentials));
}
