import { Args } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { formatFlags } from "../cli/format-flags.ts";
import { checkFormatFlags, type ColumnsOf, type RowJson } from "../cli/output.ts";
import { listConfiguredSessions, type ConfiguredSession } from "../profiles/list.ts";

const COLUMNS = {
  /** The session's name; null for the session keys of legacy profiles. */
  session: { header: "SESSION", value: ({ name = null }) => name },
  startUrl: { header: "START URL", rank: 1, value: ({ startUrl = null }) => startUrl },
  region: { header: "REGION", rank: 2, value: ({ region = null }) => region },
  /** Number of profiles that use it. */
  profiles: { header: "PROFILES", value: ({ profiles }) => profiles.length },
} satisfies ColumnsOf<ConfiguredSession>;

export type SessionJson = RowJson<typeof COLUMNS>;

export default class Sessions extends LatchkeyCommand<SessionJson[]> {
  static override summary = "List the SSO sessions of the AWS config";
  static override description = prose(`
    Shows the values of each session in the config, and how many profiles use it.
    For the sign-in state, run \`latchkey status\`. Words filter the list.
  `);
  static override aliases = ["sessions:list", "sessions:ls"];
  static override examples = examples("", "corp", "--json");
  static override args = {
    word: Args.string({
      description: "words of the session's name or start URL",
      multiple: true,
    }),
  };

  static override flags = formatFlags;

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Sessions);
    const words = args.word ?? [];
    checkFormatFlags(flags);
    const { terminal } = this.context;
    const { file, sessions } = listConfiguredSessions(this.context, words);
    await this.printRows(COLUMNS, sessions, { flags });
    if (sessions.length === 0 && this.isForPeople(flags))
      terminal.say(
        words.length === 0
          ? `No SSO session in ${file} yet. Set one up: latchkey configure`
          : `No SSO session in ${file} has ${words.join(" ")}.`,
      );
    return EXIT.OK;
  }
}
