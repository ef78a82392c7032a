import type { Context } from "../../context.ts";
import { findSection, listProfileNames, parseConfig } from "../../aws-config/document.ts";
import { CLIENTS, type Client } from "../../clients/family.ts";
import { findRole, type Outcome, type Source } from "../../clients/identity.ts";
import { configFilePath } from "../../fs/paths.ts";
import { ignoreExpected } from "../../fs/read.ts";
import { findEnvironmentProfile, findEnvironmentRegion } from "../../model/aws-environment.ts";
import { sessionLabel, type SsoSession } from "../../model/sso-session.ts";
import {
  findSsoRole,
  findSsoRoleBelow,
  readRoleRequest,
  resolveIdentity,
  type ResolvedIdentity,
} from "../../profiles/identity.ts";
import { listCredentialsFileProfiles } from "../../profiles/known.ts";
import { findValue, readSessions, type ConfigSource } from "../../profiles/profile.ts";
import { readConfig } from "../../profiles/select.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { closestMatches } from "../../text/terminal.ts";
import type { ProfileFacts } from "./facts.ts";
import type { ClientId } from "../message.ts";
import type { Names } from "../names.ts";

/** Finds the profile and the session that a message is about, from files and variables only. */

/** The subject of a message. Its profile is chosen by the flag, else by the message, else by the environment. */
export interface Target {
  readonly config: ConfigSource;
  readonly profile: ProfileFacts;
  /** The profile name to pass to AWS clients; undefined: the environment selects it. */
  readonly named: string | undefined;
  /** undefined if there is no session, or it can't be read. */
  readonly session: SsoSession | undefined;
  /** The profile's account, if the files contain it. */
  readonly accountId: string | undefined;
  /** The profile whose credential_process is run: the message's profile or its source_profile. */
  readonly processProfile: string | undefined;
  /** The name of a session that is missing from the config. */
  readonly missingSession: string | undefined;
}

interface Pointers {
  /** `--profile` */
  readonly profile: string | undefined;
  readonly client: ClientId | undefined;
  readonly names: Names;
  /** Whether the message is known. If not, a name in its text is used only if a profile has that name. */
  readonly isRecognised: boolean;
}

export function findTarget(context: Context, pointers: Pointers): Target {
  const config = ignoreExpected(() => readConfig(context)) ?? createEmpty(context);
  const known = [
    ...listProfileNames(config.document),
    ...(ignoreExpected(() => listCredentialsFileProfiles(context)) ?? []),
  ];
  const mentioned = findMentionedProfile(pointers, known);
  const named = pointers.profile ?? mentioned;
  const inForce = findEnvironmentProfile(context.env);
  const name = named ?? inForce ?? "default";
  const section = findSection(config.document, "profile", name);
  const identity = ignoreExpected(() => resolveIdentity(context, named));
  const source = identity?.source;
  const valueOf = (key: string): string | undefined => section && findValue(section, key);
  return {
    config,
    named,
    accountId: findRole(source).accountId,
    processProfile: valueOf("credential_process") === undefined ? findProcessProfile(source) : name,
    ...findSession({ config, source }, pointers.names.session ?? valueOf("sso_session")),
    profile: {
      name,
      by: nameChooser(pointers, mentioned, inForce),
      isKnown: known.includes(name),
      place: section && `${config.file}, line ${section.line}`,
      nearest: closestMatches(name, known),
      file: config.file,
      roleFlags: formatRoleFlags(source),
      hasSession: valueOf("sso_session") !== undefined,
      region: findEnvironmentRegion(context.env) ?? valueOf("region"),
      outcome: identity && findOutcome(identity, pointers.client),
    },
  };
}

function formatRoleFlags(source: Source | undefined): string | undefined {
  const role = findSsoRole(source);
  if (role?.session === undefined) return undefined;
  const words = [role.session, role.accountId, role.roleName].map(quoteShellWord);
  return ["--sso-session", "--account-id", "--role-name"]
    .map((flag, index) => `${flag} ${words[index]}`)
    .join(" ");
}

/** latchkey's own credential_process is skipped: its SSO session is checked instead. */
function findProcessProfile(source: Source | undefined): string | undefined {
  if (source?.kind === "role") return findProcessProfile(source.source);
  return source?.kind === "process" && source.own === undefined ? source.profile : undefined;
}

/** @param wanted the session's name in the message, else in the profile. */
function findSession(
  { config, source }: { readonly config: ConfigSource; readonly source: Source | undefined },
  wanted: string | undefined,
): Pick<Target, "session" | "missingSession"> {
  // Invalid sessions are left out; the doctor reports them.
  const { sessions } = readSessions(config);
  const name = findMentioned(wanted, sessions.map(sessionLabel));
  const session =
    sessions.find((each) => sessionLabel(each) === name) ??
    ignoreExpected(() => findSessionOf(config, source));
  if (session !== undefined || name !== undefined)
    return { session, missingSession: session === undefined ? name : undefined };
  // If the config has only one session, the message is about it.
  return { session: sessions.length === 1 ? sessions[0] : undefined, missingSession: undefined };
}

/** Returns an empty config, for use when the real one can't be read. */
function createEmpty({ home, env }: Context): ConfigSource {
  return {
    file: configFilePath(home, env),
    stamp: undefined,
    document: parseConfig(new Uint8Array()),
  };
}

function findMentionedProfile(
  { names, isRecognised }: Pointers,
  known: readonly string[],
): string | undefined {
  const name = findMentioned(names.profile, known);
  // Clients print this name if no profile was given.
  if (name === "default") return undefined;
  return isRecognised || known.includes(name ?? "") ? name : undefined;
}

/** Ignores blanks, since a name may contain line breaks if the text was wrapped. */
function findMentioned(
  name: string | null | undefined,
  known: readonly string[],
): string | undefined {
  if (name === null || name === undefined) return undefined;
  const squeezed = name.replace(/\s/g, "");
  return known.find((each) => each.replace(/\s/g, "") === squeezed) ?? name;
}

function nameChooser(
  pointers: Pointers,
  mentioned: string | undefined,
  inForce: string | undefined,
): ProfileFacts["by"] {
  if (pointers.profile !== undefined) return "flag";
  if (mentioned !== undefined) return "message";
  return inForce === undefined ? "default" : "environment";
}

function findOutcome(
  { outcomes, outcome }: ResolvedIdentity,
  client: ClientId | undefined,
): Outcome {
  const isModelled = (CLIENTS as readonly string[]).includes(client ?? "");
  return isModelled ? outcomes[client as Client] : outcome;
}

function findSessionOf(config: ConfigSource, source: Source | undefined): SsoSession | undefined {
  const role = findSsoRoleBelow(source);
  return role && readRoleRequest(config, role).session;
}
