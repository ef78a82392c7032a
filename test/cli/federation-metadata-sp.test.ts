import { describe, expect, test } from "vitest";
import { createHome } from "../support/home.ts";
import { ACS, createAwsMetadata, ISSUER } from "../support/federation.ts";
import { findCheck } from "../support/federation-run.ts";
import { checkMetadata } from "../support/federation-metadata.ts";

describe("AWS's side", () => {
  test("passes AWS's own file, and reports that it is AWS's", async () => {
    const result = await checkMetadata(createAwsMetadata(), ["--region", "us-east-1"]);
    expect(result.exitCode, result.stdout).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ kind: "sp" });
  });

  test.each<[string, { acs: string; issuer: string; code: string; hint: RegExp }]>([
    [
      "the ACS URL in both fields",
      {
        acs: ACS,
        issuer: ACS,
        code: "SP-SWAPPED",
        hint: /You pasted the ACS URL into both fields\. The issuer URL does not contain \/acs\//,
      },
    ],
    [
      "the issuer URL in both fields",
      { acs: ISSUER, issuer: ISSUER, code: "SP-SWAPPED", hint: /issuer URL into both fields/ },
    ],
    ["the two exchanged", { acs: ISSUER, issuer: ACS, code: "SP-SWAPPED", hint: /Swap the two/ }],
    [
      "a truncated ACS URL",
      {
        acs: ACS.replace(/acs\/.*/, "acs/"),
        issuer: ISSUER,
        code: "SP-ACS",
        hint: /Manage authentication/,
      },
    ],
    [
      "another region's ACS URL",
      {
        acs: ACS.replace("us-east-1", "eu-west-1"),
        issuer: ISSUER,
        code: "SP-REGION",
        hint: /own region/,
      },
    ],
  ])("fails %s", async (_, { acs, issuer, code, hint }) => {
    const home = await createHome();
    const result = await home.run([
      "federation",
      "metadata",
      "--acs-url",
      acs,
      "--issuer-url",
      issuer,
      "--region",
      "us-east-1",
      "--json",
    ]);
    expect(result.exitCode).toBe(1);
    expect(findCheck(result, code).hint.join("\n")).toMatch(hint);
  });

  test.each([
    "https://eu-west-1.signin.aws/platform/saml/acs/4a5b",
    "https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/4a5b",
    "https://eu-west-1.sso.signin.aws/platform/saml/acs/4a5b",
  ])("accepts the ACS host of %s", async (acs) => {
    const home = await createHome();
    expect(
      (await home.run(["federation", "metadata", "--acs-url", acs, "--strict"])).exitCode,
    ).toBe(0);
  });
});
