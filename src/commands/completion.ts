import { Args } from "@oclif/core";
import { examples, StreamCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { COMPLETION_SHELLS, completionScript } from "../completion/scripts.ts";

export default class Completion extends StreamCommand {
  static override summary = "Print what makes a shell complete latchkey's commands and your names";
  static override description =
    'Commands, flags, profiles, SSO sessions, and accounts and roles as `latchkey accounts` and `latchkey roles` listed them last; nothing is asked of AWS. bash: eval "$(latchkey completion bash)" in ~/.bashrc. zsh: eval "$(latchkey completion zsh)" in ~/.zshrc. fish: latchkey completion fish | source in ~/.config/fish/config.fish. PowerShell: the line of shell-init brings it along.';
  static override examples = examples("bash", "zsh", "fish");
  static override args = {
    shell: Args.string({
      options: [...COMPLETION_SHELLS],
      description: "your shell",
      required: true,
    }),
  };

  async run(): Promise<ExitCode> {
    const { args } = await this.parse(Completion);
    this.context.terminal.writeExact(completionScript(args.shell));
    return EXIT.OK;
  }
}
