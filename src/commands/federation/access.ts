import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import {
  checkFormatFlags,
  createRowFormatter,
  formatCsv,
  formatCsvRows,
  toJsonRows,
  type Columns,
} from "../../cli/output.ts";
import { accountsFlag, administratorFlags, csvFlag, namesFlag } from "../../cli/flags.ts";
import { formatFlags } from "../../cli/format-flags.ts";
import { listAccess, type AccessRow } from "../../federation/access.ts";
import { openAdministrator } from "../../federation/administrator.ts";
import { plural } from "../../text/terminal.ts";
import { resultJson, type ResultJson } from "../../federation/report.ts";

export interface AccessJson extends ResultJson {
  readonly rows: readonly AccessRow[];
}

const COLUMNS: Columns<AccessRow, AccessRow> = {
  userName: {
    header: "USER",
    rank: 1,
    leastWidth: 28,
    value: ({ userName }) => userName,
    text: userText,
  },
  userId: { value: ({ userId }) => userId },
  accountId: { header: "ACCOUNT", rank: 4, leastWidth: 12, value: ({ accountId }) => accountId },
  accountName: { header: "NAME", rank: 3, leastWidth: 18, value: ({ accountName }) => accountName },
  permissionSet: {
    header: "PERMISSION SET",
    rank: 2,
    leastWidth: 20,
    value: ({ permissionSet }) => permissionSet,
  },
  via: { header: "VIA", rank: 0, leastWidth: 16, value: ({ via }) => via, text: routeText },
  principalId: { value: ({ principalId }) => principalId },
  note: { value: ({ note }) => note },
};

/** CSV has the table's columns first, then the others. */
const { userId, principalId, note, ...SHOWN } = COLUMNS;
const CSV_COLUMNS: typeof COLUMNS = { ...SHOWN, userId, principalId, note };

export default class FederationAccess extends LatchkeyCommand<AccessJson> {
  static override summary = "List who can use which account, and through which group";
  static override description = prose(`
    Prints each row as soon as it is found, with user, group, account and permission
    set. A filter may be given several times: a row must match one value of each
    filter. An assignment of a deleted or empty group is listed without a user.
  `);
  static override examples = examples(
    "",
    "--user ada.okta@example.com",
    "--account payments-prod --csv",
  );
  static override flags = {
    ...administratorFlags,
    user: namesFlag("NAME", "only this user"),
    group: namesFlag("NAME", "only through this group"),
    account: accountsFlag("ACCOUNT", "only this account, by id or name"),
    "permission-set": namesFlag("NAME", "only with this permission set"),
    csv: csvFlag,
    ...formatFlags,
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(FederationAccess);
    checkFormatFlags(flags);
    const { terminal } = this.context;
    const admin = await openAdministrator(this.context, flags);
    const filters = {
      users: flags.user,
      groups: flags.group,
      accounts: flags.account,
      permissionSets: flags["permission-set"],
    };
    const isWhole = !this.isForPeople(flags);
    const formatRow = flags.csv
      ? (row: AccessRow) => formatCsvRows(CSV_COLUMNS, [row], terminal.stdout)
      : createRowFormatter(COLUMNS, terminal.stdout);
    const found: AccessRow[] = [];
    let count = 0;
    if (flags.csv) terminal.write(formatCsv(CSV_COLUMNS, [], terminal.stdout));
    for await (const row of listAccess(admin, filters)) {
      count += 1;
      if (isWhole) found.push(row);
      else terminal.write(formatRow(row));
      terminal.showProgress(`${count} rows`);
    }
    terminal.clearProgress();
    const value = resultJson(EXIT.OK, { rows: toJsonRows(COLUMNS, found) });
    if (isWhole) await this.printFormatted(flags, value, () => "");
    this.saySummary(flags, plural(count, "row"));
    return EXIT.OK;
  }
}

const NOTES = { deleted: "(deleted)", empty: "(nobody in it)" } as const;

function userText({ userName, userId, note }: AccessRow): string {
  return userName ?? userId ?? (note === null ? "" : NOTES[note]);
}

function routeText({ via, principalId, note }: AccessRow): string {
  return via ?? (note === "deleted" ? `${principalId} (deleted)` : "directly");
}
