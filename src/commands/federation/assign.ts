import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { formatTable, type ColumnsOf } from "../../cli/output.ts";
import { EXIT, usageError, type ExitCode } from "../../errors.ts";
import type { Tone } from "../../text/paint.ts";
import type { Surface } from "../../text/table.ts";
import { administratorFlags } from "../../cli/flags.ts";
import { openAdministrator } from "../../federation/administrator.ts";
import { resultJson, type ResultJson } from "../../federation/report.ts";
import { assign, type AssignOutcome, type AssignState } from "../../federation/assign.ts";

export interface AssignJson extends ResultJson {
  readonly dryRun: boolean;
  readonly group: string | null;
  readonly user: string | null;
  readonly permissionSet: string;
  readonly assignments: readonly AssignOutcome[];
}

const ACCOUNT = {
  accountId: { header: "ACCOUNT", value: ({ accountId }: AssignOutcome) => accountId },
};
const COLUMNS: ColumnsOf<AssignOutcome> = {
  ...ACCOUNT,
  accountName: { header: "NAME", value: ({ accountName }) => accountName },
  state: {
    header: "STATE",
    rank: 0,
    value: ({ state }) => WORDS[state],
    tone: ({ state }) => TONES[state],
  },
};
const REASON_COLUMNS: ColumnsOf<AssignOutcome> = {
  ...ACCOUNT,
  reason: { header: "REASON", value: ({ reason }) => reason },
};

export default class FederationAssign extends LatchkeyCommand<AssignJson> {
  static override summary = "Grant a group a permission set on accounts, or remove it";
  static override description = prose(`
    Changes only assignments that differ, and waits until AWS has made the change.
    If AWS fails, prints its reason. Asks first; without a terminal it needs --yes.
    Users should get access through groups: --user needs --allow-user.
  `);
  static override examples = examples(
    "--group aws-viewers --permission-set ViewOnlyAccess --account 111122223333 --yes",
    "--group aws-viewers --permission-set ViewOnlyAccess --account payments-prod --account payments-dev --dry-run",
    "--remove --group aws-viewers --permission-set ViewOnlyAccess --account 111122223333 --yes",
  );
  static override flags = {
    ...administratorFlags,
    group: Flags.string({
      description: "group by name; with --remove also by id",
      helpValue: "NAME",
      exclusive: ["user"],
    }),
    user: Flags.string({
      description: "user by name; needs --allow-user",
      helpValue: "NAME",
      dependsOn: ["allow-user"],
    }),
    "allow-user": Flags.boolean({ description: "allow an assignment to a user without a group" }),
    "permission-set": Flags.string({
      description: "permission set by name",
      helpValue: "NAME",
      required: true,
    }),
    account: Flags.string({
      char: "a",
      aliases: ["account-id"],
      description: "account by id or name; repeatable",
      helpValue: "ACCOUNT",
      multiple: true,
      required: true,
    }),
    remove: Flags.boolean({ description: "remove the access" }),
    "dry-run": Flags.boolean({ description: "show the changes and make none" }),
    yes: Flags.boolean({ char: "y", description: "make the changes without asking" }),
    wait: Flags.boolean({
      description: "wait until AWS has made the change",
      default: true,
      allowNo: true,
    }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(FederationAssign);
    const { terminal } = this.context;
    const principal = toPrincipal(flags.group, flags.user);
    const admin = await openAdministrator(this.context, flags);
    const words = `${flags["permission-set"]} ${flags.remove ? "from" : "to"} ${principal.name}`;
    const outcomes = await assign(this.context, admin, {
      principal,
      permissionSet: flags["permission-set"],
      accounts: flags.account,
      remove: flags.remove,
      dryRun: flags["dry-run"],
      yes: flags.yes,
      wait: flags.wait,
      timeoutSeconds: flags.timeout,
      show: (planned) => terminal.say(planText(planned, words)),
    });
    const value = resultJson(toExitCode(outcomes, flags.wait), {
      dryRun: flags["dry-run"],
      group: flags.group ?? null,
      user: flags.user ?? null,
      permissionSet: flags["permission-set"],
      assignments: outcomes,
    });
    this.print(flags.json, value, () => outcomesText(outcomes, terminal.stdout));
    return value.exitCode;
  }
}

function toPrincipal(
  group: string | undefined,
  user: string | undefined,
): { readonly type: "GROUP" | "USER"; readonly name: string } {
  if (group !== undefined) return { type: "GROUP", name: group };
  if (user !== undefined) return { type: "USER", name: user };
  throw usageError("Which group?", "Name it: --group NAME");
}

/** Without --wait, pending changes are no error. With it, a change that is still pending at the end is undetermined. */
function toExitCode(outcomes: readonly AssignOutcome[], waited: boolean): ExitCode {
  if (outcomes.some(({ state }) => state === "failed")) return EXIT.FAILED;
  return waited && outcomes.some(({ state }) => state === "pending") ? EXIT.UNDETERMINED : EXIT.OK;
}

const WORDS: Readonly<Record<AssignState, string>> = {
  "already-assigned": "already assigned",
  "not-assigned": "not assigned",
  planned: "planned",
  assigned: "assigned",
  removed: "removed",
  pending: "under way",
  failed: "FAILED",
};

const TONES: Readonly<Record<AssignState, Tone | undefined>> = {
  "already-assigned": "good",
  "not-assigned": undefined,
  planned: undefined,
  assigned: "good",
  removed: "good",
  pending: "soon",
  failed: "bad",
};

function planText(planned: readonly AssignOutcome[], words: string): string[] {
  const change = planned.filter(({ state }) => state === "planned");
  const done = planned.length - change.length;
  const accounts = change.map(
    ({ accountId, accountName }) =>
      `  ${accountId}${accountName === null ? "" : `  ${accountName}`}`,
  );
  return [`${words}: ${change.length} to change, ${done} left alone`, ...accounts];
}

/** AWS's reason is printed in full, on its own line. */
function outcomesText(outcomes: readonly AssignOutcome[], surface: Surface): string {
  const rows = formatTable(COLUMNS, outcomes, surface);
  const withReason = outcomes.filter(({ reason }) => reason !== null);
  if (withReason.length === 0) return rows;
  return `${rows}\n${formatTable(REASON_COLUMNS, withReason, { ...surface, columns: Number.POSITIVE_INFINITY })}`;
}
