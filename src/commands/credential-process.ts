import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
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
  static override summary = "Print role credentials as AWS SDKs read them";
  static override description = prose(`
    SDKs run this command for a profile that \`configure --form credential-process\`
    wrote. It prints one JSON object, from the cache or fetched from AWS. It never
    opens a browser, never asks a question, and ends within 45 seconds.
  `);
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
