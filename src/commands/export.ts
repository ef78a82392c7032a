import { Flags } from "@oclif/core";
import { LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../model/credentials.ts";
import { profileFlag, profileWordsArg } from "../cli/flags.ts";
import { nameProfile } from "../profiles/typed.ts";
import { toUnattended } from "../cli/real-context.ts";
import { exportCredentials } from "../credentials/export.ts";

export default class Export extends LatchkeyCommand {
  static override summary = "Print credentials for a shell or a file";
  static override description =
    "The formats of `aws configure export-credentials`, byte for byte, and three more: dotenv (with the account id and the region), credentials-file, and sts (as `aws sts assume-role` prints them; coding agents want it). Whoever can read the output can act as you until the credentials end.";
  static override aliases = ["configure:export-credentials"];
  static override examples = [
    'eval "$(<%= config.bin %> <%= command.id %> okta --format env)" && aws sts get-caller-identity',
    {
      description: "In fish: latchkey export okta --format fish | source",
      command: "<%= config.bin %> <%= command.id %> okta --format fish",
    },
    "<%= config.bin %> <%= command.id %> okta",
  ];
  static override args = { profile: profileWordsArg };
  static override flags = {
    profile: profileFlag,
    format: Flags.string({
      description: "how to print them (else process)",
      options: EXPORT_FORMATS,
      exclusive: ["json"],
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Export);
    const request = {
      profile: await nameProfile(this.context, args.profile ?? [], flags),
    };
    const format = flags.json ? "json" : ((flags.format ?? "process") as ExportFormat);
    // As a credential_process of its own: some SDKs hand it their terminal, and nobody expects a question there.
    const isForProgram = format === "process" && this.context.terminal.stdout.columns === Infinity;
    const context = isForProgram ? toUnattended(this.context) : this.context;
    this.context.terminal.write(await exportCredentials(context, request, format));
    return EXIT.OK;
  }
}
