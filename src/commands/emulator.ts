import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { wrapUnknown, type ExitCode } from "../errors.ts";
import { startEmulator, type Emulator } from "../emulator/emulator.ts";
import { toEmulatorError } from "../demo/listen-error.ts";

/** The line printed when the emulator is ready. */
export type EmulatorJson = Pick<Emulator, "url" | "startUrl" | "region" | "env">;

export default class EmulatorCommand extends LatchkeyCommand {
  static override summary = "Run a local IAM Identity Center on 127.0.0.1";
  static override description = prose(`
    Emulates sso-oidc, the access portal, STS and the sign-in endpoint, with an
    organization that is generated from a seed. Prints one JSON line when it is
    ready, and runs until you interrupt it. docs/emulator.md describes its HTTP
    controls under /_emu/.
  `);
  static override examples = examples([
    "50 accounts with 3 roles each; sign-ins are approved automatically",
    "--accounts 50 --roles 3 --auto-approve  # exit 130",
  ]);
  static override flags = {
    port: Flags.integer({
      description: "port to listen on; 0 for any free one",
      default: 0,
      min: 0,
      max: 65535,
    }),
    accounts: Flags.integer({
      description: "accounts in the organization",
      default: 3,
      min: 1,
      max: 10_000,
    }),
    roles: Flags.integer({ description: "roles in each account", default: 2, min: 1, max: 50 }),
    seed: Flags.string({
      description: "seed that the organization is generated from",
      default: "latchkey",
    }),
    "auto-approve": Flags.boolean({ description: "approve every sign-in at its first poll" }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(EmulatorCommand);
    const emulator = await startEmulator({
      port: flags.port,
      org: { accounts: flags.accounts, roles: flags.roles, seed: flags.seed },
      ...(flags["auto-approve"] ? { autoApprove: { afterPolls: 1 } } : {}),
    }).catch((thrown: unknown) => {
      throw toEmulatorError(thrown, flags.port);
    });
    const { url, startUrl, region, env } = emulator;
    const ready: EmulatorJson = { url, startUrl, region, env };
    this.context.terminal.writeJson(ready, 0);
    try {
      for (;;) await this.context.sleep(2 ** 30);
    } catch (thrown) {
      // An interruption is the normal end, so it is no error, but it has its own exit code.
      await emulator.close();
      return wrapUnknown(thrown).exitCode;
    }
  }
}
