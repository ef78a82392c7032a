import { loginCommand, sessionLabel } from "../../model/sso-session.ts";
import type { ObservedToken } from "../observations.ts";
import { hit } from "../hit.ts";
import { warn, type Judge, type Rule } from "../rule.ts";

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
