import { Args } from "@oclif/core";
import { examples, prose, StreamCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { installationLine, SHELLS, type Shell } from "../text/shell-words.ts";
import { completionScript } from "../completion/scripts.ts";
import { shellHook } from "../shell/hook.ts";

export default class ShellInit extends StreamCommand {
  static override summary = "Print the shell code that `latchkey use` needs";
  static override description = prose(`
    Add the line for your shell to its start file:

    ${SHELLS.map(formatInstallation).join("\n")}

    The code defines the function \`latchkey\`, which runs the program and applies
    the changes of \`use\` (in PowerShell: a hook and completion), and
    \`latchkey_prompt\`, which prints profile and region for a prompt.
  `);
  static override examples = examples(
    ['In ~/.bashrc: eval "$(latchkey shell-init bash)"', "bash"],
    ["In ~/.config/fish/config.fish: latchkey shell-init fish | source", "fish"],
  );
  static override args = {
    shell: Args.string({
      description: "your shell",
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

function formatInstallation(shell: Shell): string {
  const { file, line } = installationLine(shell);
  return `  ${shell}, ${file}: ${line}`;
}
