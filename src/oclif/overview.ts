import { createRealContext, toUnattended } from "../cli/real-context.ts";
import { toStatusRows, type SessionStatusJson } from "../commands/status.ts";
import {
  overviewText,
  type Overview,
  type ShellIdentity,
} from "../credentials/identity/overview-text.ts";
import { overview } from "../credentials/identity/overview.ts";

export interface OverviewJson {
  /** As `status --json` prints them. */
  readonly sessions: readonly SessionStatusJson[];
  /** What this shell uses; null where it uses nothing. */
  readonly shell: Readonly<Record<keyof ShellIdentity, string | null>> | null;
  /** What keeps that from being read. */
  readonly problem: { readonly message: string; readonly hint: string | null } | null;
  /** How many profiles there are on this machine. */
  readonly profiles: number;
}

interface OverviewRequest {
  readonly json: boolean;
  /** Without colours. */
  readonly isPlain: boolean;
}

/** `latchkey` alone: where you stand, and what to do next. */
export async function printOverview({ json, isPlain }: OverviewRequest): Promise<void> {
  const context = toUnattended(createRealContext("", { isPlain }));
  const standing = await overview(context);
  const now = context.now();
  const { terminal } = context;
  if (json) terminal.writeJson(toJson(standing, now));
  else terminal.write(overviewText(standing, now, terminal.stdout));
}

function toJson({ statuses, shell, problem, profiles }: Overview, now: Date): OverviewJson {
  return {
    sessions: toStatusRows(statuses, now),
    shell: shell === undefined ? null : toShellJson(shell),
    problem:
      problem === undefined ? null : { message: problem.message, hint: problem.hint ?? null },
    profiles,
  };
}

function toShellJson(shell: ShellIdentity) {
  const { profile, source, accountId, accountName, roleName, region } = shell;
  return {
    profile: profile ?? null,
    source,
    accountId: accountId ?? null,
    accountName: accountName ?? null,
    roleName: roleName ?? null,
    region: region ?? null,
  };
}
