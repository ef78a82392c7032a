import {
  findSection,
  parseConfig,
  profileNames,
  sessionNames,
  type ConfigDocument,
} from "../aws-config/document.ts";
import { bashReply, readBashLine } from "./bash-line.ts";
import {
  completions,
  readGrammar,
  type Candidate,
  type Names,
  type TypedFlags,
} from "./candidates.ts";
import { valueOf } from "../profiles/profile.ts";
import { summarizeProfile, type ProfileSummary } from "../profiles/summary.ts";
import { tokenCacheKey } from "../model/sso-session.ts";
import { knownAccess } from "../access/known.ts";
import { writeChecked } from "../fs/write.ts";
import { configFilePath, credentialsFilePath, homeDirectory } from "../fs/paths.ts";
import { readIfPresent } from "../fs/read.ts";
import type { Environment } from "../context.ts";

/**
 * `latchkey __complete SHELL …`: what the scripts of `latchkey completion` ask at every press of Tab. A door of its own
 * beside oclif, since a person waits: it reads the manifest, and of this machine what the word at the cursor needs.
 * It asks no service, writes nothing, and never errs: where something can't be read there is nothing to offer.
 *
 * bash gives COMP_WORDBREAKS and its line up to the cursor, and gets lines to insert as they are; other shells give the
 * words after the program and get `VALUE<TAB>DESCRIPTION`.
 * @param manifest gives oclif.manifest.json, parsed; each program has it in a place of its own.
 * @returns the exit code.
 */
export function answerCompletion(
  [shell, ...args]: readonly string[],
  env: Environment,
  manifest: () => unknown,
): number {
  try {
    writeChecked(
      1,
      (shell === "bash" ? bashLines(args, env, manifest) : candidateLines(args, env, manifest))
        .map((line) => `${line}\n`)
        .join(""),
    );
    return 0;
  } catch {
    return 1;
  }
}

function candidateLines(
  words: readonly string[],
  env: Environment,
  manifest: () => unknown,
): string[] {
  return candidates(words, env, manifest).map(
    ({ value, description }) => `${value}\t${description}`,
  );
}

function bashLines(
  [breaks = "", text = ""]: readonly string[],
  env: Environment,
  manifest: () => unknown,
): string[] {
  const line = readBashLine(text, breaks);
  const current = line.words.at(-1) ?? "";
  return candidates(line.words.slice(1), env, manifest)
    .filter(({ value }) => value.startsWith(current))
    .flatMap(({ value }) => bashReply(value, line) ?? []);
}

function candidates(
  words: readonly string[],
  env: Environment,
  manifest: () => unknown,
): Candidate[] {
  const grammar = readGrammar(manifest());
  return completions(grammar, words, namesOf(homeDirectory(env), env));
}

function namesOf(home: string, env: Environment): Names {
  const config = documentIn(configFilePath(home, env));
  const access = (typed: TypedFlags) => knownAccess(home, sessionKey(config, typed));
  return {
    profiles: () => profileCandidates(config, documentIn(credentialsFilePath(home, env))),
    sessions: () =>
      sessionNames(config).map((name) => ({
        value: name,
        description: sessionValue(config, name, "sso_start_url") ?? "",
      })),
    startUrls: () =>
      sessionNames(config).flatMap((name) => {
        const value = sessionValue(config, name, "sso_start_url");
        return value === undefined ? [] : [{ value, description: name }];
      }),
    accounts: (typed) => access(typed).accounts,
    roles: (typed) => {
      const account = typed.get("account-id");
      const listed = access(typed).roles.filter(
        ({ accountId }) => account === undefined || accountId === account,
      );
      const configured = summaries(config).filter(
        ({ accountId }) => account === undefined || accountId === account,
      );
      return [...listed, ...configured].flatMap(({ roleName }) =>
        roleName === undefined ? [] : [{ value: roleName, description: "" }],
      );
    },
  };
}

const MAX_CONFIG_BYTES = 64 * 1024 * 1024;

function documentIn(path: string): ConfigDocument {
  return parseConfig(readIfPresent(path, MAX_CONFIG_BYTES) ?? new Uint8Array());
}

function summaries(config: ConfigDocument): ProfileSummary[] {
  return profileNames(config).flatMap((name) => {
    const section = findSection(config, "profile", name);
    return section === undefined ? [] : [summarizeProfile(section)];
  });
}

function profileCandidates(config: ConfigDocument, credentials: ConfigDocument): Candidate[] {
  const configured = summaries(config).map(({ profile, accountId, roleName }) => ({
    value: profile,
    description: [accountId, roleName].filter((word) => word !== undefined).join(" "),
  }));
  const known = new Set(configured.map(({ value }) => value));
  const others = credentials.sections.map(({ name, place }) =>
    name === "default" ? name : place.header.trim(),
  );
  return [
    ...configured,
    ...others.filter((value) => !known.has(value)).map((value) => ({ value, description: "" })),
  ];
}

function sessionValue(config: ConfigDocument, name: string, key: string): string | undefined {
  const section = findSection(config, "sso-session", name);
  return section === undefined ? undefined : valueOf(section, key);
}

/** The session that the line names, by itself or by its profile. */
function sessionKey(config: ConfigDocument, typed: TypedFlags): string | undefined {
  const profile = typed.get("profile");
  const section = profile === undefined ? undefined : findSection(config, "profile", profile);
  const label =
    typed.get("sso-session") ??
    typed.get("start-url") ??
    (section === undefined ? undefined : summarizeProfile(section).session);
  return label === undefined ? undefined : tokenCacheKey(label);
}
