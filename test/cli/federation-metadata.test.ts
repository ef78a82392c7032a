import { describe, expect, test } from "vitest";
import { createHome, type RunResult } from "../support/home.ts";
import {
  ACS,
  awsMetadata,
  certificate,
  checkOf,
  ISSUER,
  oktaMetadata,
  statuses,
  type MetadataOptions,
} from "../support/federation.ts";

async function metadata(text: string, flags: readonly string[] = []): Promise<RunResult> {
  const home = await createHome();
  return home.run(["federation", "metadata", home.write("file.xml", text), "--json", ...flags]);
}

describe("federation metadata", () => {
  test("passes Okta's file rule by rule, and prints fingerprint and end of the certificate", async () => {
    const result = await metadata(oktaMetadata());
    expect(result.exitCode, result.stdout).toBe(0);
    expect(statuses(result)).toEqual({
      "META-ROOT": "ok",
      "META-DTD": "ok",
      "META-KIND": "ok",
      "META-ENTITY": "ok",
      "META-SSO": "ok",
      "META-CERT": "ok",
      "META-NAMEID": "ok",
      "META-VALID": "ok",
    });
    expect(JSON.parse(result.stdout)).toMatchObject({ kind: "idp" });
    expect(checkOf(result, "META-CERT").evidence).toMatchObject({
      key: "RSA 2048",
      fingerprintSha256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      notAfter: expect.stringMatching(/^20\d\d-/),
    });
  });

  const old = certificate({ from: "20200101000000Z", to: "20210101000000Z" });
  const future = certificate({ from: "20380101000000Z", to: "20390101000000Z" });
  const html = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Okta</body></html>";
  const sp = awsMetadata();
  test.each<[string, string, readonly string[], string, RegExp]>([
    ["a sign-in page saved as XML", html, [], "META-ROOT", /you saved a sign-in page/],
    [
      "a well-formed sign-in page without a doctype",
      "<html><body/></html>",
      [],
      "META-ROOT",
      /you saved a sign-in page/,
    ],
    [
      "a document type",
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${oktaMetadata()}`,
      [],
      "META-DTD",
      /DOCTYPE or ENTITY/,
    ],
    ["broken XML", oktaMetadata().slice(0, -10), [], "META-ROOT", /not well-formed/],
    ["another root", "<a/>", [], "META-ROOT", /root is <a>/],
    [
      "the right names in no namespace",
      oktaMetadata().replace("urn:oasis:names:tc:SAML:2.0:metadata", "urn:other"),
      [],
      "META-ROOT",
      /not one EntityDescriptor/,
    ],
    ["AWS's file for Okta's", sp, ["--expect", "idp"], "META-KIND", /service provider file/],
    ["no entityID", oktaMetadata({ entityId: "" }), [], "META-ENTITY", /missing/],
    [
      "an entityID that is too long",
      oktaMetadata({ entityId: "x".repeat(1025) }),
      [],
      "META-ENTITY",
      /1024/,
    ],
    [
      "a sign-on address without TLS",
      oktaMetadata({ location: "http://acme.okta.com/sso" }),
      [],
      "META-SSO",
      /not https/,
    ],
    [
      "another organization's file",
      oktaMetadata(),
      ["--okta-domain", "other.okta.com"],
      "META-SSO",
      /another organization/,
    ],
    [
      "no certificate",
      oktaMetadata({ certificates: [] }),
      [],
      "META-CERT",
      /no signing certificate/,
    ],
    [
      "a certificate that is none",
      oktaMetadata({ certificates: ["AAAA"] }),
      [],
      "META-CERT",
      /can't be read/,
    ],
    [
      "an expired certificate",
      oktaMetadata({ certificates: [old] }),
      [],
      "META-CERT",
      /expired on 2021-01-01/,
    ],
    [
      "a certificate of the future",
      oktaMetadata({ certificates: [future] }),
      [],
      "META-CERT",
      /only from 2038-01-01/,
    ],
    [
      "a short key",
      oktaMetadata({ certificates: [certificate({ bits: 1024 })] }),
      [],
      "META-CERT",
      /RSA 1024/,
    ],
    [
      "a certificate too large for AWS",
      oktaMetadata({ certificates: [certificate({ bits: 8192, from: "20240101000000Z" })] }),
      [],
      "META-CERT",
      /2500/,
    ],
    [
      "no NameID of the form emailAddress",
      oktaMetadata({ nameIds: ["urn:oasis:name:tc:SAML:1.1:nameid-format:emailAddress"] }),
      [],
      "META-NAMEID",
      /emailAddress/,
    ],
    [
      "metadata past its own end",
      oktaMetadata({ attributes: ' validUntil="2020-01-01T00:00:00Z"' }),
      [],
      "META-VALID",
      /2020-01-01/,
    ],
  ])("fails %s", async (_, text, flags, id, words) => {
    const result = await metadata(text, flags);
    expect(result.exitCode, result.stdout).toBe(1);
    expect(Object.entries(statuses(result)).filter(([, status]) => status === "fail")).toEqual([
      [id, "fail"],
    ]);
    expect(checkOf(result, id).summary).toMatch(words);
    expect(checkOf(result, id).hint.length).toBeGreaterThan(0);
  });

  test.each<[string, string | MetadataOptions]>([
    ["with a byte order mark and CRLF", `\uFEFF${oktaMetadata().replaceAll("><", ">\r\n<")}`],
    ["without prefixes", { prefix: "" }],
    ["whose key has no use", { use: "" }],
    [
      "inside an EntitiesDescriptor",
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${oktaMetadata().replace(/<\?xml.*?\?>/, "")}</md:EntitiesDescriptor>`,
    ],
  ])("passes metadata %s", async (_, shape) => {
    const result = await metadata(typeof shape === "string" ? shape : oktaMetadata(shape));
    expect(result.exitCode, result.stdout).toBe(0);
  });

  test("judges each of two certificates, so that an expired one beside a good one is seen", async () => {
    const result = await metadata(oktaMetadata({ certificates: [certificate(), old] }));
    const { checks } = JSON.parse(result.stdout) as {
      checks: Array<{ id: string; status: string; summary: string }>;
    };
    expect(
      checks
        .filter(({ id }) => id === "META-CERT")
        .map(({ status, summary }) => [status, summary.slice(0, 28)]),
    ).toEqual([
      ["ok", "signing certificate 1 of 2: "],
      ["fail", "signing certificate 2 of 2 e"],
    ]);
  });

  test("warns of a certificate that ends soon, which fails with --strict", async () => {
    expect((await metadata(oktaMetadata(), ["--min-days", "9999"])).exitCode).toBe(0);
    expect((await metadata(oktaMetadata(), ["--min-days", "9999", "--strict"])).exitCode).toBe(1);
  });

  test("says what changed since the file that was uploaded before", async () => {
    const home = await createHome();
    const before = home.write(
      "before.xml",
      oktaMetadata({ certificates: [certificate({ from: "20240101000000Z" })] }),
    );
    const result = await home.run([
      "federation",
      "metadata",
      home.write("now.xml", oktaMetadata()),
      "--previous",
      before,
      "--json",
    ]);
    expect(checkOf(result, "META-DIFF").summary).toMatch(
      /^entityID unchanged; certificate rotated/,
    );
  });

  test("reads stdin, and refuses a file that is not there in two lines", async () => {
    const home = await createHome();
    expect(
      (await home.run(["federation", "metadata", "-"], { input: oktaMetadata() })).exitCode,
    ).toBe(0);
    expect(await home.run(["federation", "metadata", "nothing.xml"])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/^latchkey: error: There is no file nothing\.xml\.\n/),
    });
  });
});

describe("AWS's side", () => {
  test("passes AWS's own file, and says whose it is", async () => {
    const result = await metadata(awsMetadata(), ["--region", "us-east-1"]);
    expect(result.exitCode, result.stdout).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ kind: "sp" });
  });

  test.each<[string, string, string, string, RegExp]>([
    [
      "the ACS URL in both fields",
      ACS,
      ACS,
      "SP-SWAPPED",
      /You pasted the ACS URL into both fields; the issuer has no \/acs\//,
    ],
    ["the issuer URL in both fields", ISSUER, ISSUER, "SP-SWAPPED", /issuer URL into both fields/],
    ["the two exchanged", ISSUER, ACS, "SP-SWAPPED", /Exchange the two/],
    [
      "an ACS URL that is cut",
      ACS.replace(/acs\/.*/, "acs/"),
      ISSUER,
      "SP-ACS",
      /Manage authentication/,
    ],
    [
      "another region's ACS URL",
      ACS.replace("us-east-1", "eu-west-1"),
      ISSUER,
      "SP-REGION",
      /own region/,
    ],
  ])("fails %s", async (_, acs, issuer, code, hint) => {
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
    expect(checkOf(result, code).hint.join("\n")).toMatch(hint);
  });

  test.each([
    "https://eu-west-1.signin.aws/platform/saml/acs/4a5b",
    "https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/4a5b",
    "https://eu-west-1.sso.signin.aws/platform/saml/acs/4a5b",
  ])("knows the ACS host of %s", async (acs) => {
    const home = await createHome();
    expect(
      (await home.run(["federation", "metadata", "--acs-url", acs, "--strict"])).exitCode,
    ).toBe(0);
  });
});
