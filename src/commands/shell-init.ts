import { Args } from "@oclif/core";
import { examples, StreamCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { installationLine, SHELLS, type Shell } from "../text/shell-words.ts";
import { completionScript } from "../completion/scripts.ts";
import { shellHook } from "../shell/hook.ts";

export default class ShellInit extends StreamCommand {
  static override summary = "Print what a shell evaluates so that `use` can switch its profile";
  static override description = `Put one line into the start file of your shell:\n${SHELLS.map((shell) => `${shell}, ${installationLine(shell).file}: ${installationLine(shell).line}`).join("\n")}\nIt defines \`latchkey\` as a function around the program (in PowerShell a hook beside it, and completion), and \`latchkey_prompt\`, which prints the profile and region for a prompt.`;
  static override examples = examples(
    ['In ~/.bashrc: eval "$(latchkey shell-init bash)"', "bash"],
    ["In ~/.config/fish/config.fish: latchkey shell-init fish | source", "fish"],
  );
  static override args = {
    shell: Args.string({
      description: "the shell that will evaluate it",
      options: [...SHELLS],
      required: true,
    }),
  };

  async run(): Promise<ExitCode> {
    const { args } = await this.parse(ShellInit);
    const shell = args.shell as Shell;
    const hook = shellHook(shell);
    // On one line (see powershell-hook.ts). The registered completion costs no time until Tab is pressed.
    const isPowershell = shell === "powershell";
    this.context.terminal.writeExact(
      isPowershell ? `${hook.trimEnd()}; ${completionScript(shell)}` : hook,
    );
    return EXIT.OK;
  }
}
