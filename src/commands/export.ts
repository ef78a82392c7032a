import { Flags } from "@oclif/core";
import { LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../model/credentials.ts";
import { profileWordsArg, roleFlags, toRoleFlags } from "../cli/flags.ts";
import { chooseByWords } from "../choice/words.ts";
import type { RoleFlags } from "../profiles/select.ts";
import { toUnattended } from "../cli/real-context.ts";
import { exportCredentials, writeCredentials } from "../credentials/export.ts";
import { formatInstant } from "../text/instant.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { isOnTerminal } from "../text/table.ts";
import { clockTime } from "../text/terminal.ts";

export interface ExportWriteJson {
  /** The new profile with the credentials, and the profile that they belong to. */
  readonly profile: string;
  readonly of: string;
  readonly credentialsFile: string;
  readonly expiresAt: string;
}

export default class Export extends LatchkeyCommand<ExportWriteJson> {
  static override summary = "Print credentials for a shell or a file";
  static override description = prose(`
    Formats are those of \`aws configure export-credentials\`, byte for byte, and:
    dotenv (with account id and region), credentials-file, and sts (as printed by
    \`aws sts assume-role\`; for coding agents). Anyone who can read the output can
    act as you until the credentials expire. --write is for tools that read only the
    credentials file. It writes a section of latchkey's own and changes no other
    line. \`latchkey profiles undo\` reverts the change.
  `);
  static override aliases = ["configure:export-credentials"];
  static override examples = [
    'eval "$(<%= config.bin %> <%= command.id %> okta --format env)" && aws sts get-caller-identity',
    {
      description: "In fish: latchkey export okta --format fish | source",
      command: "<%= config.bin %> <%= command.id %> okta --format fish",
    },
    "<%= config.bin %> <%= command.id %> okta",
    {
      description: "For a tool that reads only the credentials file",
      command: "<%= config.bin %> <%= command.id %> okta --write --as okta-keys --yes",
    },
  ];
  static override args = { profile: profileWordsArg };
  static override flags = {
    ...roleFlags,
    format: Flags.string({
      description: "output format (else process)",
      options: EXPORT_FORMATS,
      exclusive: ["json"],
    }),
    write: Flags.boolean({
      description: "write a separate profile to the credentials file",
      exclusive: ["format"],
    }),
    as: Flags.string({
      description: "profile that --write writes (else NAME-keys)",
      helpValue: "NAME",
      dependsOn: ["write"],
    }),
    yes: Flags.boolean({
      char: "y",
      description: "write without asking",
      dependsOn: ["write"],
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Export);
    const role = await chooseByWords(this.context, args.profile ?? [], toRoleFlags(flags));
    if (flags.write) {
      await this.write({ role, as: flags.as, yes: flags.yes }, flags.json);
      return EXIT.OK;
    }
    const format = flags.json ? "json" : ((flags.format ?? "process") as ExportFormat);
    // Like credential-process: some SDKs pass it their terminal, where users do not expect a question.
    const isForProgram = format === "process" && !isOnTerminal(this.context.terminal.stdout);
    const context = isForProgram ? toUnattended(this.context) : this.context;
    this.context.terminal.writeExact(await exportCredentials(context, role, format));
    return EXIT.OK;
  }

  private async write(
    request: {
      readonly role: RoleFlags;
      readonly as: string | undefined;
      readonly yes: boolean;
    },
    json: boolean,
  ): Promise<void> {
    const { terminal } = this.context;
    const show = (lines: readonly string[]): void => terminal.say(lines, "plan");
    const written = await writeCredentials(this.context, { ...request, show });
    const { profile, of, credentialsFile, expiresAt } = written;
    this.report(
      json,
      { profile, of, credentialsFile, expiresAt: formatInstant(expiresAt) },
      () =>
        `Wrote [${profile}] to ${credentialsFile}. Use it as AWS_PROFILE=${quoteShellWord(profile)} until ${clockTime(expiresAt, this.context.now())}; run this again for new ones.`,
    );
  }
}
