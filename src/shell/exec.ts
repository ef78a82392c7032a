import type { Context } from "../context.ts";
import { credentialVariables, type AwsCredentials } from "../model/credentials.ts";
import {
  childEnvironment,
  endpointVariables,
  findEnvironmentProfile,
  findSurroundingExec,
} from "../model/aws-environment.ts";
import { secondsUntil } from "../text/instant.ts";
import { clockTime } from "../text/terminal.ts";
import { findCredentialsLine, type Profile } from "../profiles/profile.ts";
import { RENEW_WINDOW_SECONDS } from "../model/role.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { LatchkeyError, isExpectedFailure, usageError } from "../errors.ts";
import { readConfigDocument } from "../aws-config/file.ts";
import { configFilePath, credentialsFilePath } from "../fs/paths.ts";
import { recordUse } from "../choice/usage.ts";
import { startCredentialsServer } from "./credentials-server.ts";
import { prepareSubshell } from "./subshell.ts";
import { runInForeground } from "../terminal/foreground-child.ts";
import { notice } from "../terminal/notice.ts";
import { toUnattended } from "../terminal/terminal.ts";
import { NO_DEADLINE } from "../token/time-budget.ts";
import { noticeMissingRegion } from "../credentials/export.ts";
import { fetchCredentials, findRegion } from "../credentials/profile.ts";
import { selectProfile } from "../choice/select.ts";
import { checkRegionFlag, readConfig, type RoleFlags } from "../profiles/select.ts";
import { listNames } from "../profiles/known.ts";
import { findProgram } from "../fs/programs.ts";

interface ExecRequest {
  readonly role: RoleFlags;
  readonly region: string | undefined;
  /** A program and its arguments, which are started without a shell. undefined: open the user's shell. */
  readonly command: readonly string[] | undefined;
  /** Give the command an endpoint that returns fresh credentials on each request, instead of fixed credentials. */
  readonly server: boolean;
}

/**
 * Runs a command with a profile's credentials in its environment.
 * @returns the command's exit code, or 128 + the signal that ended it.
 */
export async function execute(context: Context, request: ExecRequest): Promise<number> {
  const profile = await selectProfile(context, request.role);
  const outer = findSurroundingExec(context.env);
  if (outer !== undefined)
    notice(
      context,
      `already inside latchkey exec ${quoteShellWord(outer)}: this command runs with the credentials of ${profile.name} instead`,
    );
  if (request.server) refuseIfDefaultWins(context, profile);
  const region =
    request.region === undefined
      ? findRegion(context, profile)
      : checkRegionFlag("--region", request.region);
  if (request.region === undefined) noticeMissingRegion(context, profile);
  const credentials = await fetchCredentials(context, profile);
  recordUse(context, profile);
  context.interruption.throwIfAborted();
  const subshell = request.command === undefined ? prepareSubshell(context) : undefined;
  if (subshell !== undefined) sayWhatShellHas(context, profile, request.server, credentials);
  const run = (variables: Record<string, string>): Promise<number> => {
    const identity = { profile: profile.name, region, variables };
    return runInForeground(request.command ?? subshell?.command ?? [], {
      ...childEnvironment(context.env, identity, context.platform),
      ...subshell?.variables,
    });
  };
  try {
    return await (request.server
      ? runWithServer(context, profile, credentials, run)
      : run(credentialVariables(credentials)));
  } finally {
    subshell?.close();
  }
}

/**
 * Refuses the name of a program as the name of a profile. In `exec aws s3 ls` the profile is missing, but "aws" could
 * match a part of a profile's name. The command would then run with a role that the user did not mean.
 * @throws LatchkeyError USAGE for the name of a program that is not the name of a profile or a session
 */
export function refuseCommandAsName(context: Context, word: string, argv: readonly string[]): void {
  if (findProgram(word, context.env["PATH"]) === undefined) return;
  const { profiles, sessions } = listNames(context, readConfig(context));
  if ([...profiles.map(({ profile }) => profile), ...sessions].includes(word)) return;
  const line = argv.map(quoteShellWord).join(" ");
  const isSet = findEnvironmentProfile(context.env) !== undefined;
  throw usageError(
    `"${word}" is a program, and no profile has this name: the profile is missing.`,
    `latchkey exec ${isSet ? "--" : "PROFILE"} ${line}`,
  );
}

function sayWhatShellHas(
  context: Context,
  { name }: Profile,
  isRenewed: boolean,
  { expiration }: AwsCredentials,
): void {
  const end = isRenewed || expiration === undefined ? undefined : expiration;
  const until = end === undefined ? "" : ` until ${clockTime(end, context.now())}`;
  context.terminal.say(`This shell has the credentials of ${name}${until}; exit ends it.`);
}

async function runWithServer(
  context: Context,
  profile: Profile,
  credentials: AwsCredentials,
  run: (variables: Record<string, string>) => Promise<number>,
): Promise<number> {
  if (credentials.expiration === undefined)
    throw usageError(
      `The credentials of the profile "${profile.name}" never run out: they need no endpoint.`,
      "Run it without --server.",
    );
  const server = await startCredentialsServer(createRenewal(context, profile, credentials));
  try {
    return await run(endpointVariables(server.url, server.token));
  } finally {
    await server.close();
  }
}

/**
 * Returns a function that returns the same credentials until shortly before they expire, then fetches new ones.
 * Simultaneous calls share one fetch.
 */
function createRenewal(
  context: Context,
  profile: Profile,
  first: AwsCredentials,
): () => Promise<AwsCredentials> {
  // Asks no questions, because the running command uses the terminal.
  const unattended = toUnattended(context);
  let held = first;
  let underWay: Promise<AwsCredentials> | undefined;
  const secondsLeft = (): number =>
    held.expiration === undefined ? 0 : secondsUntil(held.expiration, context.now());
  const renew = async (): Promise<AwsCredentials> => {
    try {
      held = await fetchCredentials(unattended, profile, { ...NO_DEADLINE, shareSeconds: 0 });
    } catch (thrown) {
      if (!isExpectedFailure(thrown)) throw thrown;
      const { code, message, hint = "" } = thrown;
      notice(
        context,
        `the credentials of ${profile.name} could not be renewed: ${message} ${hint}`.trimEnd(),
      );
      if (code === "ACCESS_DENIED" || secondsLeft() <= 0) throw thrown;
    } finally {
      underWay = undefined;
    }
    return held;
  };
  return () => {
    if (secondsLeft() > RENEW_WINDOW_SECONDS) return Promise.resolve(held);
    underWay ??= renew();
    return underWay;
  };
}

/**
 * Refuses `--server` if the default profile has credentials: AWS clients prefer these to an endpoint, so the command
 * would run as another identity.
 */
function refuseIfDefaultWins(context: Context, profile: Profile): void {
  if (profile.name === "default") return;
  const { home, env } = context;
  for (const file of [configFilePath(home, env), credentialsFilePath(home, env)]) {
    const { sections } = readConfigDocument(file);
    const section = sections.find(({ name }) => name === "default");
    const line = section === undefined ? undefined : findCredentialsLine(section);
    if (line === undefined) continue;
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `The profile [default] has credentials of its own (${file}, line ${line}), and AWS clients would use them instead of the endpoint.`,
      { hint: "Run it without --server, or give that profile another name." },
    );
  }
}
