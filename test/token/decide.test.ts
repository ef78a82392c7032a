import { describe, expect, test } from "vitest";
import type { AccessToken } from "../../src/model/access-token.ts";
import { renewWindowSeconds, type CachedRoleCredentials } from "../../src/model/role.ts";
import { decideRole, isOfSession } from "../../src/model/role-decision.ts";
import { decide } from "../../src/token/decide.ts";

const NOW = new Date("2026-11-29T12:00:00Z");

function fromNow(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

function tokenWith(secondsLeft: number, members: Partial<AccessToken> = {}): AccessToken {
  return {
    accessToken: "access",
    expiresAt: fromNow(secondsLeft),
    refreshToken: "refresh",
    clientId: "client",
    clientSecret: "client-secret",
    registrationExpiresAt: fromNow(86_400),
    stored: {},
    ...members,
  };
}

const WITHOUT_REFRESH = { refreshToken: undefined };
const ACCEPTED = { rejected: undefined, refused: undefined, known: undefined };
const REJECTED = { rejected: "access", refused: undefined, known: undefined };
const REFUSED = { rejected: undefined, refused: "refresh", known: undefined };
/** Rejected in an earlier run. */
const KNOWN = { ...ACCEPTED, known: "access" };

const USE = { action: "use" };
const REFRESH_VALID = { action: "refresh", isStillValid: true };
const REFRESH = { action: "refresh", isStillValid: false };
const NO_TOKEN = { action: "sign-in", reason: "has no token on this machine" };
const EXPIRED = { action: "sign-in", reason: "has expired" };
const NOT_ACCEPTED = { action: "sign-in", reason: "is no longer accepted by AWS" };

describe("what to do with a stored token", () => {
  test.each([
    ["no token asks for a sign-in", undefined, ACCEPTED, NO_TOKEN],
    ["a token with an hour left is used", tokenWith(3600), ACCEPTED, USE],
    ["one second more than the window of five minutes is used", tokenWith(301), ACCEPTED, USE],
    [
      "five minutes to the second is refreshed, and still valid",
      tokenWith(300),
      ACCEPTED,
      REFRESH_VALID,
    ],
    ["one second left is refreshed, and still valid", tokenWith(1), ACCEPTED, REFRESH_VALID],
    ["its very end is refreshed, and no longer valid", tokenWith(0), ACCEPTED, REFRESH],
    ["an expired token is refreshed", tokenWith(-3600), ACCEPTED, REFRESH],
    ["a rejected token with an hour left is refreshed", tokenWith(3600), REJECTED, REFRESH],
    ["a rejected token that has expired is refreshed", tokenWith(-1), REJECTED, REFRESH],
    ["one that an earlier run saw rejected is refreshed first", tokenWith(3600), KNOWN, REFRESH],
    [
      "one that an earlier run saw rejected, and can't be refreshed, asks for a sign-in",
      tokenWith(3600, WITHOUT_REFRESH),
      KNOWN,
      NOT_ACCEPTED,
    ],
    ["an earlier token's rejection is none", tokenWith(3600), { ...KNOWN, known: "other" }, USE],
    ["another token's rejection is none", tokenWith(3600), { ...REJECTED, rejected: "other" }, USE],
    ["without a refresh token an hour is used", tokenWith(3600, WITHOUT_REFRESH), ACCEPTED, USE],
    [
      "without a refresh token the last second is used",
      tokenWith(1, WITHOUT_REFRESH),
      ACCEPTED,
      USE,
    ],
    [
      "without a refresh token the end asks for a sign-in",
      tokenWith(0, WITHOUT_REFRESH),
      ACCEPTED,
      EXPIRED,
    ],
    [
      "without a refresh token a rejected one asks for a sign-in",
      tokenWith(3600, WITHOUT_REFRESH),
      REJECTED,
      NOT_ACCEPTED,
    ],
    [
      "an expired and rejected one was rejected",
      tokenWith(-1, WITHOUT_REFRESH),
      REJECTED,
      NOT_ACCEPTED,
    ],
    [
      "without a client there is no refresh",
      tokenWith(-1, { clientId: undefined }),
      ACCEPTED,
      EXPIRED,
    ],
    [
      "without the client's secret there is no refresh",
      tokenWith(-1, { clientSecret: undefined }),
      ACCEPTED,
      EXPIRED,
    ],
    [
      "with an expired registration there is no refresh",
      tokenWith(-1, { registrationExpiresAt: fromNow(0) }),
      ACCEPTED,
      EXPIRED,
    ],
    [
      "without a registration's end there is a refresh",
      tokenWith(-1, { registrationExpiresAt: undefined }),
      ACCEPTED,
      REFRESH,
    ],
    ["a refused refresh token is not sent again", tokenWith(-1), REFUSED, EXPIRED],
    ["a refused refresh token leaves a valid token in use", tokenWith(200), REFUSED, USE],
    [
      "another refresh token's refusal is none",
      tokenWith(-1),
      { ...REFUSED, refused: "other" },
      REFRESH,
    ],
  ] as const)("%s", (_, token, { rejected, refused, known }, decision) => {
    const isRejected = (accessToken: string): boolean => accessToken === known;
    const isRefused = (refreshToken: string): boolean => refreshToken === refused;
    const facts = { now: NOW, rejectedToken: rejected, isRejected, isRefused };
    expect(decide(token, facts)).toMatchObject(decision);
  });

  test("a refresh uses the values in the token's file", () => {
    const facts = { now: NOW, isRejected: () => false, isRefused: () => false };
    expect(decide(tokenWith(-1), facts)).toMatchObject({
      grant: { refreshToken: "refresh", clientId: "client", clientSecret: "client-secret" },
    });
  });

  test("refused refresh tokens are looked up only if one would be sent", () => {
    const isRefused = (): boolean => {
      throw new Error("asked");
    };
    const facts = { now: NOW, isRejected: () => false, isRefused };
    expect(decide(tokenWith(3600), facts).action).toBe("use");
    expect(decide(tokenWith(-1, WITHOUT_REFRESH), facts).action).toBe("sign-in");
  });
});

const REF = { session: "corp", accountId: "111122223333", roleName: "ViewOnlyAccess" };
const WINDOW = renewWindowSeconds(REF);

function roleWith(secondsLeft: number, ageSeconds = 1800): CachedRoleCredentials {
  return {
    accountId: REF.accountId,
    accessKeyId: "AKIA",
    secretAccessKey: "secret",
    sessionToken: "session",
    expiration: fromNow(secondsLeft),
    fetchedAt: fromNow(-ageSeconds),
    signIn: { tokenFile: "x.json", stamp: "then" },
  };
}

const SAME = { shareSeconds: 0, stamp: "then" };
const SHARED = { shareSeconds: 30, stamp: "then" };
const OTHER = { shareSeconds: 30, stamp: "now" };
const FETCH = { action: "fetch", fallback: undefined };

describe("what to do with cached role credentials", () => {
  test.each([
    ["missing ones are fetched", undefined, SAME, FETCH],
    ["an hour is used", roleWith(3600), SAME, "use"],
    ["one second more than the role's window is used", roleWith(WINDOW + 1), SAME, "use"],
    ["the window to the second is fetched, with a fallback", roleWith(WINDOW), SAME, "fallback"],
    ["one second left is fetched, with a fallback", roleWith(1), SAME, "fallback"],
    ["their end is fetched, without a fallback", roleWith(0), SAME, FETCH],
    ["expired ones are fetched, without a fallback", roleWith(-1), SAME, FETCH],
    ["an hour of another sign-in is fetched, with a fallback", roleWith(3600), OTHER, "fallback"],
    ["expired ones of another sign-in are no fallback", roleWith(-1), OTHER, FETCH],
    ["a short life fetched just now is shared", roleWith(60, 0), SHARED, "use"],
    ["29 seconds ago is shared", roleWith(60, 29), SHARED, "use"],
    ["30 seconds ago is not", roleWith(60, 30), SHARED, "fallback"],
    [
      "a fetch in the future, after a clock was set back, is not",
      roleWith(60, -1),
      SHARED,
      "fallback",
    ],
    ["a short life of another sign-in is not shared", roleWith(60, 0), OTHER, "fallback"],
    ["where nothing is shared, a short life is fetched", roleWith(60, 0), SAME, "fallback"],
    ["an expired one that was fetched just now is fetched again", roleWith(0, 0), SHARED, FETCH],
    ["an hour that was fetched long ago is used", roleWith(3600, 86_400), SHARED, "use"],
    ["an hour that was fetched in the future is used", roleWith(3600, -60), SHARED, "use"],
    [
      "any remaining time is shared if the age does not matter",
      roleWith(1, 7200),
      { ...SHARED, shareSeconds: Number.POSITIVE_INFINITY },
      "use",
    ],
  ] as const)("%s", (_, cached, { shareSeconds, stamp }, expected) => {
    const isOfThisSignIn = (mark: { readonly stamp: string }): boolean => mark.stamp === stamp;
    const decision = decideRole(cached, { ref: REF, now: NOW, shareSeconds, isOfThisSignIn });
    const wanted = {
      use: { action: "use", credentials: cached },
      fallback: { action: "fetch", fallback: cached },
    };
    expect(decision).toEqual(typeof expected === "string" ? wanted[expected] : expected);
  });

  test("roles of one machine are renewed at different seconds, 15 to 16 minutes before their expiration", () => {
    const names = Array.from({ length: 200 }, (_, index) => `Role${index}`);
    const windows = names.map((roleName) => renewWindowSeconds({ ...REF, roleName }));
    expect(Math.min(...windows)).toBeGreaterThanOrEqual(900);
    expect(Math.max(...windows)).toBeLessThanOrEqual(960);
    expect(new Set(windows).size).toBeGreaterThan(30);
  });
});

describe("the session of cached role credentials", () => {
  const HERE = { startUrl: "https://one.awsapps.com/start", region: "us-east-1" };

  test.each([
    ["those of the same start URL and region are the session's", HERE, false, true],
    ["another start URL is another session", { ...HERE, startUrl: "https://two" }, true, false],
    [
      "a start URL with an additional slash is another session",
      { ...HERE, startUrl: `${HERE.startUrl}/` },
      true,
      false,
    ],
    ["another region is another session", { ...HERE, region: "eu-west-1" }, true, false],
    ["unnamed ones that came with its token are the session's", undefined, true, true],
    ["unnamed ones that did not belong to no session", undefined, false, false],
  ] as const)("%s", (_, portal, isOfItsToken, expected) => {
    expect(isOfSession({ ...roleWith(3600), portal }, HERE, () => isOfItsToken)).toBe(expected);
  });
});
