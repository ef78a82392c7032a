import { loginCommand, sessionLabel } from "../../model/sso-session.ts";
import type { Observations, ObservedToken, Rule, RuleHit } from "../rule.ts";

/** Tokens of the configured sessions. A session without one is nothing wrong: nobody has signed in yet. */

export const TOKEN_RULES: readonly Rule[] = [
  {
    id: "token-unreadable",
    level: "warn",
    subject: "tokens",
    looksFor: "a token file that is torn, damaged or not readable",
    readers: "every AWS client asks for a new sign-in",
    judge: (seen) => judgeTokens(seen, ({ state }) => state === "unreadable", "can't be read"),
  },
  {
    id: "token-foreign",
    level: "warn",
    subject: "tokens",
    looksFor: "a token file that names another start URL or region than the config",
    readers: "the AWS CLI and the SDKs use it all the same, latchkey does not",
    judge: (seen) =>
      judgeTokens(
        seen,
        ({ state }) => state === "foreign",
        "belongs to another start URL or region",
      ),
  },
  {
    id: "token-dead",
    level: "warn",
    subject: "tokens",
    looksFor: "a token that has ended and can't be renewed",
    readers: "every AWS client asks for a new sign-in",
    judge: (seen) =>
      judgeTokens(
        seen,
        ({ state, refreshable }) => state === "expired" && !refreshable,
        "has ended and can't be renewed",
      ),
  },
  {
    id: "token-unrenewable",
    level: "warn",
    subject: "tokens",
    looksFor:
      "a good token of a session with scopes that can't be renewed (written by a tool that keeps no refresh token)",
    readers: "every AWS client asks for a new sign-in when it ends",
    judge: (seen) =>
      judgeTokens(
        seen,
        ({ state, refreshable, session }) =>
          state === "usable" && !refreshable && session.registrationScopes !== undefined,
        "can't be renewed",
      ),
  },
  {
    id: "token-without-registration-date",
    level: "warn",
    subject: "tokens",
    looksFor: "a token with a refresh token but without `registrationExpiresAt`",
    readers: "the AWS CLI and boto3 do not renew it, JavaScript, Go and latchkey do",
    judge: (seen) =>
      judgeTokens(
        seen,
        ({ refreshable, hasRegistrationDate }) => refreshable && !hasRegistrationDate,
        "has no registrationExpiresAt",
      ),
  },
  {
    id: "token-date-form",
    level: "warn",
    subject: "tokens",
    looksFor: "a token whose `expiresAt` ends in `UTC`, as an AWS CLI before 2.9 writes it",
    readers: "the AWS CLI and latchkey read the date, JavaScript and Go do not",
    judge: (seen) =>
      judgeTokens(
        seen,
        ({ expiresAt }) => expiresAt?.endsWith("UTC") === true,
        "has a date that SDKs can't read",
      ),
  },
];

function judgeTokens(
  { tokens: all }: Observations,
  isMeant: (token: ObservedToken) => boolean,
  what: string,
): RuleHit[] {
  return all.filter(isMeant).map(({ session, path }) => ({
    what: `the token of ${sessionLabel(session)} ${what}`,
    evidence: path,
    hint: `${loginCommand(session)} --force`,
  }));
}
