import { Flags } from "@oclif/core";
import { LatchkeyCommand } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { csv, growingTable } from "../../text/terminal.ts";
import { administratorChoice, administratorFlags, csvFlag } from "../../cli/flags.ts";
import { accessRows, type AccessRow } from "../../federation/access.ts";
import { administrator } from "../../federation/administrator.ts";

export default class FederationAccess extends LatchkeyCommand {
  static override summary =
    "List who reaches which account, with which permission set, through which group";
  static override description =
    "Rows come as they are found. Each filter may be given several times: any of one kind, and all kinds together. An assignment of a group that was deleted or is empty is listed, too, without a user.";
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --user ada.okta@example.com",
    "<%= config.bin %> <%= command.id %> --account payments-prod --csv",
  ];
  static override flags = {
    ...administratorFlags,
    user: Flags.string({ description: "only this user", helpValue: "NAME", multiple: true }),
    group: Flags.string({
      description: "only through this group",
      helpValue: "NAME",
      multiple: true,
    }),
    account: Flags.string({
      char: "a",
      aliases: ["account-id"],
      description: "only this account, by its id or its name",
      helpValue: "ACCOUNT",
      multiple: true,
    }),
    "permission-set": Flags.string({
      description: "only with this permission set",
      helpValue: "NAME",
      multiple: true,
    }),
    csv: csvFlag,
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(FederationAccess);
    const { terminal } = this.context;
    const admin = await administrator(this.context, administratorChoice(flags));
    const filters = {
      users: flags.user ?? [],
      groups: flags.group ?? [],
      accounts: flags.account ?? [],
      permissionSets: flags["permission-set"] ?? [],
    };
    const shown = growingTable(
      ["USER", "ACCOUNT", "NAME", "PERMISSION SET", "VIA"],
      [28, 12, 18, 20, 0],
      terminal.columns,
    );
    const found: AccessRow[] = [];
    let count = 0;
    if (flags.csv) terminal.write(csv([CSV_HEADER]));
    for await (const row of accessRows(admin, filters)) {
      count += 1;
      if (flags.json) found.push(row);
      else terminal.write(flags.csv ? csv([csvOf(row)]) : shown(textOf(row)));
      terminal.showProgress(`${count} rows`);
    }
    terminal.clearProgress();
    if (flags.json) this.printJson({ schemaVersion: 1, ok: true, exitCode: EXIT.OK, rows: found });
    else if (!flags.csv) terminal.say(`${count} ${count === 1 ? "row" : "rows"}`);
    return EXIT.OK;
  }
}

const CSV_HEADER = [
  "userName",
  "accountId",
  "accountName",
  "permissionSet",
  "via",
  "userId",
  "principalId",
  "note",
];

function csvOf({
  userName,
  accountId,
  accountName,
  permissionSet,
  via,
  userId,
  principalId,
  note,
}: AccessRow): string[] {
  return [
    userName ?? "",
    accountId,
    accountName ?? "",
    permissionSet,
    via ?? "",
    userId ?? "",
    principalId,
    note ?? "",
  ];
}

const NOTES = { deleted: "(deleted)", empty: "(nobody in it)" } as const;

function textOf({
  userName,
  userId,
  accountId,
  accountName,
  permissionSet,
  via,
  principalId,
  note,
}: AccessRow): string[] {
  const who = userName ?? userId ?? (note === null ? "" : NOTES[note]);
  const through = via ?? (note === "deleted" ? `${principalId} (deleted)` : "directly");
  return [who, accountId, accountName ?? "", permissionSet, through];
}
