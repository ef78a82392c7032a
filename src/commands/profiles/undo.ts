import { Flags } from "@oclif/core";
import { LatchkeyCommand } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { undoLastChange } from "../../profiles/undo.ts";

export interface UndoJson {
  readonly restored: boolean;
  /** Path of the version that was put back; null where there was no file, or nothing to put back. */
  readonly from: string | null;
}

export default class ProfilesUndo extends LatchkeyCommand<UndoJson> {
  static override summary = "Put the AWS config back as it was before latchkey's last change";
  static override description =
    "Takes back the last `profiles sync`, `configure` or `configure session`, byte by byte, if nobody else has changed the file since; else it names the lines that would be lost and exits 2. One change can be taken back: a second undo has nothing to put back. At a terminal it shows the difference and asks.";
  static override examples = [
    "<%= config.bin %> <%= command.id %> --yes",
    "<%= config.bin %> <%= command.id %> --yes --json",
  ];
  static override flags = {
    yes: Flags.boolean({ char: "y", description: "put it back without asking" }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(ProfilesUndo);
    const { terminal } = this.context;
    const { restored, from, configFile } = await undoLastChange(this.context, {
      yes: flags.yes,
      show: (diff) => terminal.say(truncateDiff(diff)),
    });
    if (flags.json) this.printJson({ restored, from });
    else if (!restored) terminal.say(`Nothing to put back in ${configFile}.`);
    else
      terminal.say(
        from === null
          ? `Put back: ${configFile} is as empty as before.`
          : `Put back: ${configFile} is as it was before (${from}).`,
      );
    return EXIT.OK;
  }
}

const MOST_LINES = 40;

function truncateDiff(diff: string): string {
  const lines = diff.trimEnd().split("\n");
  return lines.length <= MOST_LINES
    ? lines.join("\n")
    : [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines`].join("\n");
}
