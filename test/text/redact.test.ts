import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { redact } from "../../src/text/redact.ts";

describe("the last look at what is said", () => {
  test.each([
    [
      "a JWT",
      "refused eyJraWQiOiJrZXktMTU2NDAyODA5OSJ9.eyJzdWIiOiJ4In0.c2ln for it",
      "refused … for it",
    ],
    [
      "a named value",
      "the refresh_token=abcdef123 and clientSecret: 'hunter22' here",
      "the refresh_token=… and clientSecret: '…' here",
    ],
    ["a JSON member", '{"accessToken": "aoaAAAAAGX", "x": 1}', '{"accessToken": "…", "x": 1}'],
  ])("%s is masked", (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test("long random words are masked", () => {
    for (let time = 0; time < 200; time += 1) {
      const secret = randomBytes(64).toString("base64url");
      if (/[a-z]{8,}/.test(secret)) continue;
      expect(redact(`got ${secret} back`)).toBe("got … back");
    }
  });

  test.each([
    "Signed in to corp. The token (good until 11:04, in 1 h) renews itself while your company's session lasts.",
    "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ViewOnlyAccess_1a2b3c4d5e6f7a8b/okta.user@example.com",
    "/home/me/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json could not be written (ENOSPC).",
    "  Open   https://d-936702831c.awsapps.com/start/#/device?user_code=GPNW-SHFH",
    "  + credential_process = /usr/local/lib/node_modules/latchkey/bin/run.js credential-process --sso-session corp --account-id 111122223333",
    'latchkey: error: The SSO session "corp" has no token on this machine.',
  ])("what people need stays: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});
