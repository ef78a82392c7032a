import type { Context } from "../../context.ts";
import { findSection } from "../../aws-config/document.ts";
import { readIfPresent, ignoreExpected } from "../../fs/read.ts";
import { findProgram } from "../../fs/programs.ts";
import { findValue } from "../../profiles/profile.ts";
import { parseProgram } from "../../doctor/rules/processes.ts";
import { locateKey } from "../../doctor/observations.ts";
import { runLine } from "../../terminal/child.ts";
import { isRecord, parseJson, readText, toRecord } from "../../text/json.ts";
import { isPast, parseInstant } from "../../text/instant.ts";
import { truncate } from "../../text/terminal.ts";
import type { ProcessFacts, RegistryFacts } from "./facts.ts";
import { mask } from "../names.ts";
import type { Target } from "./target.ts";

/** Checks on this machine whether the profile's credential_process works, and how Docker logs in to a registry. */

const PROCESS_SECONDS = 10;
/** Columns of a program's output that are shown. */
const SAID = 160;

/**
 * Runs the profile's credential_process as a client does, with empty stdin. If offline, only checks whether the program
 * exists. Returns undefined if the profile has no credential_process.
 */
export async function lookAtProcess(
  context: Context,
  { config, processProfile }: Target,
  isOffline: boolean,
): Promise<ProcessFacts | undefined> {
  const section =
    processProfile === undefined
      ? undefined
      : findSection(config.document, "profile", processProfile);
  const line = section && findValue(section, "credential_process");
  if (section === undefined || line === undefined) return undefined;
  const { env, platform } = context;
  const program = parseProgram(line, platform);
  const isThere = program === undefined || findProgram(program, env["PATH"]) !== undefined;
  return {
    place: locateKey(config.file, section, "credential_process"),
    program,
    isThere,
    result: isThere && !isOffline ? await runProcess(context, line) : { kind: "not-run" },
  };
}

async function runProcess(context: Context, line: string): Promise<ProcessFacts["result"]> {
  const ended = await runLine(line, context, PROCESS_SECONDS * 1000);
  if (ended === undefined) return { kind: "silent", seconds: PROCESS_SECONDS };
  const { exitCode, stdout, stderr } = ended;
  if (exitCode === 0) return { kind: "printed", fault: findFault(stdout, context.now()) };
  const says = stderr.split("\n").find((each) => each.trim() !== "") ?? "no message";
  return { kind: "failed", exitCode, says: truncate(mask(says.trim()), SAID) };
}

/** Returns why AWS clients refuse the output of a credential_process (botocore 1.44, SDK for JavaScript 3.11). */
function findFault(stdout: string, now: Date): string | undefined {
  const printed = parseJson(stdout);
  if (stdout.trim() === "") return "it printed nothing";
  if (!isRecord(printed)) return "its output is not a JSON object";
  if (printed["Version"] !== 1) return "its output does not have Version 1";
  for (const key of ["AccessKeyId", "SecretAccessKey"])
    if (typeof printed[key] !== "string" || printed[key] === "") return `its output has no ${key}`;
  const end = parseInstant(printed["Expiration"]);
  if (printed["Expiration"] !== undefined && end === undefined)
    return "the Expiration in its output is not a time";
  return end !== undefined && isPast(end, now)
    ? "the credentials that it printed have expired"
    : undefined;
}

/** The host of an ECR registry, with its Region if the name has one. */
const REGISTRY =
  /\b(\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]{5,20})\.(?:amazonaws\.com(?:\.cn)?|on\.aws)|public\.ecr\.aws)\b/i;

/**
 * Returns facts about the registry that the text mentions, else about the registry of the profile's account and Region.
 * @param text the pasted text.
 */
export function lookAtRegistry(
  { env, home }: Context,
  { profile, accountId }: Target,
  text: string,
): RegistryFacts | undefined {
  const own = [accountId, "dkr.ecr", profile.region, "amazonaws.com"];
  const fallback = own.includes(undefined) ? undefined : own.join(".");
  const [, host = fallback, region = profile.region] = REGISTRY.exec(text) ?? [];
  if (host === undefined) return undefined;
  return { host, region, ...readDockerConfig({ env, home }, host) };
}

function readDockerConfig(
  { env, home }: Pick<Context, "env" | "home">,
  host: string,
): Omit<RegistryFacts, "host" | "region"> {
  const file = `${env["DOCKER_CONFIG"] || `${home}/.docker`}/config.json`;
  const written = ignoreExpected(() => readIfPresent(file, 1024 * 1024))?.toString("utf8") ?? "";
  const config = toRecord(parseJson(written));
  const ofAll = config["credsStore"] === "ecr-login" ? "ecr-login" : undefined;
  const helper = readText(toRecord(config["credHelpers"])[host]) ?? ofAll;
  const program = `docker-credential-${helper}`;
  return {
    file,
    hasLogin: toRecord(config["auths"])[host] !== undefined,
    helper,
    isHelperThere: helper !== undefined && findProgram(program, env["PATH"]) !== undefined,
  };
}
