import { Args } from "@oclif/core";
import { LatchkeyCommand } from "../command.ts";
import { csv, duration, table } from "../domain/terminal-text.ts";
import { sessionLabel } from "../domain/sso-session.ts";
import { accountIdFlag, csvFlag, sessionChoice, sessionFlags } from "../flags.ts";
import { listRoles } from "../workflows/access.ts";
import { selectSession } from "../workflows/selection.ts";

export default class Roles extends LatchkeyCommand {
  static override summary = "List the roles that you hold, in one account or in all";
  static override aliases = ["sso:list-account-roles"];
  static override examples = ["<%= config.bin %> <%= command.id %>", "<%= config.bin %> <%= command.id %> 111122223333", "<%= config.bin %> <%= command.id %> payments --json"];
  static override args = { account: Args.string({ description: "account by its id, its name, or a part of its name that only one has" }) };
  static override flags = { ...sessionFlags, "account-id": accountIdFlag, csv: csvFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Roles);
    const { terminal } = this.context;
    const session = await selectSession(this.context, sessionChoice(flags));
    const started = this.context.monotonic();
    const roles = await listRoles(this.context, session, args.account ?? flags["account-id"], (done, total = done) =>
      terminal.progress(progressLine(done, total, (this.context.monotonic() - started) / 1000)),
    );
    terminal.progress("");
    const rows = roles.map(({ account, roleName }) => [account.accountId, account.accountName ?? "", roleName]);
    if (flags.csv) terminal.write(csv([["accountId", "accountName", "roleName"], ...rows]));
    else {
      this.print(flags.json, roles.map(({ account, roleName }) => ({ accountId: account.accountId, accountName: account.accountName ?? null, roleName })), () => table(["ACCOUNT", "NAME", "ROLE"], rows, terminal.columns));
      if (!flags.json) terminal.say(`${roles.length} ${roles.length === 1 ? "role" : "roles"} in ${sessionLabel(session)}`);
    }
  }
}

const BAR_COLUMNS = 20;

/** `Roles  ████████████░░░░░░░░  612/1000 accounts · 14/s · 28 s left` */
function progressLine(done: number, total: number, seconds: number): string {
  const filled = Math.round((BAR_COLUMNS * done) / Math.max(total, 1));
  const rate = done / Math.max(seconds, 0.001);
  const bar = "█".repeat(filled) + "░".repeat(BAR_COLUMNS - filled);
  return `Roles  ${bar}  ${done}/${total} accounts · ${rate.toFixed(0)}/s · ${duration((total - done) / rate)} left`;
}
