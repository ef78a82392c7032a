import { LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { differenceText, problemText } from "../aws-config/readers-text.ts";
import { table } from "../text/terminal.ts";
import { listProfiles, type ProfileList } from "../profiles/list.ts";

export default class Profiles extends LatchkeyCommand {
  static override summary = "List the profiles on this machine";
  static override description =
    "Also says where the AWS CLI can't read the file, and where it and the SDK for JavaScript read it differently.";
  static override aliases = ["configure:list-profiles"];
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --json",
  ];

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Profiles);
    const { terminal } = this.context;
    const list = listProfiles(this.context);
    this.print(
      flags.json,
      list.profiles.map(
        ({
          profile,
          form,
          session = null,
          accountId = null,
          roleName = null,
          region = null,
          managed,
        }) => ({ profile, form, session, accountId, roleName, region, managed }),
      ),
      () =>
        table(
          ["PROFILE", "FORM", "SESSION", "ACCOUNT", "ROLE", "REGION", "MANAGED"],
          list.profiles.map((row) => [
            row.profile,
            row.form,
            row.session ?? "",
            row.accountId ?? "",
            row.roleName ?? "",
            row.region ?? "",
            row.managed ? "yes" : "",
          ]),
          terminal.columns,
        ),
    );
    for (const words of notices(list, !flags.json)) terminal.say(`latchkey: notice: ${words}`);
    return EXIT.OK;
  }
}

const MOST_NOTICES = 10;

/** A script learns from the exit code and the value; what readers make of the file is for people. */
function notices({ file, problems, differences }: ProfileList, forPeople: boolean): string[] {
  const own = (forPeople ? differences() : []).filter(({ section }) => section !== "");
  const all = [
    ...problems.map((problem) => problemText(problem, file)),
    ...own.map((difference) => differenceText(difference, file)),
  ];
  return all.length <= MOST_NOTICES
    ? all
    : [...all.slice(0, MOST_NOTICES), `… and ${all.length - MOST_NOTICES} more of the kind`];
}
