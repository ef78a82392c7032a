import { describe, expect, test } from "vitest";
import { parseScimEndpoint } from "../../src/federation/scim/endpoint.ts";

const AWS = "https://scim.eu-west-1.amazonaws.com/a1b2-tenant/scim/v2";

function findProblem(text: string): string | undefined {
  const reading = parseScimEndpoint(text);
  return reading.endpoint === undefined ? reading.problem.summary : undefined;
}

describe("a SCIM endpoint", () => {
  test.each([
    [AWS, "eu-west-1", []],
    ["https://scim.cn-north-1.amazonaws.com.cn/t/scim/v2", "cn-north-1", []],
    [`${AWS}/`, "eu-west-1", [/slash/]],
    [` ${AWS}\n`, "eu-west-1", [/blanks/]],
    ["https://scim.example/t/scim/v2", undefined, [/scim\.example is not scim\.REGION/]],
    // Allowed for an emulator on this machine.
    ["http://127.0.0.1:9/t/scim/v2", undefined, []],
  ])("%j is accepted", (text, region, warnings) => {
    const { endpoint } = parseScimEndpoint(text);
    expect(endpoint).toMatchObject({ region, base: text.trim().replace(/\/$/, "") });
    expect(endpoint?.warnings).toHaveLength(warnings.length);
    warnings.forEach((said, index) => expect(endpoint?.warnings[index]).toMatch(said));
  });

  test.each([
    ["http://scim.eu-west-1.amazonaws.com/t/scim/v2", /not https/],
    ["http://127.0.0.1.example/t/scim/v2", /not https/],
    ["ftp://127.0.0.1/t/scim/v2", /not https/],
    [AWS.replace("https://", "https://user@"), /more than a host and a path/],
    [`${AWS}?a=b`, /more than a host and a path/],
    [`${AWS}#a`, /more than a host and a path/],
    [AWS.replace("tenant", "ten ant"), /blanks or line breaks/],
    ["https://acme.awsapps.com/start/scim/v2", /portal or sign-in URL/],
    ["https://scim.eu-west-1.amazonaws.com/t", /does not end in \/scim\/v2/],
    ["scim.eu-west-1.amazonaws.com", /not a URL/],
    ["A".repeat(40), /looks like the token/],
  ])("%j is refused, and the message does not contain it", (text, said) => {
    const problem = findProblem(text);
    expect(problem).toMatch(said);
    expect(problem).not.toContain(text);
  });
});
