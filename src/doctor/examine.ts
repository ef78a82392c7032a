import type { Context } from "../context.ts";
import { editConfig, type ConfigChange, type SectionEdit } from "../aws-config/edit.ts";
import { diagnose, type Diagnosis } from "./findings.ts";
import { listFixes } from "./rule.ts";
import type { ObservedService, ObservedTool, Observations } from "./observations.ts";
import { DOCTOR_RULES } from "./rule-table.ts";
import { parseVersion } from "./rules/files-and-tools.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import type { SsoSession } from "../model/sso-session.ts";
import { isExpectedFailure } from "../errors.ts";
import { findProgram } from "../fs/programs.ts";
import { readOutput } from "../terminal/child.ts";
import { applyConfirmed, type ShowOptions } from "../profiles/change/change.ts";
import { createConnection } from "../aws/connection.ts";
import { observeFiles } from "./observe.ts";
import { notice } from "../terminal/notice.ts";

/** Examines this machine's AWS set-up with the rules in `doctor/rules/`. */

interface DoctorOptions {
  /** Make no requests. */
  readonly offline: boolean;
  /** Report each place as a separate finding. */
  readonly all?: boolean;
}

export async function examine(
  context: Context,
  { offline, all }: DoctorOptions,
): Promise<Diagnosis> {
  const seen = await observeMachine(context, { offline, hasTools: true });
  return diagnose(DOCTOR_RULES, seen, all);
}

interface Observing {
  /** Make no requests. */
  readonly offline: boolean;
  /** Whether the tools on PATH are run to get their versions. */
  readonly hasTools: boolean;
}

export async function observeMachine(
  context: Context,
  { offline, hasTools }: Observing,
): Promise<Observations> {
  const seen = await observeFiles(context);
  const [services, tools] = await Promise.all([
    offline ? [] : observeServices(context, seen.signIns),
    hasTools ? observeTools(context) : [],
  ]);
  return { ...seen, services, tools };
}

/**
 * Makes the safe edits as one change of the config. Returns the changes.
 * @throws LatchkeyError CANCELLED, and the errors of a config change
 */
export async function mendConfig(
  context: Context,
  options: Omit<ShowOptions, "force">,
): Promise<readonly ConfigChange[]> {
  const { config, ...seen } = await observeFiles(context);
  const source = { file: config.path, document: config.document };
  const edits = listFixes(DOCTOR_RULES, { ...seen, config, services: [], tools: [] })
    .filter((group) => isPossible(context, source, group))
    .flat();
  if (edits.length === 0) return [];
  return applyConfirmed(context, source, edits, { ...options, force: false });
}

/** Whether the edits can be made. A section that another tool owns, or that occurs twice, is skipped with a notice. */
function isPossible(
  context: Context,
  { document, file }: ConfigSource,
  edits: readonly SectionEdit[],
): boolean {
  try {
    editConfig(document, edits, file);
    return true;
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    notice(context, `not fixed: ${thrown.message}`);
    return false;
  }
}

const SERVICE_MILLISECONDS = 4_000;
const MOST_REGIONS = 4;

/** Makes one cheap request to the portal of each region, in parallel. */
async function observeServices(
  context: Context,
  signIns: readonly SsoSession[],
): Promise<ObservedService[]> {
  const byRegion = new Map(signIns.map((session) => [session.region, session]));
  const services = await Promise.all(
    [...byRegion.values()]
      .slice(0, MOST_REGIONS)
      .map((session) => observeService(context, session)),
  );
  return services.filter((service) => service !== undefined);
}

async function observeService(
  context: Context,
  session: SsoSession,
): Promise<ObservedService | undefined> {
  const { region } = session;
  try {
    const { measureClockAhead } = await import("../aws/portal.ts");
    const connection = createConnection(
      context,
      "SSO",
      session,
      context.monotonic() + SERVICE_MILLISECONDS,
    );
    return { region, aheadSeconds: await measureClockAhead(connection), failure: undefined };
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
    // An invalid endpoint or CA bundle prevents all requests; other rules report it.
    if (thrown.code === "CONFIG_INVALID") return undefined;
    return {
      region,
      aheadSeconds: undefined,
      failure: { message: thrown.message, hint: thrown.hint ?? "Try again in a minute." },
    };
  }
}

const TOOLS: ReadonlyArray<readonly [name: ObservedTool["name"], argument: string]> = [
  ["aws", "--version"],
  ["terraform", "version"],
];
/** Python starts slowly. A tool that takes longer has an unknown version. */
const TOOL_MILLISECONDS = 5_000;

async function observeTools(context: Context): Promise<ObservedTool[]> {
  const tools = await Promise.all(
    TOOLS.map(([name, argument]) => observeTool(context, name, argument)),
  );
  return tools.filter((tool) => tool !== undefined);
}

async function observeTool(
  { env }: Context,
  name: ObservedTool["name"],
  argument: string,
): Promise<ObservedTool | undefined> {
  const program = findProgram(name, env["PATH"]);
  if (program === undefined) return undefined;
  // Without these, Terraform looks for a newer version online, and the AWS CLI uses a pager.
  const quiet = { ...env, CHECKPOINT_DISABLE: "1", AWS_PAGER: "" };
  const output = await readOutput(program, [argument], quiet, TOOL_MILLISECONDS);
  const version = output === undefined ? undefined : parseVersion(output);
  return version && { name, version };
}
