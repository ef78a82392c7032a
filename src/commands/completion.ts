import { Args } from "@oclif/core";
import { examples, prose, StreamCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { COMPLETION_SHELLS, completionScript } from "../completion/scripts.ts";

export default class Completion extends StreamCommand {
  static override summary = "Print the shell code that completes commands and names";
  static override description = prose(`
    Completes commands, flags, profiles, SSO sessions, and the accounts and roles
    that \`latchkey accounts\` and \`latchkey roles\` listed last. Completion sends no
    requests to AWS. Add the line for your shell to its start file:

      bash  ~/.bashrc                   eval "$(latchkey completion bash)"
      zsh   ~/.zshrc                    eval "$(latchkey completion zsh)"
      fish  ~/.config/fish/config.fish  latchkey completion fish | source

    In PowerShell, the line of \`latchkey shell-init powershell\` includes completion.
  `);
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
