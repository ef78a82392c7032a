import { Flags } from "@oclif/core";
import { examples, StreamCommand } from "../cli/command.ts";
import type { ExitCode } from "../errors.ts";
import { parseExecArguments, rejoinWords } from "../shell/exec-arguments.ts";
import { profileArg, regionFlag, roleFlags, toRoleFlags, toWords } from "../cli/flags.ts";
import { chooseByWords } from "../choice/words.ts";
import { SPLIT_WORDS } from "../model/aws-environment.ts";
import { execute, refuseCommandAsName } from "../shell/exec.ts";

export default class Exec extends StreamCommand {
  static override summary = "Run a command with a profile's credentials in its environment";
  static override description =
    "Everything from the command's name on belongs to the command, as does everything after `--`; flags of latchkey come before it. The command owns the streams, the signals and the exit code (128 + signal where one ended it; 127 where it was not found). It gets the credentials, their end, and the region in both variables; AWS_PROFILE and all other variables that select an identity are removed. No shell is in between. Without a command your shell is started with the credentials; exit ends it. What an error of the command means: latchkey explain.";
  static override usage =
    "exec [PROFILE|ACCOUNT/ROLE] [--server] [--region REGION] [--] [COMMAND…]";
  static override examples = examples(
    "okta aws s3 ls",
    ["A role that has no profile", "payments-prod/ViewOnlyAccess aws s3 ls"],
    ["A shell with the credentials", "okta"],
    ["A long job: credentials from an endpoint that renews them", "okta --server terraform apply"],
    "okta -- sh -c 'echo $AWS_REGION'",
  );
  static override args = { profile: profileArg };
  static override flags = {
    ...roleFlags,
    region: regionFlag,
    server: Flags.boolean({
      description:
        "give the command an endpoint on 127.0.0.1 that renews the credentials, instead of their values",
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
