import { Flags } from "@oclif/core";
import { examples, prose, StreamCommand } from "../cli/command.ts";
import type { ExitCode } from "../errors.ts";
import { parseExecArguments, rejoinWords } from "../shell/exec-arguments.ts";
import { profileArg, regionFlag, roleFlags, toRoleFlags, toWords } from "../cli/flags.ts";
import { chooseByWords } from "../choice/words.ts";
import { SPLIT_WORDS } from "../model/aws-environment.ts";
import { execute, refuseCommandAsName } from "../shell/exec.ts";

export default class Exec extends StreamCommand {
  static override summary = "Run a command with a profile's credentials";
  static override description = prose(`
    The command gets the credentials, their expiry, AWS_REGION and
    AWS_DEFAULT_REGION. All other variables that select an identity, such as
    AWS_PROFILE, are removed. No shell runs in between. Without a command, your
    shell starts.

    Flags of latchkey come before the command. Everything after the command's name,
    or after \`--\`, belongs to it. The exit code is the command's: 128 + signal if a
    signal ended it, 127 if it was not found. For AWS errors, see \`latchkey explain\`.
  `);
  static override usage = "exec [PROFILE|ACCOUNT/ROLE] [FLAGS] [--] [COMMAND…]";
  static override examples = examples(
    "okta aws s3 ls",
    ["A role that has no profile", "payments-prod/ViewOnlyAccess aws s3 ls"],
    ["A shell with the credentials", "okta"],
    ["A long job: the credentials are renewed while it runs", "okta --server terraform apply"],
    "okta -- sh -c 'echo $AWS_REGION'",
  );
  static override args = { profile: profileArg };
  static override flags = {
    ...roleFlags,
    region: regionFlag,
    server: Flags.boolean({
      description: "serve the credentials on 127.0.0.1 and renew them",
    }),
  };

  async run(): Promise<ExitCode> {
    const argv = rejoinWords(this.argv, this.context.env[SPLIT_WORDS]);
    const all = { ...Exec.baseFlags, ...Exec.flags };
    const { own, command, doubtful } = parseExecArguments(argv, all);
    if (doubtful !== undefined) refuseCommandAsName(this.context, doubtful, argv);
    const { args, flags } = await this.parse(Exec, [...own]);
    return execute(this.context, {
      role: await chooseByWords(this.context, toWords(args.profile), toRoleFlags(flags)),
      region: flags.region,
      server: flags.server,
      command,
    });
  }
}
