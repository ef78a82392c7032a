import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import type { ColumnsOf, RowJson } from "../../cli/output.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import {
  listChanges,
  undoLastChange,
  type ListedChange,
  type UndoSummary,
} from "../../profiles/change/undo.ts";
import { formatInstant } from "../../text/instant.ts";
import { clockTime } from "../../text/terminal.ts";

export interface UndoJson {
  readonly restored: boolean;
  /** Path of the version that was restored; null if there was no file before, or nothing to restore. */
  readonly from: string | null;
}

export type UndoStepJson = RowJson<ReturnType<typeof stepColumns>>;

const STATES: Readonly<Record<ListedChange["state"], string>> = {
  undoable: "can be taken back",
  changed: "no: somebody else has changed the file since",
  "no-backup": "no: the version before is gone",
};

export default class ProfilesUndo extends LatchkeyCommand<UndoJson | UndoStepJson[]> {
  static override summary = "Undo latchkey's last change to the AWS config";
  static override description = prose(`
    Restores the file byte for byte. Run it again to undo the change before that;
    the last ten changes can be undone. A change by \`export --write\` is undone in
    its section of the credentials file only. --list shows these changes with time
    and command, the last one first. If another program has changed the file since,
    nothing is restored, and the exit code is 2. There is no redo. At a terminal,
    undo shows the difference and asks.
  `);
  static override examples = examples("--list", "--yes", "--yes --json");
  static override flags = {
    list: Flags.boolean({
      description: "show what can be undone, and change nothing",
      exclusive: ["yes"],
    }),
    yes: Flags.boolean({ char: "y", description: "undo without asking" }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(ProfilesUndo);
    if (flags.list) await this.printSteps(flags.json);
    else await this.undo(flags);
    return EXIT.OK;
  }

  private async printSteps(json: boolean): Promise<void> {
    const { terminal, now } = this.context;
    const { file, steps } = listChanges(this.context);
    if (json || steps.length > 0)
      await this.printRows(stepColumns(now()), steps, { flags: { json } });
    else terminal.say(`Nothing to put back in ${file}.`);
  }

  private async undo({ yes, json }: { yes: boolean; json: boolean }): Promise<void> {
    const { terminal } = this.context;
    const summary = await undoLastChange(this.context, {
      yes,
      show: (lines) => terminal.say(truncateDiff(lines), "diff"),
    });
    if (json) this.printJson({ restored: summary.restored, from: summary.from });
    else terminal.say(summaryText(summary));
  }
}

function stepColumns(now: Date) {
  return {
    at: {
      header: "WHEN",
      value: ({ at }) => formatInstant(at),
      text: ({ at }) => clockTime(at, now),
    },
    command: { header: "COMMAND", value: ({ command }) => command },
    /** Path of the previous version; null if the file was empty or did not exist. */
    from: { value: ({ backup = null }) => backup },
    state: { header: "UNDO", value: ({ state }) => state, text: ({ state }) => STATES[state] },
  } satisfies ColumnsOf<ListedChange>;
}

function summaryText({ restored, from, left, file, section }: UndoSummary): string {
  if (section !== undefined)
    return `Put back: [${section.name}] in ${file} is ${section.isGone ? "gone" : "as it was before"}.`;
  if (restored)
    return from === null
      ? `Put back: ${file} is as empty as before.`
      : `Put back: ${file} is as it was before (${from}).`;
  return left === undefined
    ? `Nothing to put back in ${file}.`
    : `Nothing to put back in ${file}: its last change was made by an older latchkey. The version before that change is in ${left}.`;
}

const MOST_LINES = 40;

function truncateDiff(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines`];
}
