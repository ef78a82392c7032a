import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { runDemo, type DemoJson } from "../demo/demo.ts";
import { toEmulatorError } from "../demo/listen-error.ts";

export default class Demo extends LatchkeyCommand<DemoJson> {
  static override summary = "Try every step against an emulated Identity Center";
  static override description = prose(`
    Runs in a temporary home directory, which is removed afterwards. Your own AWS
    files are neither read nor written.
  `);
  static override examples = examples("", [
    "See the error for a role that was removed",
    "--refused  # exit 5",
  ]);
  static override flags = {
    refused: Flags.boolean({
      description: "remove the role before the last step, which then exits with 5",
    }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Demo);
    const emulator = await startEmulator({ autoApprove: { afterPolls: 1 } }).catch(
      (thrown: unknown) => {
        throw toEmulatorError(thrown);
      },
    );
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
