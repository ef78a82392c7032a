import {
  findSection,
  listProfileNames,
  listSessionNames,
  type ConfigSection,
} from "../../aws-config/document.ts";
import { isPortableName } from "../../aws-config/header.ts";
import { parseOwnProcess, findValue } from "../../profiles/profile.ts";
import { isAccountId } from "../../model/role.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { closestMatches } from "../../text/terminal.ts";
import type { Observations, Rule } from "../rule.ts";
import { formatHeader, listLegacyProfiles, locateKey, listProfiles } from "../places.ts";

/** Profiles whose keys contradict each other, or lead nowhere. */

export const PROFILE_RULES: readonly Rule[] = [
  {
    id: "session-missing",
    level: "fail",
    subject: "profiles",
    looksFor: "a profile that names an SSO session which does not exist",
    readers: "every AWS client fails with this profile",
    judge: (seen) => {
      const known = listSessionNames(seen.config.document);
      return listProfiles(seen).flatMap((section) => {
        const name = findSessionName(section);
        if (name === undefined || known.includes(name)) return [];
        const [close] = closestMatches(name, known);
        const cure = `latchkey configure --profile ${quoteShellWord(section.name)} --sso-session ${close ?? quoteShellWord(name)}`;
        return [
          {
            what: `${formatHeader(section)} names the SSO session "${name}", which does not exist`,
            evidence: locateKey(seen.config, section, "sso_session", "credential_process"),
            hint: close === undefined ? cure : `The nearest: ${close}. ${cure}`,
          },
        ];
      });
    },
  },
  {
    id: "profile-mixed",
    level: "warn",
    subject: "profiles",
    looksFor: "a profile with both `sso_account_id` or `sso_role_name` and `credential_process`",
    readers: "the AWS CLI and Go take SSO, JavaScript runs the process",
    judge: (seen) =>
      findMixedProfiles(seen).map((section) => ({
        what: `${formatHeader(section)} has ${findValue(section, "sso_role_name") === undefined ? "sso_account_id" : "sso_role_name"} and credential_process`,
        evidence: locateKey(seen.config, section, "credential_process"),
        hint:
          planSplit(seen, section) === undefined
            ? "Keep one of the two in this profile."
            : `latchkey doctor --fix splits it into ${section.name} and ${section.name}-process`,
      })),
    mend: (seen) => findMixedProfiles(seen).flatMap((section) => planSplit(seen, section) ?? []),
  },
  {
    id: "session-conflict",
    level: "fail",
    subject: "profiles",
    looksFor: "a profile whose own `sso_start_url` or `sso_region` differs from its SSO session's",
    readers: "the AWS CLI and JavaScript refuse the profile",
    judge: (seen) =>
      listProfiles(seen).flatMap((section) => {
        const [differing] = listInlineKeys(seen, section).filter(({ isEqual }) => !isEqual);
        if (differing === undefined) return [];
        return [
          {
            what: `${formatHeader(section)} has another ${differing.key} than its SSO session "${findValue(section, "sso_session") ?? ""}"`,
            evidence: locateKey(seen.config, section, differing.key),
            hint: "Remove sso_start_url and sso_region from the profile, if the session's are right.",
          },
        ];
      }),
  },
  {
    id: "session-inline",
    level: "warn",
    subject: "profiles",
    looksFor: "a profile that repeats the start URL and region of its SSO session",
    readers:
      "the AWS CLI from 2.9 and the SDKs use the session, older ones the copy, with a token of its own",
    judge: (seen) =>
      findRepeatingProfiles(seen).map((section) => ({
        what: `${formatHeader(section)} repeats what its SSO session says`,
        evidence: locateKey(seen.config, section, "sso_start_url", "sso_region"),
        hint: "latchkey doctor --fix removes the copy",
      })),
    mend: (seen) =>
      findRepeatingProfiles(seen).map(({ name }) => [
        { type: "profile", name, set: [], remove: ["sso_start_url", "sso_region"] },
      ]),
  },
  {
    id: "legacy-beside-session",
    level: "warn",
    subject: "profiles",
    looksFor: "a legacy profile (start URL in the profile) whose start URL an SSO session has, too",
    readers: "every client keeps two tokens for one portal, and only the session's can be renewed",
    judge: (seen) =>
      listLegacyProfiles(seen).flatMap((section) => {
        const session = findSessionOfSameUrl(seen, section);
        if (session === undefined) return [];
        return [
          {
            what: `${formatHeader(section)} has the start URL of the SSO session "${session}" in legacy form`,
            evidence: locateKey(seen.config, section, "sso_start_url"),
            hint: formatConvertCommand(section, session),
          },
        ];
      }),
  },
  {
    id: "legacy-profile",
    level: "notice",
    subject: "profiles",
    looksFor: "a legacy profile (start URL in the profile)",
    readers: "every client can use its token, none can renew it",
    judge: (seen) =>
      listLegacyProfiles(seen)
        .filter((section) => findSessionOfSameUrl(seen, section) === undefined)
        .map((section) => ({
          what: `${formatHeader(section)} is in legacy form`,
          evidence: locateKey(seen.config, section, "sso_start_url"),
          hint: formatConvertCommand(section, "NAME"),
        })),
  },
  {
    id: "role-incomplete",
    level: "fail",
    subject: "profiles",
    looksFor: "an SSO profile with only one of `sso_account_id` and `sso_role_name`",
    readers: "the AWS CLI and JavaScript refuse the profile",
    judge: (seen) =>
      listProfiles(seen).flatMap((section) => {
        const missing = ["sso_account_id", "sso_role_name"].filter(
          (key) => findValue(section, key) === undefined,
        );
        if (!isSso(section) || missing.length !== 1) return [];
        return [
          {
            what: `${formatHeader(section)} has no ${missing[0] ?? ""}`,
            evidence: locateKey(seen.config, section, "sso_account_id", "sso_role_name"),
            hint: `latchkey configure --profile ${quoteShellWord(section.name)}`,
          },
        ];
      }),
  },
  {
    id: "account-id-invalid",
    level: "fail",
    subject: "profiles",
    looksFor: "an `sso_account_id` that is not 12 digits",
    readers: "every client asks for an account that does not exist",
    judge: (seen) =>
      listProfiles(seen).flatMap((section) => {
        const id = findValue(section, "sso_account_id");
        return id === undefined || isAccountId(id)
          ? []
          : [
              {
                what: `${formatHeader(section)} has an sso_account_id that is not 12 digits`,
                evidence: locateKey(seen.config, section, "sso_account_id"),
                hint: "Write it with its leading zeros.",
              },
            ];
      }),
  },
];

function findSessionName(section: ConfigSection): string | undefined {
  return (
    findValue(section, "sso_session") ??
    parseOwnProcess(findValue(section, "credential_process"))?.session
  );
}

function isSso(section: ConfigSection): boolean {
  return (
    findValue(section, "sso_session") !== undefined ||
    findValue(section, "sso_start_url") !== undefined
  );
}

function findMixedProfiles(seen: Observations): ConfigSection[] {
  const hasRoleKeys = (section: ConfigSection): boolean =>
    findValue(section, "sso_account_id") !== undefined ||
    findValue(section, "sso_role_name") !== undefined;
  return listProfiles(seen).filter(
    (section) => hasRoleKeys(section) && findValue(section, "credential_process") !== undefined,
  );
}

/** SSO stays under the profile's name, as the AWS CLI reads it; the process gets a profile of its own. */
function planSplit(
  { config: { document } }: Observations,
  section: ConfigSection,
): ReturnType<NonNullable<Rule["mend"]>> | undefined {
  const process = findValue(section, "credential_process");
  const name = `${section.name}-process`;
  if (
    process === undefined ||
    !isSso(section) ||
    !isPortableName(name) ||
    /\n|(^|\s)[#;]/.test(process) ||
    listProfileNames(document).includes(name)
  )
    return undefined;
  const common = ["region", "output"].flatMap((key) => {
    const value = findValue(section, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return [
    [
      { type: "profile", name: section.name, set: [], remove: ["credential_process"] },
      { type: "profile", name, set: [["credential_process", process], ...common] },
    ],
  ];
}

/** The start URL and region that stand beside a session that exists, compared with it. */
function listInlineKeys(
  { config: { document } }: Observations,
  section: ConfigSection,
): Array<{ key: string; isEqual: boolean }> {
  const name = findValue(section, "sso_session");
  const session = name === undefined ? undefined : findSection(document, "sso-session", name);
  if (session === undefined) return [];
  return ["sso_start_url", "sso_region"].flatMap((key) => {
    const [own, shared] = [findValue(section, key), findValue(session, key)];
    return own === undefined ? [] : [{ key, isEqual: own === shared }];
  });
}

function findRepeatingProfiles(seen: Observations): ConfigSection[] {
  return listProfiles(seen).filter((section) => {
    const keys = listInlineKeys(seen, section);
    return keys.length > 0 && keys.every(({ isEqual }) => isEqual);
  });
}

function findSessionOfSameUrl(
  { config: { document } }: Observations,
  profile: ConfigSection,
): string | undefined {
  return listSessionNames(document).find((name) => {
    const session = findSection(document, "sso-session", name);
    return (
      session !== undefined &&
      ["sso_start_url", "sso_region"].every(
        (key) => findValue(session, key) === findValue(profile, key),
      )
    );
  });
}

function formatConvertCommand(section: ConfigSection, session: string): string {
  const answers = [
    ["--start-url", "sso_start_url"],
    ["--sso-region", "sso_region"],
    ["--account-id", "sso_account_id"],
    ["--role-name", "sso_role_name"],
  ].flatMap(([flag = "", key = ""]) => {
    const value = findValue(section, key);
    return value === undefined || (session !== "NAME" && /start-url|sso-region/.test(flag))
      ? []
      : [flag, quoteShellWord(value)];
  });
  return [
    "latchkey configure --profile",
    quoteShellWord(section.name),
    "--sso-session",
    quoteShellWord(session),
    ...answers,
  ].join(" ");
}
