import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { changesText } from "../profiles/text.ts";
import type { Diagnosis } from "../doctor/findings.ts";
import { RULES_BY_SUBJECT } from "../doctor/rule-table.ts";
import { diagnosisText } from "../doctor/text.ts";
import { examine, mendConfig } from "../doctor/examine.ts";

/** Lines that fit on a screen. */
const MOST_LINES = 30;

export default class Doctor extends LatchkeyCommand<Diagnosis> {
  static override summary = "Say what is wrong with this machine's AWS set-up";
  static override description =
    "Looks at the config, the credentials file, the environment, tokens, file modes, the clock and the tools on PATH, and says of each finding which AWS client sees what and what cures it. Exits with 1 if something failed; with --strict also for a warning. All that is looked for: docs/doctor.md.";
  static override examples = examples("", "--json --strict", [
    "Mend what can be mended without changing what is meant; `profiles undo` takes it back",
    "--fix --yes",
  ]);
  static override flags = {
    all: Flags.boolean({ description: "show each place by itself, not one finding a kind" }),
    fix: Flags.boolean({ description: "mend the config where that is safe, then look again" }),
    strict: Flags.boolean({ description: "exit with 1 also for a warning" }),
    offline: Flags.boolean({ description: "ask no service: the clock is not compared" }),
    yes: Flags.boolean({
      char: "y",
      description: "do not ask before the config is changed",
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
