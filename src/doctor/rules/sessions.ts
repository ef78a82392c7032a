import type { ConfigSection } from "../../aws-config/document.ts";
import { isRegion, isStartUrl } from "../../model/start-url.ts";
import { findValue } from "../../profiles/profile.ts";
import { DEFAULT_REGISTRATION_SCOPES, parseScopes } from "../../model/sso-session.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import type { Observations, Rule } from "../rule.ts";
import { findMisspeltKeysOf } from "./keys.ts";
import { findEntry, formatHeader, listLegacyProfiles, locateKey, listSessions } from "../places.ts";

/** SSO sessions: start URL, region, scopes. What legacy profiles carry themselves is looked at, too. */

export const SESSION_RULES: readonly Rule[] = [
  {
    id: "session-incomplete",
    level: "fail",
    subject: "sessions",
    looksFor: "an SSO session without `sso_start_url` or `sso_region`",
    readers: "no AWS client can sign in to it",
    judge: (seen) =>
      listSignIns(seen).flatMap((section) => {
        // A misspelt key is said by its own rule.
        const meant = findMisspeltKeysOf(section).map(({ right }) => right);
        const missing = ["sso_start_url", "sso_region"].filter(
          (key) => findValue(section, key) === undefined && !meant.includes(key),
        );
        return missing.length === 0
          ? []
          : [
              {
                what: `${formatHeader(section)} has no ${missing.join(" and no ")}`,
                evidence: locateKey(seen.config, section),
                hint:
                  section.type === "sso-session"
                    ? `latchkey configure session --sso-session ${quoteShellWord(section.name)}`
                    : `latchkey configure --profile ${quoteShellWord(section.name)}`,
              },
            ];
      }),
  },
  {
    id: "start-url-invalid",
    level: "fail",
    subject: "sessions",
    looksFor: "an `sso_start_url` that is not an https URL",
    readers: "the AWS CLI (from 2.35) and latchkey refuse to sign in",
    judge: (seen) =>
      findWrongValues(
        seen,
        "sso_start_url",
        isStartUrl,
        "A start URL looks like https://my-company.awsapps.com/start",
      ),
  },
  {
    id: "sso-region-invalid",
    level: "fail",
    subject: "sessions",
    looksFor: "an `sso_region` that does not have a region's form",
    readers: "the AWS CLI refuses it, the SDKs ask a host that does not exist",
    judge: (seen) =>
      findWrongValues(
        seen,
        "sso_region",
        isRegion,
        "A region looks like us-east-1: the one in which your company's IAM Identity Center runs.",
      ),
  },
  {
    id: "scopes-missing",
    level: "warn",
    subject: "sessions",
    looksFor: "an SSO session without `sso_registration_scopes`",
    readers:
      "a sign-in by device code, of the AWS CLI and of latchkey, gets a token that can't be renewed; one by redirect asks for sso:account:access",
    judge: (seen) =>
      findWithoutScopes(seen).map((section) => ({
        what: `${formatHeader(section)} has no sso_registration_scopes`,
        evidence: locateKey(seen.config, section),
        hint: "latchkey doctor --fix adds sso:account:access; then sign in again",
      })),
    mend: (seen) =>
      findWithoutScopes(seen).map(({ name }) => [
        {
          type: "sso-session",
          name,
          set: [["sso_registration_scopes", DEFAULT_REGISTRATION_SCOPES]],
        },
      ]),
  },
  {
    id: "scopes-invalid",
    level: "fail",
    subject: "sessions",
    looksFor: "`sso_registration_scopes` that are not parted by commas",
    readers: "the AWS CLI asks for one scope with a blank in it, latchkey refuses to sign in",
    judge: (seen) =>
      findWrongValues(
        seen,
        "sso_registration_scopes",
        (text) => parseScopes(text) !== undefined,
        "Put a comma between them; the usual value is sso:account:access",
      ),
  },
  {
    id: "scopes-without-refresh",
    level: "warn",
    subject: "sessions",
    looksFor: "`sso_registration_scopes` without `sso:account:access`",
    readers: "every client gets a token that can neither list accounts nor be renewed",
    judge: (seen) =>
      listSessions(seen)
        .filter(
          (section) =>
            parseScopes(
              findValue(section, "sso_registration_scopes") ?? DEFAULT_REGISTRATION_SCOPES,
            )?.includes(DEFAULT_REGISTRATION_SCOPES) === false,
        )
        .map((section) => ({
          what: `${formatHeader(section)} does not ask for sso:account:access`,
          evidence: locateKey(seen.config, section, "sso_registration_scopes"),
          hint: "Add sso:account:access to sso_registration_scopes, then sign in again.",
        })),
  },
  {
    id: "start-url-twins",
    level: "warn",
    subject: "sessions",
    looksFor: "one start URL in two spellings (`/start` and `/start/#/`)",
    readers:
      "legacy profiles of the two share no token, since its file is named after the URL as written",
    judge: (seen) =>
      findTwins(seen).map((section) => ({
        what: `${formatHeader(section)} spells its start URL in another way than a section above`,
        evidence: locateKey(seen.config, section, "sso_start_url"),
        hint: "Write the same start URL in both, then sign in again.",
      })),
  },
];

/** Sections that a client signs in by. */
function listSignIns(seen: Observations): ConfigSection[] {
  return [...listSessions(seen), ...listLegacyProfiles(seen)];
}

function findWrongValues(
  seen: Observations,
  key: string,
  isRight: (value: string) => boolean,
  hint: string,
) {
  return listSignIns(seen).flatMap((section) => {
    const value = findValue(section, key);
    return value === undefined || isRight(value)
      ? []
      : [
          {
            what: `${formatHeader(section)} has an ${key} that can't be used`,
            evidence: locateKey(seen.config, section, key),
            hint,
          },
        ];
  });
}

function findWithoutScopes(seen: Observations): ConfigSection[] {
  return listSessions(seen).filter(
    (section) =>
      findEntry(section, "sso_registration_scopes") === undefined &&
      !findMisspeltKeysOf(section).some(({ right }) => right === "sso_registration_scopes"),
  );
}

function findTwins(seen: Observations): ConfigSection[] {
  const first = new Map<string, string>();
  return listSignIns(seen).filter((section) => {
    const url = findValue(section, "sso_start_url");
    if (url === undefined) return false;
    const portal = url.toLowerCase().replace(/[/#]+$/, "");
    const before = first.get(portal);
    if (before === undefined) first.set(portal, url);
    return before !== undefined && before !== url;
  });
}
