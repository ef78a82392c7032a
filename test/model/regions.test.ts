import { expect, test } from "vitest";
import { judgeRegion, listRegionsLike } from "../../src/model/start-url.ts";

/** Typing errors in regions, and unknown regions that AWS may add. */

test.each([
  ["us-esat-1", "us-east-1"],
  ["us-eats-1", "us-east-1"],
  ["us-est-1", "us-east-1"],
  ["use-east-1", "us-east-1"],
  ["su-east-2", "us-east-2"],
  ["eu-west1", "eu-west-1"],
  ["eu-cental-1", "eu-central-1"],
  ["ue-west-1", "eu-west-1"],
  ["ap-southest-2", "ap-southeast-2"],
  ["us-gov-wset-1", "us-gov-west-1"],
  ["us_east_1", "us-east-1"],
  ['"us-east-1"', "us-east-1"],
  ["US-EAST-1", "us-east-1"],
  ["us east 1", "us-east-1"],
  ["us-east", "us-east-1"],
  ["us-east-1a", "us-east-1"],
  ["useast1", "us-east-1"],
])("%j is a slip of %s", (region, meant) => {
  expect(judgeRegion(region)).toEqual({ kind: "slip", meant });
});

test.each(["us-east-1", "ap-southeast-7", "eusc-de-east-1", "cn-northwest-1", "us-isof-south-1"])(
  "%s is known",
  (region) => {
    expect(judgeRegion(region)).toEqual({ kind: "known" });
  },
);

test.each([
  "us-east-9",
  "eu-west-4",
  "eu-east-1",
  "us-north-1",
  "mars-north-7",
  "uk-west-1",
  "auto",
  "fr-par",
  "nyc3",
  "ru-central1",
  "",
  "-",
])("%j is unknown: AWS may add it, or another store may have it", (region) => {
  expect(judgeRegion(region)).toEqual({ kind: "unknown" });
});

test("the error for a misspelt region's host that does not resolve suggests the right region", async () => {
  const { send } = await import("../../src/aws/send.ts");
  const { createTestConnection } = await import("../aws/connection.ts");
  const { endpoint: _, ...rest } = createTestConnection("http://127.0.0.1:1");
  const via = { ...rest, endpoint: undefined, region: "us-esat-1" };
  const fail = () => Promise.reject(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }));
  await expect(send(via, "STS in us-esat-1", fail)).rejects.toMatchObject({
    code: "UNREACHABLE",
    hint: "us-esat-1 is not a region: did you mean us-east-1?",
  });
});

test.each([
  ["us-east", ["us-east-1", "us-east-2"]],
  ["eu-central-1", ["eu-central-1"]],
  ["west eu", ["eu-isoe-west-1", "eu-west-1", "eu-west-2", "eu-west-3"]],
  ["us-est-1", ["us-east-1"]],
  ["USEAST1", ["us-east-1"]],
  ["zurich", []],
])("%j is completed to %j", (typed, regions) => {
  expect(listRegionsLike(typed)).toEqual(regions);
});
