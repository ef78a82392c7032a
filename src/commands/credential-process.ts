import { examples, LatchkeyCommand } from "../cli/command.ts";
import { toUnattended } from "../cli/real-context.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import {
  accountIdFlag,
  profileFlag,
  roleNameFlag,
  toSessionFlags,
  ssoSessionFlag,
} from "../cli/flags.ts";
import { printCredentials } from "../credentials/credential-process.ts";

export default class CredentialProcess extends LatchkeyCommand {
  static override summary = "Print role credentials as SDKs ask for them (credential_process)";
  static override description =
    "What `configure --form credential-process` writes into a profile for SDKs to run. Prints one JSON object, cached or freshly fetched; never opens a browser, never asks, and ends within 45 seconds.";
  static override examples = examples(
    "--profile okta",
    "--sso-session corp --account-id 111122223333 --role-name ViewOnlyAccess",
  );
  static override flags = {
    profile: profileFlag,
    "sso-session": ssoSessionFlag,
    "account-id": accountIdFlag,
    "role-name": roleNameFlag,
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(CredentialProcess);
    await printCredentials(toUnattended(this.context), {
      ...toSessionFlags(flags),
      accountId: flags["account-id"],
      roleName: flags["role-name"],
    });
    return EXIT.OK;
  }
}
