import { Flags } from "@oclif/core";
import { examples, StreamCommand } from "../cli/command.ts";
import type { ExitCode } from "../errors.ts";
import { parseExecArguments } from "../shell/exec-arguments.ts";
import { profileArg, profileFlag, regionFlag, toWords } from "../cli/flags.ts";
import { nameProfile } from "../profiles/typed.ts";
import { execute } from "../shell/exec.ts";

export default class Exec extends StreamCommand {
  static override summary = "Run a command with a profile's credentials in its environment";
  static override description =
    "The command comes after `--` and owns the streams, the signals and the exit code (128 + signal where one ended it; 127 where it was not found). It sees the credentials, when they end, and the region in both variables; AWS_PROFILE and whatever else speaks of another identity is taken away. No shell is in between.";
  static override usage = "exec [PROFILE] [--server] [--region REGION] -- COMMAND…";
  static override examples = examples(
    "okta -- aws s3 ls",
    [
      "A long job: credentials from an endpoint that renews them",
      "okta --server -- terraform apply",
    ],
    "okta -- sh -c 'echo $AWS_REGION'",
  );
  static override args = { profile: profileArg };
  static override flags = {
    profile: profileFlag,
    region: regionFlag,
    server: Flags.boolean({
      description:
        "give the command an endpoint on 127.0.0.1 that renews the credentials, instead of their values",
    }),
  };

  async run(): Promise<ExitCode> {
    const { own, command } = parseExecArguments(this.argv);
    const { args, flags } = await this.parse(Exec, [...own]);
    return execute(this.context, {
      profile: await nameProfile(this.context, toWords(args.profile), flags),
      region: flags.region,
      server: flags.server,
      command,
    });
  }
}
