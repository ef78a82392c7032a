import { describe, expect, test } from "vitest";
import {
  containerJson,
  exportJson,
  EXPORT_FORMATS,
  exportText,
  type AwsCredentials,
  type ExportFormat,
} from "../../src/model/credentials.ts";
import { loadVectors, type AwsFormat } from "../support/vectors.ts";

const vectors = loadVectors().export_credentials;
const credentials: AwsCredentials = {
  accessKeyId: vectors.creds.AccessKeyId,
  secretAccessKey: vectors.creds.SecretAccessKey,
  sessionToken: vectors.creds.SessionToken,
  expiration: new Date(vectors.creds.expiry),
  accountId: "111122223333",
};
const okta = { profile: "okta", region: "eu-west-1" };
const AWS_FORMATS = EXPORT_FORMATS.filter((format): format is AwsFormat => format in vectors);

describe("the formats of aws configure export-credentials", () => {
  test("are these six", () => {
    expect(AWS_FORMATS).toEqual([
      "env",
      "env-no-export",
      "fish",
      "powershell",
      "windows-cmd",
      "process",
    ]);
  });

  test.each(AWS_FORMATS)("%s has the AWS CLI's exact bytes", (format) => {
    expect(exportText(format, credentials, okta)).toBe(vectors[format]);
  });

  test("leave out what long-term keys do not have", () => {
    const keys = {
      ...credentials,
      sessionToken: undefined,
      expiration: undefined,
      accountId: undefined,
    };
    expect(exportText("env", keys, okta)).toBe(
      "export AWS_ACCESS_KEY_ID=AKIDX\nexport AWS_SECRET_ACCESS_KEY=SKX\n",
    );
    expect(JSON.parse(exportText("process", keys, okta))).toEqual({
      Version: 1,
      AccessKeyId: "AKIDX",
      SecretAccessKey: "SKX",
    });
  });
});

describe("the other formats", () => {
  test("dotenv contains the account, and the region if it is known", () => {
    expect(exportText("dotenv", credentials, okta)).toBe(
      `${vectors["env-no-export"]}AWS_ACCOUNT_ID=111122223333\nAWS_REGION=eu-west-1\nAWS_DEFAULT_REGION=eu-west-1\n`,
    );
    const unknown = { ...credentials, accountId: undefined };
    expect(exportText("dotenv", unknown, { profile: "okta", region: undefined })).toBe(
      vectors["env-no-export"],
    );
  });

  test("credentials-file is a section with the expiration in a comment", () => {
    expect(exportText("credentials-file", credentials, okta)).toBe(
      "[okta]\n# good until 2030-01-01T00:00:00Z\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\naws_session_token = STX\naws_account_id = 111122223333\n",
    );
  });

  test("sts has the form of aws sts assume-role, which coding agents accept", () => {
    expect(JSON.parse(exportText("sts", credentials, okta))).toEqual({
      Credentials: {
        AccessKeyId: "AKIDX",
        SecretAccessKey: "SKX",
        SessionToken: "STX",
        Expiration: "2030-01-01T00:00:00Z",
      },
    });
  });

  test.each(["a]b", "two words", "line\nbreak", "", "é"])(
    "credentials-file refuses the name %j",
    (profile) => {
      expect(() =>
        exportText("credentials-file", credentials, { profile, region: undefined }),
      ).toThrow(expect.objectContaining({ code: "USAGE" }));
    },
  );
});

const OUTSIDE = [
  "a b",
  "a;b",
  "a$(b)",
  "a`b`",
  "a'b",
  'a"b',
  "a\nb",
  "a%b%",
  "a&b",
  "a|b",
  "é",
  "a\\b",
  "a:b",
  "",
];

test.each(EXPORT_FORMATS)(
  "%s refuses every value that a shell could read as more than one word",
  (format: ExportFormat) => {
    for (const value of OUTSIDE) {
      for (const member of ["accessKeyId", "secretAccessKey", "sessionToken"]) {
        expect(
          () => exportText(format, { ...credentials, [member]: value }, okta),
          `${member} ${JSON.stringify(value)}`,
        ).toThrow(expect.objectContaining({ code: "BAD_RESPONSE", exitCode: 6 }));
      }
    }
  },
);

test("--json prints the process format with the account id", () => {
  expect(JSON.parse(exportJson(credentials))).toEqual({
    ...(JSON.parse(vectors.process) as object),
    AccountId: "111122223333",
  });
});

test("a container endpoint's answer has the five members that SDKs read", () => {
  expect(JSON.parse(containerJson(credentials))).toEqual({
    AccessKeyId: "AKIDX",
    SecretAccessKey: "SKX",
    Token: "STX",
    Expiration: "2030-01-01T00:00:00Z",
    AccountId: "111122223333",
  });
});
