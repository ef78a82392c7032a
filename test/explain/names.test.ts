import { expect, test } from "vitest";
import { readPastedText } from "../../src/explain/recognize.ts";
import { mask, type Names } from "../../src/explain/names.ts";

/** Text → the names in it; all others are null. */
const ROWS: ReadonlyArray<readonly [text: string, names: Partial<Names>]> = [
  ["nothing at all", {}],
  ["aws s3 ls --profile okta", { profile: "okta" }],
  ["usage: latchkey use --profile NAME", {}],
  ["in [profile dev team], line 3", { profile: "dev team" }],
  ["--sso-session corp.", { session: "corp" }],
  [
    "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ViewOnly_0123456789abcdef/ada@example.com",
    {
      account: "111122223333",
      role: "ViewOnly",
      arn: "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ViewOnly_0123456789abcdef/ada@example.com",
    },
  ],
  ["?role_name=Admin&account_id=111122223333", { account: "111122223333", role: "Admin" }],
  [
    "111122223333.dkr.ecr.eu-central-1.amazonaws.com/app",
    { account: "111122223333", region: "eu-central-1" },
  ],
  ["a number of 12 digits in a word: x111122223333", {}],
  ["is not authorized to perform: s3:ListBucket on", { action: "s3:ListBucket" }],
  [
    "StatusCode: 403, RequestID: 0a1b2c3d-1111-2222-3333-444455556666",
    { status: 403, requestId: "0a1b2c3d-1111-2222-3333-444455556666" },
  ],
  ["at 2026-11-29T10:00:00Z it ended", { time: "2026-11-29T10:00:00Z" }],
  [
    "GET https://ada:hunter2@b.s3.amazonaws.com/key?X-Amz-Signature=5d672d79c15b13162d9279b0855cfba6 failed",
    { url: "https://b.s3.amazonaws.com/key" },
  ],
  ["--profile AKIAIOSFODNN7EXAMPLE", { profile: "…" }],
  ["--profile wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", { profile: "…" }],
  ["Signature expired: AKIAIOSFODNN7EXAMPLE is now earlier than", { time: "…" }],
];

const NOTHING = Object.fromEntries(Object.keys(readPastedText("").names).map((key) => [key, null]));

test.each(ROWS)("%s", (text, names) => {
  expect(readPastedText(text).names).toEqual({ ...NOTHING, ...names });
});

test("a presigned URL's signature and the user in a URL are masked", () => {
  expect(
    mask("GET https://ada:hunter2@b.s3.amazonaws.com/k?X-Amz-Signature=5d672d79&x=1 failed"),
  ).toBe("GET https://b.s3.amazonaws.com/k?X-Amz-Signature=…&x=1 failed");
});

test("a clear message is preferred to a vague one that follows it closely", () => {
  const telling = "The config profile (ghost) could not be found\n";
  const vague = "Could not load credentials from any providers\n";
  const read = (text: string) => readPastedText(text).recognition?.message.causes[0];
  expect(read(telling + vague)).toBe("profile-missing");
  expect(read(`${telling}${"all is well here. ".repeat(400)}${vague}`)).toBe("no-credentials");
});
