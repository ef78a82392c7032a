import { Args, Flags } from "@oclif/core";
import { accountsFlag, namesFlag, textFlag } from "../../cli/flags.ts";
import { LatchkeyCommand, examples } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { POLICY_TOPICS, buildPolicy, type Policy } from "../../federation/policy.ts";

export default class FederationPolicy extends LatchkeyCommand<Policy> {
  static override summary = "Print the least-privilege IAM policy for these commands";
  static override description =
    "For one of them, or for all. Read-only unless --write, which `federation assign` needs; --account, --instance-arn and --permission-set-arn bound what may be written.";
  static override examples = examples("check", "assign --write --account 111122223333");
  static override args = {
    command: Args.string({
      description: "the command it is for (else all)",
      options: [...POLICY_TOPICS],
    }),
  };
  static override flags = {
    write: Flags.boolean({ description: "also allow giving and removing assignments" }),
    account: accountsFlag("ID", "12-digit account that may be written to"),
    "instance-arn": textFlag("ARN", "the instance"),
    "permission-set-arn": namesFlag("ARN", "permission set that may be given"),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(FederationPolicy);
    const topics = POLICY_TOPICS.filter(
      (topic) => args.command === undefined || topic === args.command,
    );
    const policy = buildPolicy(topics, flags.write, {
      accounts: flags.account ?? [],
      instanceArn: flags["instance-arn"],
      permissionSetArns: flags["permission-set-arn"] ?? [],
    });
    this.printJson(policy);
    return EXIT.OK;
  }
}
