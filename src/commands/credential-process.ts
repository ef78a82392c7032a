import { examples, LatchkeyCommand } from "../cli/command.ts";
import { toUnattended } from "../cli/real-context.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import {
  accountIdFlag,
  profileArg,
  roleFlags,
  roleNameFlag,
  toRoleFlags,
  toWords,
} from "../cli/flags.ts";
import { chooseByWords } from "../choice/words.ts";
import { printCredentials } from "../credentials/credential-process.ts";

export default class CredentialProcess extends LatchkeyCommand {
  static override summary = "Print role credentials as SDKs ask for them (credential_process)";
  static override description =
    "What `configure --form credential-process` writes into a profile for SDKs to run. Prints one JSON object, cached or freshly fetched; never opens a browser, never asks, and ends within 45 seconds.";
  static override examples = examples(
    "--profile okta",
    "111122223333/ViewOnlyAccess",
    "--sso-session corp --account-id 111122223333 --role-name ViewOnlyAccess",
  );
  static override args = { profile: profileArg };
  static override flags = {
    ...roleFlags,
    "account-id": accountIdFlag,
    "role-name": roleNameFlag,
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(CredentialProcess);
    const context = toUnattended(this.context);
    const words = toWords(args.profile);
    await printCredentials(
      context,
      await chooseByWords(context, words, toRoleFlags(flags), { isExact: true }),
    );
    return EXIT.OK;
  }
}
