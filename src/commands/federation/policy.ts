import { Args, Flags } from "@oclif/core";
import { accountsFlag, namesFlag, textFlag } from "../../cli/flags.ts";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { POLICY_TOPICS, buildPolicy, type Policy } from "../../federation/policy.ts";

export default class FederationPolicy extends LatchkeyCommand<Policy> {
  static override summary = "Print the IAM policy that federation commands need";
  static override description = prose(`
    Prints a least-privilege policy for one command, or for all. It is read-only
    unless you give --write, which \`federation assign\` needs. --account,
    --instance-arn and --permission-set-arn limit what may be written.
  `);
  static override examples = examples("check", "assign --write --account 111122223333");
  static override args = {
    command: Args.string({
      description: "command that needs the policy (else all)",
      options: [...POLICY_TOPICS],
    }),
  };
  static override flags = {
    write: Flags.boolean({ description: "also allow granting and removing assignments" }),
    account: accountsFlag("ID", "account id to allow writes to"),
    "instance-arn": textFlag("ARN", "instance to allow writes to"),
    "permission-set-arn": namesFlag("ARN", "permission set that may be granted"),
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
