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

/** What is wrong with this machine's AWS set-up: looked at here, judged by the rules of `doctor/rules/`. */

interface DoctorOptions {
  /** Ask no service. */
  readonly offline: boolean;
  /** Each place is a finding of its own. */
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
  /** Ask no service. */
  readonly offline: boolean;
  /** Whether the tools on PATH are asked for their versions. */
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

/** Makes the edits that are safe, as one change of the config, and returns what was changed. */
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

/** A section that another tool owns, or that stands twice, is left as it is, and the others are mended. */
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
    notice(context, `not mended: ${thrown.message}`);
    return false;
  }
}

const SERVICE_MILLISECONDS = 4_000;
const MOST_REGIONS = 4;

/** One cheap question to the portal of each region, all at once. */
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
    // An endpoint or a bundle that keeps every request from being made: rules of their own say so.
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
/** Python takes its time to start; what takes longer is not known. */
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
  // Terraform would ask for its newest version; the AWS CLI would page.
  const quiet = { ...env, CHECKPOINT_DISABLE: "1", AWS_PAGER: "" };
  const output = await readOutput(program, [argument], quiet, TOOL_MILLISECONDS);
  const version = output === undefined ? undefined : parseVersion(output);
  return version && { name, version };
}
