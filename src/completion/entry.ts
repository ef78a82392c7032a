import {
  findSection,
  parseConfig,
  listSessionNames,
  type ConfigDocument,
} from "../aws-config/document.ts";
import { formatBashReply, parseBashLine } from "./bash-line.ts";
import { findCompletions, type Manifest } from "./candidates.ts";
import { toCandidate, type Candidate, type CandidateSource, type TypedFlags } from "./values.ts";
import {
  findValue,
  summarizeProfile,
  summarizeProfiles,
  type ProfileSummary,
} from "../profiles/profile.ts";
import { tokenCacheKey } from "../model/sso-session.ts";
import { readKnownAccess, readKnownRoles } from "../access/known.ts";
import { writeChecked } from "../fs/write.ts";
import { configFilePath, credentialsFilePath, homeDirectory } from "../fs/paths.ts";
import { readIfPresent } from "../fs/read.ts";
import type { Environment } from "../context.ts";

/** Variable with PowerShell's words, one per line, because Windows PowerShell drops quotes from arguments. */
export const COMPLETED_WORDS = "LATCHKEY_COMPLETE";

/**
 * `latchkey __complete SHELL …`: called by the scripts of `latchkey completion` at every press of Tab. For speed it
 * does not use oclif: it reads the manifest, and only the local files that the word at the cursor needs. It makes no
 * requests, writes nothing, and does not fail: what can't be read is not offered.
 *
 * bash passes COMP_WORDBREAKS and its line up to the cursor, and gets lines to insert unchanged. Other shells pass the
 * words after the program and get `VALUE<TAB>DESCRIPTION`.
 * @param readManifest Returns the parsed oclif.manifest.json, which each kind of build stores elsewhere.
 * @returns the exit code.
 */
export function answerCompletion(
  [shell, ...args]: readonly string[],
  env: Environment,
  readManifest: () => unknown,
): number {
  try {
    // Not validated, because it is built and packed with this program.
    const manifest = readManifest() as Manifest;
    const names = createCandidateSource(homeDirectory(env), env);
    const find = (words: readonly string[]) => findCompletions(manifest, words, names);
    const lines =
      shell === "bash"
        ? listBashReplies(args, find)
        : listCandidateLines(find(readWords(args, env)));
    writeChecked(1, lines.map((line) => `${line}\n`).join(""));
    return 0;
  } catch {
    return 1;
  }
}

function readWords(args: readonly string[], env: Environment): readonly string[] {
  const { [COMPLETED_WORDS]: given } = env;
  return args.length > 0 || given === undefined ? args : given.split("\n");
}

function listCandidateLines(candidates: readonly Candidate[]): string[] {
  return candidates.map(({ value, description }) => `${value}\t${description}`);
}

function listBashReplies(
  [breaks = "", text = ""]: readonly string[],
  find: (words: readonly string[]) => readonly Candidate[],
): string[] {
  const line = parseBashLine(text, breaks);
  const current = line.words.at(-1) ?? "";
  return find(line.words.slice(1))
    .filter(({ value }) => value.startsWith(current))
    .flatMap(({ value }) => formatBashReply(value, line) ?? []);
}

function createCandidateSource(home: string, env: Environment): CandidateSource {
  const config = readConfig(configFilePath(home, env));
  const listSummaries = keepFirst(() => summarizeProfiles(config));
  const readAccess = (typed: TypedFlags) => readKnownAccess(home, findSessionKey(config, typed));
  const listStartUrls = () =>
    listSessionNames(config).map((name) => {
      const section = findSection(config, "sso-session", name);
      return { name, startUrl: section && findValue(section, "sso_start_url") };
    });
  return {
    listProfiles: () =>
      listProfileCandidates(listSummaries(), readConfig(credentialsFilePath(home, env))),
    listSessions: () => listStartUrls().map(({ name, startUrl }) => toCandidate(name, startUrl)),
    listStartUrls: () => listStartUrls().map(({ name, startUrl }) => toCandidate(startUrl, name)),
    listAccounts: (typed) => readAccess(typed).accounts,
    listRoles: (typed) => {
      const account = typed.get("account-id");
      return [...readAccess(typed).roles, ...listSummaries()]
        .filter(({ accountId }) => account === undefined || accountId === account)
        .map(({ roleName }) => toCandidate(roleName));
    },
    listAccountsInSessions: (typed) => {
      const named = typed.get("sso-session") ?? typed.get("start-url");
      const known = [...listSessionNames(config), ...listSummaries().map(({ session }) => session)];
      const sessions = new Set(named === undefined ? known : [named]);
      return [...sessions]
        .filter((session) => session !== undefined)
        .flatMap((session) =>
          readKnownRoles(home, tokenCacheKey(session)).map((account) => ({ ...account, session })),
        );
    },
  };
}

function keepFirst<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const MAX_CONFIG_BYTES = 64 * 1024 * 1024;

function readConfig(path: string): ConfigDocument {
  return parseConfig(readIfPresent(path, MAX_CONFIG_BYTES) ?? new Uint8Array());
}

function listProfileCandidates(
  profiles: readonly ProfileSummary[],
  credentials: ConfigDocument,
): Candidate[] {
  const configured = profiles.map(({ profile, accountId, roleName }) =>
    toCandidate(profile, [accountId, roleName].filter((word) => word !== undefined).join(" ")),
  );
  const known = new Set(configured.map(({ value }) => value));
  const others = credentials.sections
    .map(({ name, place }) => (name === "default" ? name : place.header.trim()))
    .filter((name) => !known.has(name));
  return [...configured, ...others.map((name) => toCandidate(name))];
}

/** Returns the session that the line names, directly or through its profile. */
function findSessionKey(config: ConfigDocument, typed: TypedFlags): string | undefined {
  const profile = typed.get("profile");
  const section = profile === undefined ? undefined : findSection(config, "profile", profile);
  const label =
    typed.get("sso-session") ??
    typed.get("start-url") ??
    (section === undefined ? undefined : summarizeProfile(section).session);
  return label === undefined ? undefined : tokenCacheKey(label);
}
