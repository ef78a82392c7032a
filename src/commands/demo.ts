import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { runDemo, type DemoJson } from "../demo/demo.ts";

export default class Demo extends LatchkeyCommand<DemoJson> {
  static override summary = "Walk through everything against an emulated Identity Center";
  static override description =
    "Runs the whole journey in a temporary home that is removed afterwards. Your own AWS files are neither read nor written.";
  static override examples = examples("", [
    "See how a role that was taken away is reported",
    "--refused  # exit 5",
  ]);
  static override flags = {
    refused: Flags.boolean({
      description: "take the role away before the last step, which then exits with 5",
    }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Demo);
    const emulator = await startEmulator({ autoApprove: { afterPolls: 1 } });
    try {
      const findVerifiedCaller = () =>
        emulator.journal
          .entries()
          .findLast(({ route, status }) => route === "GetCallerIdentity" && status === 200)?.arn;
      const done = await runDemo(
        this.selectContext(flags.json),
        { ...emulator, findVerifiedCaller },
        flags,
      );
      if (flags.json) this.printJson(done);
    } finally {
      await emulator.close();
    }
    return EXIT.OK;
  }

  /** With JSON, drops the output of the steps, because stdout has only the one value at the end. */
  private selectContext(json: boolean): Context {
    const { terminal } = this.context;
    return json
      ? { ...this.context, terminal: { ...terminal, write: () => undefined } }
      : this.context;
  }
}
