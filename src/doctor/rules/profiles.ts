import type { SectionEdit } from "../../aws-config/edit.ts";
import { isPortableName } from "../../aws-config/header.ts";
import { parseOwnProcess } from "../../clients/identity.ts";
import { isAccountId } from "../../model/role.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { closestMatches } from "../../text/terminal.ts";
import type { Observations, ObservedSection } from "../observations.ts";
import { eachLegacyProfile, eachProfile, fail, notice, warn, type Rule } from "../rule.ts";

/** Rules for profiles with conflicting, incomplete or invalid keys. */

export const PROFILE_RULES: readonly Rule[] = [
  fail("session-missing", {
    looksFor: "a profile with an SSO session that does not exist",
    readers: "every AWS client fails with this profile",
    judge: eachProfile((profile, { sessions }) => {
      const name =
        profile.value("sso_session") ??
        parseOwnProcess(profile.value("credential_process"))?.session;
      if (name === undefined || findSession(sessions, name) !== undefined) return undefined;
      const known = sessions.map((session) => session.name);
      const [close] = closestMatches(name, known);
      // The only session is suggested even if its name is not similar.
      const meant = close ?? (known.length === 1 ? known[0] : undefined);
      const cure = `latchkey configure --profile ${quoteShellWord(profile.name)} --sso-session ${quoteShellWord(meant ?? name)}`;
      const there = close === undefined ? "The only session" : "The nearest";
      return profile.hit(
        ["sso_session", "credential_process"],
        `uses the SSO session "${name}", which does not exist`,
        meant === undefined ? cure : `${there}: ${meant}. ${cure}`,
      );
    }),
  }),
  warn("profile-mixed", {
    looksFor: "a profile with `credential_process` and also `sso_account_id` or `sso_role_name`",
    readers: "JavaScript runs the process; the AWS CLI, Go, Java, Rust and .NET use SSO",
    isFixable: true,
    judge: eachProfile((profile, seen) => {
      const key = ["sso_role_name", "sso_account_id"].find((name) => profile.hasAny(name));
      const process = profile.value("credential_process");
      if (key === undefined || process === undefined) return undefined;
      const edits = planSplit(seen, profile, process);
      return profile.hit(
        "credential_process",
        `has ${key} and credential_process${edits === undefined ? "" : `; they can be split into ${profile.name} and ${profile.name}-process`}`,
        edits === undefined ? "Keep one of the two in this profile." : "latchkey doctor --fix",
        edits,
      );
    }),
  }),
  fail("session-conflict", {
    looksFor: "a profile whose `sso_start_url` or `sso_region` differs from its SSO session's",
    readers:
      "the AWS CLI, Go, Java and Rust refuse the profile; JavaScript and .NET use the session's values",
    judge: eachProfile((profile, seen) => {
      const differing = listInlineKeys(seen, profile).find(({ isEqual }) => !isEqual);
      if (differing === undefined) return undefined;
      return profile.hit(
        differing.key,
        `has another ${differing.key} than its SSO session "${profile.value("sso_session") ?? ""}"`,
        "If the session's values are right, remove sso_start_url and sso_region from the profile.",
      );
    }),
  }),
  warn("session-inline", {
    looksFor: "a profile that repeats the start URL and region of its SSO session",
    readers:
      "Rust refuses the profile; the AWS CLI from 2.9 and the other SDKs use the session; older ones use the copy, with a separate token",
    isFixable: true,
    judge: eachProfile((profile, seen) => {
      const copied = listInlineKeys(seen, profile);
      if (copied.length === 0 || copied.some(({ isEqual }) => !isEqual)) return undefined;
      const remove = ["sso_start_url", "sso_region"];
      return profile.hit(remove, "repeats the values of its SSO session", "latchkey doctor --fix", [
        { type: "profile", name: profile.name, set: [], remove },
      ]);
    }),
  }),
  warn("legacy-beside-session", {
    looksFor:
      "a legacy profile (start URL in the profile) and an SSO session with the same start URL",
    readers:
      "every client stores two tokens for one portal, and only the session's can be refreshed",
    judge: eachLegacyProfile((profile, seen) => {
      const session = findSessionOfSameUrl(seen, profile);
      if (session === undefined) return undefined;
      return profile.hit(
        "sso_start_url",
        `has the start URL of the SSO session "${session.name}" in legacy form`,
        formatConvertCommand(profile, session.name),
      );
    }),
  }),
  notice("legacy-profile", {
    looksFor: "a legacy profile (start URL in the profile)",
    readers: "every client can use its token, but none can refresh it",
    judge: eachLegacyProfile(
      (profile, seen) =>
        findSessionOfSameUrl(seen, profile) === undefined &&
        profile.hit(
          "sso_start_url",
          "is in legacy form",
          formatConvertCommand(profile, nameNewSession(seen, profile)),
        ),
    ),
  }),
  fail("role-incomplete", {
    looksFor: "an SSO profile with only one of `sso_account_id` and `sso_role_name`",
    readers: "the AWS CLI and JavaScript refuse the profile",
    judge: eachProfile((profile) => {
      const keys = ["sso_account_id", "sso_role_name"];
      const missing = keys.filter((key) => !profile.hasAny(key));
      if (!isSso(profile) || missing.length !== 1) return undefined;
      return profile.hit(
        keys,
        `has no ${missing.join()}`,
        `latchkey configure --profile ${quoteShellWord(profile.name)}`,
      );
    }),
  }),
  fail("account-id-invalid", {
    looksFor: "an `sso_account_id` that is not 12 digits",
    readers: "every client requests an account that does not exist",
    judge: eachProfile((profile) => {
      const id = profile.value("sso_account_id");
      if (id === undefined || isAccountId(id)) return undefined;
      return profile.hit(
        "sso_account_id",
        "has an sso_account_id that is not 12 digits",
        "Write all 12 digits, with leading zeros.",
      );
    }),
  }),
];

function isSso(profile: ObservedSection): boolean {
  return profile.hasAny("sso_session", "sso_start_url");
}

/**
 * A profile is split only if it has no other keys than these: another key could belong to only one of the two profiles.
 */
const SPLIT_KEYS = [
  "sso_session",
  "sso_start_url",
  "sso_region",
  "sso_account_id",
  "sso_role_name",
  "sso_registration_scopes",
  "credential_process",
  "region",
  "output",
];

/** Returns edits that keep SSO in the profile, as most clients read it, and move the process to a new profile. */
function planSplit(
  { profiles, credentialsProfiles }: Observations,
  profile: ObservedSection,
  process: string,
): SectionEdit[] | undefined {
  const name = `${profile.name}-process`;
  const isWritable = isPortableName(name) && !/\n|(^|\s)[#;]/.test(process);
  const isTaken = profiles.some((other) => other.name === name) || credentialsProfiles.has(name);
  const isPlain = profile.entries.every(({ key }) => SPLIT_KEYS.includes(key));
  if (!isSso(profile) || !isWritable || isTaken || !isPlain) return undefined;
  const common = ["region", "output"].flatMap((key) => {
    const value = profile.value(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return [
    { type: "profile", name: profile.name, set: [], remove: ["credential_process"] },
    { type: "profile", name, set: [["credential_process", process], ...common] },
  ];
}

/** Returns the profile's start URL and region, and whether each equals the value in the profile's session. */
function listInlineKeys(
  { sessions }: Observations,
  profile: ObservedSection,
): Array<{ key: string; isEqual: boolean }> {
  const session = findSession(sessions, profile.value("sso_session"));
  if (session === undefined) return [];
  return ["sso_start_url", "sso_region"]
    .filter((key) => profile.hasAny(key))
    .map((key) => ({ key, isEqual: profile.value(key) === session.value(key) }));
}

function findSession(
  sessions: readonly ObservedSection[],
  name: string | undefined,
): ObservedSection | undefined {
  return sessions.find((session) => session.name === name);
}

function findSessionOfSameUrl(
  { sessions }: Observations,
  profile: ObservedSection,
): ObservedSection | undefined {
  return sessions.find((session) =>
    ["sso_start_url", "sso_region"].every((key) => session.value(key) === profile.value(key)),
  );
}

/**
 * Returns a name for the session: the first part of the start URL's host, with the region if another session has that
 * name.
 */
function nameNewSession({ sessions }: Observations, profile: ObservedSection): string {
  const [, host = "sso"] =
    /^https:\/\/([A-Za-z0-9-]+)/.exec(profile.value("sso_start_url") ?? "") ?? [];
  return findSession(sessions, host) === undefined
    ? host
    : `${host}-${profile.value("sso_region") ?? "2"}`;
}

/** @param session the session's name; a missing session is created from the profile's start URL and region. */
function formatConvertCommand(profile: ObservedSection, session: string): string {
  const answers = [
    ["--start-url", "sso_start_url"],
    ["--sso-region", "sso_region"],
    ["--account-id", "sso_account_id"],
    ["--role-name", "sso_role_name"],
  ].map(([flag = "", key = ""]) => {
    const value = profile.value(key);
    return value === undefined ? "" : ` ${flag} ${quoteShellWord(value)}`;
  });
  return `latchkey configure --profile ${quoteShellWord(profile.name)} --sso-session ${quoteShellWord(session)}${answers.join("")}`;
}
