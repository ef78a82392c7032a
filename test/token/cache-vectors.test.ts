import { describe, expect, test } from "vitest";
import {
  formatTokenFile,
  parseAccessToken,
  parseRegistration,
  buildLoginEntry,
  buildRefreshEntry,
} from "../../src/model/access-token.ts";
import { accountLabel, sortAccounts, sortRoles } from "../../src/model/account.ts";
import { tokenCacheKey, type SsoSession } from "../../src/model/sso-session.ts";
import { parseJson } from "../../src/text/json.ts";
import { loadVectors } from "../support/vectors.ts";

const vectors = loadVectors();

const session: SsoSession = {
  name: "s1",
  startUrl: "https://d-123.awsapps.com/start",
  region: "us-east-1",
  registrationScopes: ["sso:account:access"],
};

describe("token_cache: the name of a token's file", () => {
  test.each(vectors.token_cache)("$kind $input", ({ input, file }) => {
    expect(`~/.aws/sso/cache/${tokenCacheKey(input)}.json`).toBe(file);
  });
});

describe("file_examples: latchkey reads the files of the AWS CLI and the SDKs, and writes the same form", () => {
  test("a token after a login is written byte for byte as the AWS CLI does", () => {
    const example = vectors.file_examples.token_device_or_pkce;
    const registration = {
      clientId: "cid",
      clientSecret: "csec",
      expiresAt: new Date("2027-02-22T06:37:42Z"),
    };
    const issued = {
      accessToken: "at1",
      expiresAt: new Date("2026-11-24T14:37:43.900Z"),
      refreshToken: "rt1",
    };
    const ours = formatTokenFile(buildLoginEntry(session, registration, issued));
    const layout = `{${Object.entries(example)
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(", ")}}`;
    expect(ours).toBe(layout);
  });

  test("the AWS CLI's token is read with everything that a refresh needs", () => {
    expect(parseAccessToken(vectors.file_examples.token_device_or_pkce, session)).toMatchObject({
      accessToken: "at1",
      refreshToken: "rt1",
      clientId: "cid",
      clientSecret: "csec",
    });
  });

  test("registrations of both flows are read", () => {
    const now = new Date("2026-11-24T00:00:00Z");
    expect(parseRegistration(vectors.file_examples.registration_device, now)).toMatchObject({
      clientId: "cid",
    });
    expect(parseRegistration(vectors.file_examples.registration_pkce, now)).toMatchObject({
      clientId: "cid",
    });
  });

  test("a token refreshed by the SDK for JavaScript is read with its milliseconds, and its unknown key survives a refresh", () => {
    const stored = JSON.parse(
      vectors.file_examples.js_refreshed_token_text.replaceAll(
        '"..."',
        '"https://d-123.awsapps.com/start"',
      ),
    ) as object;
    const token = parseAccessToken(
      { ...stored, registrationExpiresAt: "2027-02-22T06:37:42Z" },
      session,
    );
    expect(token?.expiresAt.toISOString()).toBe("2026-11-24T07:43:34.671Z");
    const refreshed = buildRefreshEntry(token!, session, {
      accessToken: "at12",
      expiresAt: new Date("2026-11-24T09:00:00Z"),
      refreshToken: undefined,
    });
    expect(refreshed).toMatchObject({
      extra: "keep",
      accessToken: "at12",
      expiresAt: "2026-11-24T09:00:00Z",
      refreshToken: "rt11",
    });
  });

  test("a token refreshed by the SDK for .NET is read: indented, with seven digits of a second, and without unknown keys", () => {
    const text = JSON.stringify(
      {
        startUrl: session.startUrl,
        region: session.region,
        accessToken: "at21",
        expiresAt: "2026-11-28T06:33:13.4758954Z",
        clientId: "cid",
        clientSecret: "csec",
        registrationExpiresAt: "2027-02-22T06:37:42.0000000Z",
        refreshToken: "rt21",
      },
      undefined,
      2,
    );
    const token = parseAccessToken(parseJson(text), session);
    expect(token?.expiresAt.toISOString()).toBe("2026-11-28T06:33:13.475Z");
    expect(token).toMatchObject({ accessToken: "at21", refreshToken: "rt21", clientId: "cid" });
    // The SDK writes in place: a partly written file must not be read as a token, wherever it ends.
    for (let end = 0; end < text.length; end += 7)
      expect(parseAccessToken(parseJson(text.slice(0, end)), session)).toBeUndefined();
  });

  test("non-ASCII text is escaped like in Python's json.dumps", () => {
    expect(formatTokenFile({ a: "é😀\u007f", n: null, list: [1, true] })).toBe(
      '{"a": "\\u00e9\\ud83d\\ude00\\u007f", "n": null, "list": [1, true]}',
    );
  });
});

describe("invalid token files", () => {
  const good = vectors.file_examples.token_device_or_pkce;
  test.each([
    ["no object", "text"],
    ["null", null],
    ["an array", [good]],
    ["a number for the token", { ...good, accessToken: 7 }],
    ["an empty token", { ...good, accessToken: "" }],
    ["a token that would break out of its header", { ...good, accessToken: "a\r\nx: y" }],
    ["no end", { ...good, expiresAt: undefined }],
    ["an end in words", { ...good, expiresAt: "tomorrow" }],
    ["an end in the year 9999", { ...good, expiresAt: "9999-12-31T23:59:59Z" }],
    ["another start URL", { ...good, startUrl: "https://other.awsapps.com/start" }],
    ["another region", { ...good, region: "eu-west-1" }],
  ])("%s is treated as absent", (_, stored) => {
    expect(parseAccessToken(stored, session)).toBeUndefined();
  });

  test.each([
    "2026-11-24T14:37:43Z",
    "2026-11-24T14:37:43UTC",
    "2026-11-24T14:37:43.671Z",
    "2026-11-24T15:37:43+01:00",
  ])("%s is read as the same instant as the other spellings", (expiresAt) => {
    expect(
      parseAccessToken({ ...good, expiresAt }, session)
        ?.expiresAt.toISOString()
        .slice(0, 19),
    ).toBe("2026-11-24T14:37:43");
  });
});

describe("account_sort: the order and the labels of the AWS CLI's menus", () => {
  test("accounts are sorted and labelled", () => {
    expect(sortAccounts(vectors.account_sort.input).map(accountLabel)).toEqual(
      vectors.account_sort.shown,
    );
  });

  test("roles are sorted", () => {
    const roles = vectors.account_sort.roles_input.map((roleName) => ({
      accountId: "1",
      roleName,
    }));
    expect(sortRoles(roles).map(({ roleName }) => roleName)).toEqual(
      vectors.account_sort.roles_shown,
    );
  });
});
