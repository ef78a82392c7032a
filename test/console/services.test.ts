import { describe, expect, test } from "vitest";
import {
  isSamePartition,
  consoleDestination,
  parseConsoleDuration,
  consoleHosts,
  portalShortcut,
  signInLink,
} from "../../src/console/services.ts";

test.each([
  ["eu-west-1", "signin.aws.amazon.com", "console.aws.amazon.com"],
  ["us-east-1", "signin.aws.amazon.com", "console.aws.amazon.com"],
  ["cn-north-1", "signin.amazonaws.cn", "console.amazonaws.cn"],
  ["us-gov-west-1", "signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"],
  ["eusc-de-east-1", "signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu"],
])("the console of %s signs in at %s", (region, signIn, console) => {
  expect(consoleHosts(region)).toEqual({ signIn, console });
  expect(consoleDestination(region, "s3", region)).toBe(
    `https://${console}/s3/home?region=${region}`,
  );
});

test("a partition whose console can't be reached from outside is an error", () => {
  for (const region of ["us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1"])
    expect(() => consoleHosts(region)).toThrow(expect.objectContaining({ code: "USAGE" }));
  expect([
    isSamePartition("eu-west-1", "us-east-1"),
    isSamePartition("cn-north-1", "us-east-1"),
  ]).toEqual([true, false]);
});

describe("services", () => {
  test.each([
    [undefined, "https://console.aws.amazon.com/console/home?region=eu-west-1"],
    ["ddb", "https://console.aws.amazon.com/dynamodbv2/home?region=eu-west-1"],
    ["DynamoDB", "https://console.aws.amazon.com/dynamodbv2/home?region=eu-west-1"],
    ["logs", "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups"],
    ["stepfunctions", "https://console.aws.amazon.com/states/home?region=eu-west-1"],
    ["mediaconvert", "https://console.aws.amazon.com/mediaconvert/home?region=eu-west-1"],
    ["constructor", "https://console.aws.amazon.com/constructor/home?region=eu-west-1"],
  ])("%s", (service, url) => {
    expect(consoleDestination("us-east-1", service, "eu-west-1")).toBe(url);
  });

  test.each([
    "../evil",
    "a/b",
    "a?b",
    "a@evil.example",
    "",
    " ",
    "a\nb",
    "https://evil.example",
    "//evil.example",
  ])("%j is refused: it could lead elsewhere", (service) => {
    expect(() => consoleDestination("us-east-1", service, undefined)).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
  });
});

test("every value in a link is encoded", () => {
  const link = new URL(
    signInLink(
      "https://signin.aws.amazon.com/",
      "to&ken=",
      "https://console.aws.amazon.com/s3/home?region=a&b#c",
      "https://x.awsapps.com/start",
    ),
  );
  expect([link.origin + link.pathname, Object.fromEntries(link.searchParams)]).toEqual([
    "https://signin.aws.amazon.com/federation",
    {
      Action: "login",
      Issuer: "https://x.awsapps.com/start",
      Destination: "https://console.aws.amazon.com/s3/home?region=a&b#c",
      SigninToken: "to&ken=",
    },
  ]);
  for (const startUrl of [
    "https://x.awsapps.com/start",
    "https://x.awsapps.com/start/",
    "https://x.awsapps.com/start#/",
    "https://x.awsapps.com/start/#/",
  ]) {
    expect(portalShortcut(startUrl, "000000000042", "A+B", "https://c/?a=b")).toBe(
      "https://x.awsapps.com/start/#/console?account_id=000000000042&role_name=A%2BB&destination=https%3A%2F%2Fc%2F%3Fa%3Db",
    );
  }
});

test("a duration must be from 15 minutes to 12 hours", () => {
  expect(["15m", "90m", "1h30m", "8H", "12h"].map(parseConsoleDuration)).toEqual([
    900, 5400, 5400, 28_800, 43_200,
  ]);
  for (const text of ["", "14m", "12h1m", "13h", "3600", "1d", "h", "-1h", "1h 5"])
    expect(() => parseConsoleDuration(text), text).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
});
