import { isRegion, isStartUrl } from "../../model/start-url.ts";
import { DEFAULT_REGISTRATION_SCOPES, parseScopes } from "../../model/sso-session.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { findEntry, type Observations, type ObservedSection } from "../observations.ts";
import {
  eachSession,
  eachSignIn,
  fail,
  listSignIns,
  warn,
  type Judge,
  type Rule,
} from "../rule.ts";
import { findMisspeltKeysOf } from "../misspelt-keys.ts";

/** SSO sessions: start URL, region, scopes. What legacy profiles carry themselves is looked at, too. */

export const SESSION_RULES: readonly Rule[] = [
  fail("session-incomplete", {
    looksFor: "an SSO session without `sso_start_url` or `sso_region`",
    readers: "no AWS client can sign in to it",
    judge: eachSignIn((section) => {
      const missing = ["sso_start_url", "sso_region"].filter(
        (key) => !section.hasAny(key) && !isMisspelt(section, key),
      );
      const name = quoteShellWord(section.name);
      return (
        missing.length > 0 &&
        section.hit(
          [],
          `has no ${missing.join(" and no ")}`,
          section.type === "sso-session"
            ? `latchkey configure session --sso-session ${name}`
            : `latchkey configure --profile ${name}`,
        )
      );
    }),
  }),
  fail("start-url-invalid", {
    looksFor: "an `sso_start_url` that is not an https URL",
    readers: "the AWS CLI (from 2.35) and latchkey refuse to sign in",
    judge: eachWrongValue(
      "sso_start_url",
      isStartUrl,
      "A start URL looks like https://my-company.awsapps.com/start",
    ),
  }),
  fail("sso-region-invalid", {
    looksFor: "an `sso_region` that does not have a region's form",
    readers: "the AWS CLI refuses it, the SDKs ask a host that does not exist",
    judge: eachWrongValue(
      "sso_region",
      isRegion,
      "A region looks like us-east-1: the one in which your company's IAM Identity Center runs.",
    ),
  }),
  warn("scopes-missing", {
    looksFor: "an SSO session without `sso_registration_scopes`",
    readers:
      "a sign-in by device code, of the AWS CLI and of latchkey, gets a token that can't be renewed; one by redirect asks for sso:account:access",
    isFixable: true,
    judge: eachSession((session) => {
      const key = "sso_registration_scopes";
      if (findEntry(session, key) !== undefined || isMisspelt(session, key)) return undefined;
      // Another key may hold the scopes that are meant.
      const isFixable = session.entries.every((entry) => !entry.key.includes("scope"));
      const set = [[key, DEFAULT_REGISTRATION_SCOPES]] as const;
      return session.hit(
        [],
        `has no ${key}`,
        isFixable ? "latchkey doctor --fix" : `Write ${key} = ${DEFAULT_REGISTRATION_SCOPES}`,
        isFixable ? [{ type: "sso-session", name: session.name, set }] : undefined,
      );
    }),
  }),
  fail("scopes-invalid", {
    looksFor: "`sso_registration_scopes` that are not parted by commas",
    readers: "the AWS CLI asks for one scope with a blank in it, latchkey refuses to sign in",
    judge: eachWrongValue(
      "sso_registration_scopes",
      (text) => parseScopes(text) !== undefined,
      "Put a comma between them; the usual value is sso:account:access",
    ),
  }),
  warn("scopes-without-refresh", {
    looksFor: "`sso_registration_scopes` without `sso:account:access`",
    readers: "every client gets a token that can neither list accounts nor be renewed",
    judge: eachSession((session) => {
      const text = session.value("sso_registration_scopes") ?? DEFAULT_REGISTRATION_SCOPES;
      return (
        parseScopes(text)?.includes(DEFAULT_REGISTRATION_SCOPES) === false &&
        session.hit(
          "sso_registration_scopes",
          "does not ask for sso:account:access",
          "Add sso:account:access to sso_registration_scopes, then sign in again.",
        )
      );
    }),
  }),
  warn("start-url-twins", {
    looksFor: "one start URL in two spellings (`/start` and `/start/#/`)",
    readers:
      "legacy profiles of the two share no token, since its file is named after the URL as written",
    judge: (seen) =>
      findTwins(seen).map((section) =>
        section.hit(
          "sso_start_url",
          "spells its start URL in another way than a section above",
          "Write the same start URL in both, then sign in again.",
        ),
      ),
  }),
];

/** Whether a key stands for this one: then its own rule says so. */
function isMisspelt(section: ObservedSection, key: string): boolean {
  return findMisspeltKeysOf(section).some(({ right }) => right === key);
}

function eachWrongValue(key: string, isRight: (value: string) => boolean, hint: string): Judge {
  return eachSignIn((section) => {
    const value = section.value(key);
    const isWrong = value !== undefined && !isRight(value);
    return isWrong && section.hit(key, `has an ${key} that can't be used`, hint);
  });
}

function findTwins(seen: Observations): ObservedSection[] {
  const first = new Map<string, string>();
  return listSignIns(seen).filter((section) => {
    const url = section.value("sso_start_url");
    if (url === undefined) return false;
    const portal = url.toLowerCase().replace(/[/#]+$/, "");
    const before = first.get(portal);
    if (before === undefined) first.set(portal, url);
    return before !== undefined && before !== url;
  });
}
