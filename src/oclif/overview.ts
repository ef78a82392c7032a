import { createRealContext, toUnattended } from "../cli/real-context.ts";
import { toStatusRows, type SessionStatusJson } from "../commands/status.ts";
import {
  overviewText,
  type Overview,
  type ShellIdentity,
} from "../credentials/identity/overview-text.ts";
import { overview } from "../credentials/identity/overview.ts";

export interface OverviewJson {
  /** The same objects as in `status --json`. */
  readonly sessions: readonly SessionStatusJson[];
  /** The identity that this shell uses; null if it uses none. */
  readonly shell: Readonly<Record<keyof ShellIdentity, string | null>> | null;
  /** Why latchkey could not find the identity. */
  readonly problem: { readonly message: string; readonly hint: string | null } | null;
  /** Number of profiles on this machine. */
  readonly profiles: number;
}

interface OverviewRequest {
  readonly json: boolean;
  /** Whether to print without colours. */
  readonly isPlain: boolean;
}

/** Prints the output of `latchkey` without arguments: the current state and the next step. */
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
