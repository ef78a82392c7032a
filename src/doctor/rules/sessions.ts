import { trimEndOf } from "../../text/json.ts";
import { isRegion, isStartUrl, readTypedStartUrl } from "../../model/start-url.ts";
import {
  DEFAULT_REGISTRATION_SCOPES,
  loginCommand,
  parseScopes,
  sessionLabel,
} from "../../model/sso-session.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { hit } from "../hit.ts";
import {
  findEntry,
  type Observations,
  type ObservedSection,
  type ObservedToken,
} from "../observations.ts";
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

/** Rules for start URL, region and scopes of SSO sessions, and of legacy profiles, which have them in the profile. */

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
    looksFor:
      "an `sso_start_url` that is not an https URL, or is a page of Okta or of the AWS console",
    readers: "the AWS CLI (from 2.35) and latchkey refuse to sign in",
    judge: eachWrongValue(
      "sso_start_url",
      (url) => isStartUrl(url) && readTypedStartUrl(url).kind === "url",
      "A start URL looks like https://my-company.awsapps.com/start",
    ),
  }),
  fail("sso-region-invalid", {
    looksFor: "an `sso_region` that does not have the form of a region",
    readers: "the AWS CLI refuses it; the SDKs connect to a host that does not exist",
    judge: eachWrongValue(
      "sso_region",
      isRegion,
      "A region looks like us-east-1. Use the region of your company's IAM Identity Center.",
    ),
  }),
  warn("scopes-missing", {
    looksFor: "an SSO session without `sso_registration_scopes`",
    readers:
      "a device code sign-in of the AWS CLI or latchkey gets a token that can't be refreshed; a redirect sign-in requests sso:account:access",
    isFixable: true,
    judge: eachSession((session) => {
      const key = "sso_registration_scopes";
      if (findEntry(session, key) !== undefined || isMisspelt(session, key)) return undefined;
      // Another key may contain the intended scopes.
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
    looksFor: "`sso_registration_scopes` that are not separated by commas",
    readers: "the AWS CLI requests one scope with a blank in it; latchkey refuses to sign in",
    judge: eachWrongValue(
      "sso_registration_scopes",
      (text) => parseScopes(text) !== undefined,
      "Put a comma between them; the usual value is sso:account:access",
    ),
  }),
  warn("scopes-without-refresh", {
    looksFor: "`sso_registration_scopes` without `sso:account:access`",
    readers: "every client gets a token that can't list accounts and can't be refreshed",
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
      "legacy profiles with the two spellings do not share a token, since its file name is derived from the exact URL",
    judge: (seen) =>
      findTwins(seen).map((section) =>
        section.hit(
          "sso_start_url",
          "has another spelling of its start URL than a section above",
          "Write the same start URL in both, then sign in again.",
        ),
      ),
  }),
];

/** Whether another key is a misspelling of this one, which another rule reports. */
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
    const portal = trimEndOf(url.toLowerCase(), "/#");
    const before = first.get(portal);
    if (before === undefined) first.set(portal, url);
    return before !== undefined && before !== url;
  });
}

/** Rules for tokens of the configured sessions. A session without a token is not an error: nobody has signed in yet. */

export const TOKEN_RULES: readonly Rule[] = [
  warn("token-unreadable", {
    looksFor: "a token file that is incomplete, damaged or not readable",
    readers: "every AWS client asks for a new sign-in",
    judge: eachToken("can't be read", ({ state }) => state === "unreadable"),
  }),
  warn("token-foreign", {
    looksFor: "a token file with another start URL or region than the config",
    readers: "the AWS CLI and the SDKs use it anyway; latchkey does not",
    judge: eachToken("belongs to another start URL or region", ({ state }) => state === "foreign"),
  }),
  warn("token-dead", {
    looksFor: "a token that has expired and can't be refreshed",
    readers: "every AWS client asks for a new sign-in",
    judge: eachToken(
      "has expired and can't be refreshed",
      ({ state, refreshable }) => state === "expired" && !refreshable,
    ),
  }),
  warn("token-unrenewable", {
    looksFor:
      "a valid token that can't be refreshed although its session has scopes (written by a tool that stores no refresh token)",
    readers: "every AWS client asks for a new sign-in when it expires",
    judge: eachToken(
      "can't be refreshed",
      ({ state, refreshable, session }) =>
        state === "usable" && !refreshable && session.registrationScopes !== undefined,
    ),
  }),
  warn("token-without-registration-date", {
    looksFor: "a token with a refresh token but without `registrationExpiresAt`",
    readers: "the AWS CLI and boto3 do not refresh it; JavaScript, Go and latchkey do",
    judge: eachToken(
      "has no registrationExpiresAt",
      ({ refreshable, hasRegistrationDate }) => refreshable && !hasRegistrationDate,
    ),
  }),
  warn("token-date-form", {
    looksFor: "a token whose `expiresAt` ends in `UTC`, as an AWS CLI before 2.9 writes it",
    readers: "the AWS CLI and latchkey can read the date; JavaScript and Go can't",
    judge: eachToken(
      "has a date that SDKs can't read",
      ({ expiresAt }) => expiresAt?.endsWith("UTC") === true,
    ),
  }),
];

function eachToken(what: string, isMeant: (token: ObservedToken) => boolean): Judge {
  return ({ tokens }) =>
    tokens
      .filter(isMeant)
      .map(({ session, path }) =>
        hit(
          `the token of ${sessionLabel(session)} ${what}`,
          path,
          `${loginCommand(session)} --force`,
        ),
      );
}
