import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { differenceText, problemText } from "../profiles/text.ts";
import { formatFlags } from "../cli/format-flags.ts";
import { checkFormatFlags, type AwsOutput, type ColumnsOf, type RowJson } from "../cli/output.ts";
import { listEntriesByWords } from "../choice/choices.ts";
import type { Entry } from "../choice/entry.ts";
import { formatLines } from "../text/terminal.ts";
import { listProfiles, type ProfileList } from "../profiles/list.ts";

const COLUMNS = {
  profile: { header: "PROFILE", value: ({ profile = null }) => profile },
  form: { header: "FORM", rank: 5, value: ({ form }) => form },
  session: { header: "SESSION", rank: 3, value: ({ session = null }) => session },
  accountId: { header: "ACCOUNT", rank: 2, value: ({ accountId = null }) => accountId },
  roleName: { header: "ROLE", rank: 1, value: ({ roleName = null }) => roleName },
  region: { header: "REGION", rank: 4, value: ({ region = null }) => region },
  managed: {
    header: "MANAGED",
    value: ({ managed }) => managed,
    text: ({ managed }) => (managed ? "yes" : ""),
  },
} satisfies ColumnsOf<Entry>;

export type ProfileJson = RowJson<typeof COLUMNS>;

export default class Profiles extends LatchkeyCommand<ProfileJson[]> {
  static override summary = "List the profiles on this machine";
  static override description = prose(`
    Also reports where the AWS CLI can't read the file, and where the AWS CLI and
    the SDKs read it differently. --all adds the roles without a profile from the
    last listing. The picker of \`use\` shows the same profiles and roles.
  `);
  static override aliases = ["configure:list-profiles", "profiles:list", "profiles:ls"];
  static override examples = examples(
    "",
    ["Those that match all words, in any order", "okta view"],
    "--json",
    ["Also the roles that have no profile", "--all"],
    [
      "The names of the profiles in an account, one per line",
      "--query \"[?accountId=='111122223333'].[profile]\" --output text",
    ],
  );
  static override args = {
    profile: Args.string({
      description: "words of a profile's name, account, role, session or region",
      multiple: true,
    }),
  };
  static override flags = {
    all: Flags.boolean({
      description: "also list the roles without a profile, from the last listing",
    }),
    ...formatFlags,
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Profiles);
    checkFormatFlags(flags);
    const { terminal } = this.context;
    const words = args.profile ?? [];
    if (flags.all) {
      await this.printRows(COLUMNS, listEntriesByWords(this.context, words), { flags });
      return EXIT.OK;
    }
    const list = listProfiles(this.context, words);
    await this.printRows(COLUMNS, list.profiles, { flags, aws: toAwsOutput(list) });
    for (const words of listNotices(list, this.isForPeople(flags)))
      terminal.say(`latchkey: notice: ${words}`);
    return EXIT.OK;
  }
}

const MOST_NOTICES = 10;

/** Differences between clients are shown only to people; scripts use the exit code and the value. */
function listNotices(
  { file, problems, findDifferences }: ProfileList,
  forPeople: boolean,
): string[] {
  const own = (forPeople ? findDifferences() : []).filter(({ section }) => section !== "");
  const all = [
    ...problems.map((problem) => problemText(problem, file)),
    ...own.map((difference) => differenceText(difference, file)),
  ];
  return all.length <= MOST_NOTICES
    ? all
    : [...all.slice(0, MOST_NOTICES), `… and ${all.length - MOST_NOTICES} more of the kind`];
}

/** Returns the output of `aws configure list-profiles`: the names in file order. */
function toAwsOutput({ profiles }: ProfileList): AwsOutput {
  const value = profiles.map(({ profile }) => profile);
  const text = formatLines(value);
  return { value, text };
}
