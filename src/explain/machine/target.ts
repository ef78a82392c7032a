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

/** Whom a message is about: the profile and the session that are meant, by files and variables alone. */

/** By the flag, by the message, or by what is in force. */
export interface Target {
  readonly config: ConfigSource;
  readonly profile: ProfileFacts;
  /** As it is named to AWS clients; undefined: the environment says which. */
  readonly named: string | undefined;
  /** undefined where there is none, or none that can be read. */
  readonly session: SsoSession | undefined;
  /** Of the profile, as far as files tell. */
  readonly accountId: string | undefined;
  /** The profile whose credential_process is run for it: its own, or that of the one it takes a role by. */
  readonly processProfile: string | undefined;
  /** The session that is named, and that the config does not have. */
  readonly missingSession: string | undefined;
}

interface Pointers {
  /** `--profile` */
  readonly profile: string | undefined;
  readonly client: ClientId | undefined;
  readonly names: Names;
  /** Whether the message is known: of another text, only names that this machine has are taken. */
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

/** A process of latchkey's own is tried by its session. */
function findProcessProfile(source: Source | undefined): string | undefined {
  if (source?.kind === "role") return findProcessProfile(source.source);
  return source?.kind === "process" && source.own === undefined ? source.profile : undefined;
}

/** @param wanted the session that the message names, else the profile. */
function findSession(
  { config, source }: { readonly config: ConfigSource; readonly source: Source | undefined },
  wanted: string | undefined,
): Pick<Target, "session" | "missingSession"> {
  // One that is described wrongly is none: what is wrong is the doctor's to say.
  const { sessions } = readSessions(config);
  const name = findMentioned(wanted, sessions.map(sessionLabel));
  const session =
    sessions.find((each) => sessionLabel(each) === name) ??
    ignoreExpected(() => findSessionOf(config, source));
  if (session !== undefined || name !== undefined)
    return { session, missingSession: session === undefined ? name : undefined };
  // Whoever has one session means that one.
  return { session: sessions.length === 1 ? sessions[0] : undefined, missingSession: undefined };
}

/** In the place of a config that can't be read. */
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
  // Clients say that name where none was given.
  if (name === "default") return undefined;
  return isRecognised || known.includes(name ?? "") ? name : undefined;
}

/** A name may be wrapped in the text: blanks make no difference. */
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
