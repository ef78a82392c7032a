import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { maskComment, maskValue } from "../../src/text/secrets/config-value.ts";
import { maskSent, readId, rememberSent } from "../../src/text/secrets/sent.ts";
import { redact } from "../../src/text/secrets/redact.ts";

describe("the last masking of a text", () => {
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
  ])("a text without secrets stays the same: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("a sent secret", () => {
  const TOKEN = "plain words of a token-1";

  test("is masked in every later text, whatever its form, and other text is not", () => {
    expect(redact(`refused: ${TOKEN}!`)).toContain(TOKEN);
    rememberSent({ Authorization: `Bearer ${TOKEN}` }, undefined);
    expect(redact(`refused: ${TOKEN}!`)).toBe("refused: …!");
    expect(maskSent(`{"id":"${TOKEN}","token=abcdefgh":1}`)).toBe('{"id":"…","token=abcdefgh":1}');
  });

  test.each([
    ["the portal's token", { "x-amz-sso_bearer_token": "sent-to-portal" }, undefined],
    ["a session token", { "X-Amz-Security-Token": "sent-to-portal" }, undefined],
    ["a refresh token", {}, '{"refreshToken":"sent-to-portal","grantType":"refresh_token"}'],
    ["a client secret", {}, Buffer.from('{"clientSecret":"sent-to-portal"}')],
    ["a code", {}, '{"code":"sent-to-portal","codeVerifier":"x"}'],
    ["a device code", {}, '{"deviceCode":"sent-to-portal"}'],
  ])("can be %s", (_, headers, body) => {
    const secret = randomBytes(6).toString("hex");
    const sent = JSON.stringify({ headers, body: body?.toString() });
    const { headers: own, body: text } = JSON.parse(sent.replaceAll("sent-to-portal", secret)) as {
      headers: Record<string, string>;
      body?: string;
    };
    rememberSent(own, text === undefined ? undefined : Buffer.from(text));
    expect(maskSent(`x ${secret} y`)).toBe("x … y");
  });

  test.each<[what: string, id: unknown, read: string | undefined]>([
    ["a UUID", "3b7ca7b3-0c1d-4d2e-8f3a-112233445566", "3b7ca7b3-0c1d-4d2e-8f3a-112233445566"],
    ["no text", 7, undefined],
    ["nothing", "", undefined],
    ["a control character", "a\u001b[2J", undefined],
    ["a blank", "a b", undefined],
    ["a sentence", "see https://evil.example/", undefined],
    ["65 characters", "a".repeat(65), undefined],
    ["what was sent", "sent-as-a-token-2", undefined],
    ["more than what was sent", "id-sent-as-a-token-2-id", undefined],
    ["a piece of what was sent", "as-a-token", undefined],
  ])("is never read as part of a service's id: %s", (_, id, read) => {
    rememberSent({ authorization: "Bearer sent-as-a-token-2" }, undefined);
    expect(readId(id)).toBe(read);
  });
});

describe("a config value for display", () => {
  test.each([
    ["region", "eu-west-1", "eu-west-1"],
    ["REGION", "eu-west-1", "eu-west-1"],
    ["sso_start_url", "https://corp.awsapps.com/start", "https://corp.awsapps.com/start"],
    ["sso_start_url", "https://user:hush@corp.example/start", "https://…@corp.example/start"],
    ["endpoint_url", "https://h/?X-Amz-Signature=hush", "https://h/?…"],
    ["region", "eu-west-1 # password hush", "eu-west-1 # …"],
    ["region", "eu-west-1 ; home", "eu-west-1 ; home"],
    ["role_arn", "arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/x"],
    ["latchkey_managed", "corp", "corp"],
    [
      "s3",
      "\n  addressing_style = path\n  api_key = hush",
      "\n  addressing_style = path\n  api_key = …",
    ],
    ["region", "eu-west-1\n  hush", "eu-west-1\n  …"],
    ["region", "", ""],
    ["vault_pass", "hush", "…"],
    ["vault_pass", "\n  hush", "\n  …"],
    ["mfa_pin", "123456", "…"],
    ["api_key", "hush", "…"],
    ["aws_secret_access_key", "hush", "…"],
    ["aws_access_key_id", "AKIAIOSFODNN7EXAMPLE", "…"],
    ["aws_session_token", "hush", "…"],
    ["external_id", "hush", "…"],
    ["color", "on", "…"],
    ["__proto__", "hush", "…"],
  ])("%s = %j is shown as %j", (key, value, shown) => {
    expect(maskValue(key, value)).toBe(shown);
  });

  test.each([
    [
      "/usr/bin/latchkey credential-process --sso-session corp --account-id 111122223333 --role-name View,Only",
      undefined,
    ],
    [
      "/usr/bin/node /opt/latchkey/bin/run.js credential-process --sso-session 'my corp' --account-id 1 --role-name A",
      undefined,
    ],
    ["aws-vault export --format=json", undefined],
    ["get-creds --token hush", "get-creds --token …"],
    ["get-creds --api-key=hush", "get-creds --api-key=…"],
    ["get-creds -p hush", "get-creds -p …"],
    ["get-creds -phush", "get-creds …"],
    ["get-creds HUSH1", "get-creds …"],
    ["get-creds --unknown hush", "get-creds --unknown …"],
    ["TOKEN=hush get-creds", "TOKEN=… get-creds"],
    ['sh -c "curl -H hush"', "sh -c …"],
    ["get-creds 'hush", "get-creds …"],
    ["curl https://me:hush@host/", "curl …"],
  ])("credential_process = %s", (line, shown) => {
    expect(maskValue("credential_process", line)).toBe(shown ?? line);
  });

  test.each([
    ["# okta, production", undefined],
    ["; see https://wiki.example/aws", undefined],
    ["# region = eu-west-1", undefined],
    ["# aws_secret_access_key = hush", "# …"],
    ["#vault: hush", "#…"],
    ["  ; my password is hush", "  ; …"],
    ["# pin 1234", "# …"],
    ["# AKIAIOSFODNN7EXAMPLE", "# …"],
  ])("masks secrets in the comment %s", (comment, shown) => {
    expect(maskComment(comment)).toBe(shown ?? comment);
  });
});

test.each([
  "a",
  "\"'",
  "--a=",
  "a:",
  " #",
  "://",
  "://a@",
  "=",
  " ",
  "eyJ",
  "token=",
  "eyJaaaaaaaaaa.a",
  "a b=",
  "?",
  "-",
])("200 kB of %j are masked in less than 3 s", (piece) => {
  const text = piece.repeat(200_000 / piece.length);
  const started = performance.now();
  redact(text);
  maskComment(`# ${text}`);
  maskValue("region", text);
  maskValue("credential_process", `x ${text}`);
  maskValue("s3", `\n${text}`);
  expect(performance.now() - started).toBeLessThan(3_000);
});
