import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { changesText } from "../profiles/text.ts";
import type { Diagnosis } from "../doctor/findings.ts";
import { RULES_BY_SUBJECT } from "../doctor/rule-table.ts";
import { diagnosisText } from "../doctor/text.ts";
import { examine, mendConfig } from "../doctor/examine.ts";

/** Lines that fit on a screen. */
const MOST_LINES = 30;

export default class Doctor extends LatchkeyCommand<Diagnosis> {
  static override summary = "Find what is wrong with this machine's AWS set-up";
  static override description = prose(`
    Checks the config, the credentials file, the environment, tokens, file modes,
    the clock and the tools on PATH. For each finding it prints what each AWS
    client sees, and the fix. Exits with 1 if a check failed; with --strict also
    for a warning. All checks are listed in docs/doctor.md.
  `);
  static override examples = examples("", "--json --strict", [
    "Make only fixes that keep the meaning; `profiles undo` reverts them",
    "--fix --yes",
  ]);
  static override flags = {
    all: Flags.boolean({ description: "show every place, not one finding of each kind" }),
    fix: Flags.boolean({ description: "fix the config where that is safe, then check again" }),
    strict: Flags.boolean({ description: "exit with 1 also for a warning" }),
    offline: Flags.boolean({ description: "make no requests: the clock is not checked" }),
    yes: Flags.boolean({
      char: "y",
      description: "change the config without asking",
      dependsOn: ["fix"],
    }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Doctor);
    const { terminal } = this.context;
    if (flags.fix)
      await mendConfig(this.context, {
        yes: flags.yes,
        show: (changes, file) => terminal.say(changesText(changes, file), "plan"),
      });
    const { offline, all } = flags;
    const diagnosis = await examine(this.context, { offline, all });
    this.print(
      flags.json,
      diagnosis,
      () => diagnosisText(RULES_BY_SUBJECT, diagnosis, all ? undefined : MOST_LINES),
      "checks",
    );
    const failed = !diagnosis.ok || (flags.strict && diagnosis.findings.length > 0);
    return failed ? EXIT.FAILED : EXIT.OK;
  }
}
