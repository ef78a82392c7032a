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
    const portal = trimEndOf(url.toLowerCase(), "/#");
    const before = first.get(portal);
    if (before === undefined) first.set(portal, url);
    return before !== undefined && before !== url;
  });
}

/** Tokens of the configured sessions. A session without one is nothing wrong: nobody has signed in yet. */

export const TOKEN_RULES: readonly Rule[] = [
  warn("token-unreadable", {
    looksFor: "a token file that is torn, damaged or not readable",
    readers: "every AWS client asks for a new sign-in",
    judge: eachToken("can't be read", ({ state }) => state === "unreadable"),
  }),
  warn("token-foreign", {
    looksFor: "a token file that names another start URL or region than the config",
    readers: "the AWS CLI and the SDKs use it all the same, latchkey does not",
    judge: eachToken("belongs to another start URL or region", ({ state }) => state === "foreign"),
  }),
  warn("token-dead", {
    looksFor: "a token that has ended and can't be renewed",
    readers: "every AWS client asks for a new sign-in",
    judge: eachToken(
      "has ended and can't be renewed",
      ({ state, refreshable }) => state === "expired" && !refreshable,
    ),
  }),
  warn("token-unrenewable", {
    looksFor:
      "a good token of a session with scopes that can't be renewed (written by a tool that keeps no refresh token)",
    readers: "every AWS client asks for a new sign-in when it ends",
    judge: eachToken(
      "can't be renewed",
      ({ state, refreshable, session }) =>
        state === "usable" && !refreshable && session.registrationScopes !== undefined,
    ),
  }),
  warn("token-without-registration-date", {
    looksFor: "a token with a refresh token but without `registrationExpiresAt`",
    readers: "the AWS CLI and boto3 do not renew it, JavaScript, Go and latchkey do",
    judge: eachToken(
      "has no registrationExpiresAt",
      ({ refreshable, hasRegistrationDate }) => refreshable && !hasRegistrationDate,
    ),
  }),
  warn("token-date-form", {
    looksFor: "a token whose `expiresAt` ends in `UTC`, as an AWS CLI before 2.9 writes it",
    readers: "the AWS CLI and latchkey read the date, JavaScript and Go do not",
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
