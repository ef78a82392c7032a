import {
  findSection,
  profileNames,
  sessionNames,
  type ConfigSection,
} from "../../aws-config/document.ts";
import { isPortableName } from "../../aws-config/header.ts";
import { ownProcess, valueOf } from "../../profiles/profile.ts";
import { isAccountId } from "../../model/role.ts";
import { shellWord } from "../../model/sso-session.ts";
import { nearest } from "../../text/terminal.ts";
import type { Observations, Rule } from "../rule.ts";
import { headerOf, legacyProfilesOf, placeIn, profilesOf } from "../places.ts";

/** Profiles whose keys contradict each other, or lead nowhere. */

export const PROFILE_RULES: readonly Rule[] = [
  {
    id: "session-missing",
    level: "fail",
    subject: "profiles",
    looksFor: "a profile that names an SSO session which does not exist",
    readers: "every AWS client fails with this profile",
    judge: (seen) => {
      const known = sessionNames(seen.config.document);
      return profilesOf(seen).flatMap((section) => {
        const name = sessionNameOf(section);
        if (name === undefined || known.includes(name)) return [];
        const [close] = nearest(name, known);
        const cure = `latchkey configure --profile ${shellWord(section.name)} --sso-session ${close ?? shellWord(name)}`;
        return [
          {
            what: `${headerOf(section)} names the SSO session "${name}", which does not exist`,
            evidence: placeIn(seen.config, section, "sso_session", "credential_process"),
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
      mixed(seen).map((section) => ({
        what: `${headerOf(section)} has ${valueOf(section, "sso_role_name") === undefined ? "sso_account_id" : "sso_role_name"} and credential_process`,
        evidence: placeIn(seen.config, section, "credential_process"),
        hint:
          splitOf(seen, section) === undefined
            ? "Keep one of the two in this profile."
            : `latchkey doctor --fix splits it into ${section.name} and ${section.name}-process`,
      })),
    mend: (seen) => mixed(seen).flatMap((section) => splitOf(seen, section) ?? []),
  },
  {
    id: "session-conflict",
    level: "fail",
    subject: "profiles",
    looksFor: "a profile whose own `sso_start_url` or `sso_region` differs from its SSO session's",
    readers: "the AWS CLI and JavaScript refuse the profile",
    judge: (seen) =>
      profilesOf(seen).flatMap((section) => {
        const [differing] = inlineKeys(seen, section).filter(({ isEqual }) => !isEqual);
        if (differing === undefined) return [];
        return [
          {
            what: `${headerOf(section)} has another ${differing.key} than its SSO session "${valueOf(section, "sso_session") ?? ""}"`,
            evidence: placeIn(seen.config, section, differing.key),
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
      repeating(seen).map((section) => ({
        what: `${headerOf(section)} repeats what its SSO session says`,
        evidence: placeIn(seen.config, section, "sso_start_url", "sso_region"),
        hint: "latchkey doctor --fix removes the copy",
      })),
    mend: (seen) =>
      repeating(seen).map(({ name }) => [
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
      legacyProfilesOf(seen).flatMap((section) => {
        const session = sessionOfSameUrl(seen, section);
        if (session === undefined) return [];
        return [
          {
            what: `${headerOf(section)} has the start URL of the SSO session "${session}" in legacy form`,
            evidence: placeIn(seen.config, section, "sso_start_url"),
            hint: convertCommand(section, session),
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
      legacyProfilesOf(seen)
        .filter((section) => sessionOfSameUrl(seen, section) === undefined)
        .map((section) => ({
          what: `${headerOf(section)} is in legacy form`,
          evidence: placeIn(seen.config, section, "sso_start_url"),
          hint: convertCommand(section, "NAME"),
        })),
  },
  {
    id: "role-incomplete",
    level: "fail",
    subject: "profiles",
    looksFor: "an SSO profile with only one of `sso_account_id` and `sso_role_name`",
    readers: "the AWS CLI and JavaScript refuse the profile",
    judge: (seen) =>
      profilesOf(seen).flatMap((section) => {
        const missing = ["sso_account_id", "sso_role_name"].filter(
          (key) => valueOf(section, key) === undefined,
        );
        if (!isSso(section) || missing.length !== 1) return [];
        return [
          {
            what: `${headerOf(section)} has no ${missing[0] ?? ""}`,
            evidence: placeIn(seen.config, section, "sso_account_id", "sso_role_name"),
            hint: `latchkey configure --profile ${shellWord(section.name)}`,
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
      profilesOf(seen).flatMap((section) => {
        const id = valueOf(section, "sso_account_id");
        return id === undefined || isAccountId(id)
          ? []
          : [
              {
                what: `${headerOf(section)} has an sso_account_id that is not 12 digits`,
                evidence: placeIn(seen.config, section, "sso_account_id"),
                hint: "Write it with its leading zeros.",
              },
            ];
      }),
  },
];

function sessionNameOf(section: ConfigSection): string | undefined {
  return (
    valueOf(section, "sso_session") ?? ownProcess(valueOf(section, "credential_process"))?.session
  );
}

function isSso(section: ConfigSection): boolean {
  return (
    valueOf(section, "sso_session") !== undefined || valueOf(section, "sso_start_url") !== undefined
  );
}

function mixed(seen: Observations): ConfigSection[] {
  const names = (section: ConfigSection): boolean =>
    valueOf(section, "sso_account_id") !== undefined ||
    valueOf(section, "sso_role_name") !== undefined;
  return profilesOf(seen).filter(
    (section) => names(section) && valueOf(section, "credential_process") !== undefined,
  );
}

/** SSO stays under the profile's name, as the AWS CLI reads it; the process gets a profile of its own. */
function splitOf(
  { config: { document } }: Observations,
  section: ConfigSection,
): ReturnType<NonNullable<Rule["mend"]>> | undefined {
  const process = valueOf(section, "credential_process");
  const name = `${section.name}-process`;
  if (
    process === undefined ||
    !isSso(section) ||
    !isPortableName(name) ||
    /\n|(^|\s)[#;]/.test(process) ||
    profileNames(document).includes(name)
  )
    return undefined;
  const common = ["region", "output"].flatMap((key) => {
    const value = valueOf(section, key);
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
function inlineKeys(
  { config: { document } }: Observations,
  section: ConfigSection,
): Array<{ key: string; isEqual: boolean }> {
  const name = valueOf(section, "sso_session");
  const session = name === undefined ? undefined : findSection(document, "sso-session", name);
  if (session === undefined) return [];
  return ["sso_start_url", "sso_region"].flatMap((key) => {
    const [own, shared] = [valueOf(section, key), valueOf(session, key)];
    return own === undefined ? [] : [{ key, isEqual: own === shared }];
  });
}

function repeating(seen: Observations): ConfigSection[] {
  return profilesOf(seen).filter((section) => {
    const keys = inlineKeys(seen, section);
    return keys.length > 0 && keys.every(({ isEqual }) => isEqual);
  });
}

function sessionOfSameUrl(
  { config: { document } }: Observations,
  profile: ConfigSection,
): string | undefined {
  return sessionNames(document).find((name) => {
    const session = findSection(document, "sso-session", name);
    return (
      session !== undefined &&
      ["sso_start_url", "sso_region"].every(
        (key) => valueOf(session, key) === valueOf(profile, key),
      )
    );
  });
}

function convertCommand(section: ConfigSection, session: string): string {
  const answers = [
    ["--start-url", "sso_start_url"],
    ["--sso-region", "sso_region"],
    ["--account-id", "sso_account_id"],
    ["--role-name", "sso_role_name"],
  ].flatMap(([flag = "", key = ""]) => {
    const value = valueOf(section, key);
    return value === undefined || (session !== "NAME" && /start-url|sso-region/.test(flag))
      ? []
      : [flag, shellWord(value)];
  });
  return [
    "latchkey configure --profile",
    shellWord(section.name),
    "--sso-session",
    shellWord(session),
    ...answers,
  ].join(" ");
}
