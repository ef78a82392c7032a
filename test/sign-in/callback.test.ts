import { describe, expect, test } from "vitest";
import {
  authorizeUrl,
  judgeCallback,
  judgePastedAddress,
  type CallbackRequest,
} from "../../src/sign-in/redirect/callback.ts";

const PENDING = {
  redirectUri: "http://127.0.0.1:38013/oauth/callback",
  state: "s".repeat(43),
  codeVerifier: "PTZV83ta_Z6HlKQPAJjDujAstYsyR20uugkZCV9I~a2_Bl69AN1llhkOdTHqHX5C",
};
const GOOD = `/oauth/callback?code=abc&state=${PENDING.state}`;
const createRequest = (target: string, more: Partial<CallbackRequest> = {}): CallbackRequest => ({
  method: "GET",
  target,
  host: "127.0.0.1:38013",
  ...more,
});

describe("the authorization URL", () => {
  test("has the parameters of the AWS CLI, spaces as %20, and the challenge that the CLI sent for this verifier", () => {
    const url = authorizeUrl("https://oidc.us-east-1.amazonaws.com/", "id", PENDING, [
      "sso:account:access",
      "openid",
    ]);
    expect(url).toBe(
      "https://oidc.us-east-1.amazonaws.com/authorize?response_type=code&client_id=id&redirect_uri=http%3A%2F%2F127.0.0.1%3A38013%2Foauth%2Fcallback" +
        `&state=${PENDING.state}&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess%20openid&code_challenge=W-w22OJG1QYs4g3xfiPIAcMKCPlDfTHTBlUmuYohHLg`,
    );
  });
});

describe("the callback", () => {
  test("with one code and the right state is the answer, with one error a refusal", () => {
    expect(judgeCallback(createRequest(GOOD), PENDING)).toEqual({ kind: "code", code: "abc" });
    expect(
      judgeCallback(
        createRequest(
          `/oauth/callback?error=access_denied&error_description=no&state=${PENDING.state}`,
        ),
        PENDING,
      ),
    ).toEqual({ kind: "refused" });
  });

  test.each<[string, CallbackRequest, number]>([
    ["another path", createRequest(GOOD.replace("callback", "callback/")), 404],
    ["a path in capitals", createRequest(GOOD.replace("callback", "CALLBACK")), 404],
    ["an encoded path", createRequest(GOOD.replace("oauth", "%6Fauth")), 404],
    ["the icon that browsers ask for", createRequest("/favicon.ico"), 404],
    ["a whole URL as target", createRequest(`http://127.0.0.1:38013${GOOD}`), 404],
    ["POST", createRequest(GOOD, { method: "POST" }), 405],
    ["HEAD", createRequest(GOOD, { method: "HEAD" }), 405],
    ["another name of this address", createRequest(GOOD, { host: "evil.example:38013" }), 421],
    ["localhost", createRequest(GOOD, { host: "localhost:38013" }), 421],
    ["another port", createRequest(GOOD, { host: "127.0.0.1" }), 421],
    ["no host", createRequest(GOOD, { host: undefined }), 421],
    ["no query", createRequest("/oauth/callback"), 400],
    ["no state", createRequest("/oauth/callback?code=abc"), 400],
    ["an empty state", createRequest("/oauth/callback?code=abc&state="), 400],
    ["a wrong state", createRequest("/oauth/callback?code=abc&state=x"), 400],
    ["the state twice", createRequest(`${GOOD}&state=${PENDING.state}`), 400],
    [
      "a wrong state before the right one",
      createRequest(`/oauth/callback?code=abc&state=x&state=${PENDING.state}`),
      400,
    ],
    ["the code twice", createRequest(`${GOOD}&code=def`), 400],
    ["an empty code", createRequest(`/oauth/callback?code=&state=${PENDING.state}`), 400],
    [
      "a code with a line break",
      createRequest(`/oauth/callback?code=a%0Ab&state=${PENDING.state}`),
      400,
    ],
    ["an error without the state", createRequest("/oauth/callback?error=x"), 400],
    ["an error with a wrong state", createRequest("/oauth/callback?error=x&state=y"), 400],
    ["a code and an error", createRequest(`${GOOD}&error=x`), 400],
    ["two errors", createRequest(`/oauth/callback?error=x&error=y&state=${PENDING.state}`), 400],
  ])("%s is not the answer", (_what, asked, status) => {
    expect(judgeCallback(asked, PENDING)).toEqual({ kind: "stray", status });
  });
});

describe("an address that was pasted", () => {
  test("is accepted with spaces around it and a fragment", () => {
    expect(judgePastedAddress(`  http://127.0.0.1:38013${GOOD}#_=_\n`, PENDING)).toEqual({
      kind: "code",
      code: "abc",
    });
  });

  test.each([
    "",
    "abc",
    GOOD,
    `https://127.0.0.1:38013${GOOD}`,
    `http://127.0.0.1:38014${GOOD}`,
    `http://127.0.0.1:38013${GOOD.slice(0, -1)}`,
    `http://user@127.0.0.1:38013${GOOD}`,
  ])("%j does not belong to this sign-in", (text) => {
    expect(judgePastedAddress(text, PENDING).kind).toBe("stray");
  });
});
