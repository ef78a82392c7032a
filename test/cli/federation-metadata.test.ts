import { describe, expect, test } from "vitest";
import type { MetadataJson } from "../../src/commands/federation/metadata.ts";
import { createHome, parseOutput } from "../support/home.ts";
import {
  createAwsMetadata,
  createCertificate,
  createOktaMetadata,
  type MetadataOptions,
} from "../support/federation.ts";
import { findCheck, parseStatuses } from "../support/federation-run.ts";
import { checkMetadata } from "../support/federation-metadata.ts";

describe("federation metadata", () => {
  test("passes Okta's file rule by rule, and prints the certificate's fingerprint and expiry", async () => {
    const result = await checkMetadata(createOktaMetadata());
    expect(result.exitCode, result.stdout).toBe(0);
    expect(parseStatuses(result)).toEqual({
      "META-ROOT": "ok",
      "META-DTD": "ok",
      "META-KIND": "ok",
      "META-ENTITY": "ok",
      "META-SSO": "ok",
      "META-CERT": "ok",
      "META-NAMEID": "ok",
      "META-VALID": "ok",
    });
    expect(parseOutput<MetadataJson>(result)).toMatchObject({ kind: "idp" });
    expect(findCheck(result, "META-CERT").evidence).toMatchObject({
      key: "RSA 2048",
      fingerprintSha256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      notAfter: expect.stringMatching(/^20\d\d-/),
    });
  });

  const old = createCertificate({ from: "20200101000000Z", to: "20210101000000Z" });
  const future = createCertificate({ from: "20380101000000Z", to: "20390101000000Z" });
  const html = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Okta</body></html>";
  const sp = createAwsMetadata();
  test.each<[string, { text: string; flags?: readonly string[]; id: string; words: RegExp }]>([
    [
      "a sign-in page saved as XML",
      { text: html, id: "META-ROOT", words: /you saved a sign-in page/ },
    ],
    [
      "a well-formed sign-in page without a doctype",
      { text: "<html><body/></html>", id: "META-ROOT", words: /you saved a sign-in page/ },
    ],
    [
      "a document type",
      {
        text: `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${createOktaMetadata()}`,
        id: "META-DTD",
        words: /DOCTYPE or ENTITY/,
      },
    ],
    [
      "broken XML",
      { text: createOktaMetadata().slice(0, -10), id: "META-ROOT", words: /not well-formed/ },
    ],
    ["another root element", { text: "<a/>", id: "META-ROOT", words: /root is <a>/ }],
    [
      "the right names in no namespace",
      {
        text: createOktaMetadata().replace("urn:oasis:names:tc:SAML:2.0:metadata", "urn:other"),
        id: "META-ROOT",
        words: /one EntityDescriptor of SAML/,
      },
    ],
    [
      "AWS's file for Okta's",
      { text: sp, flags: ["--expect", "idp"], id: "META-KIND", words: /service provider file/ },
    ],
    [
      "no entityID",
      { text: createOktaMetadata({ entityId: "" }), id: "META-ENTITY", words: /missing/ },
    ],
    [
      "an entityID that is too long",
      {
        text: createOktaMetadata({ entityId: "x".repeat(1025) }),
        id: "META-ENTITY",
        words: /1024/,
      },
    ],
    [
      "a sign-on address without TLS",
      {
        text: createOktaMetadata({ location: "http://acme.okta.com/sso" }),
        id: "META-SSO",
        words: /not https/,
      },
    ],
    [
      "another organization's file",
      {
        text: createOktaMetadata(),
        flags: ["--okta-domain", "other.okta.com"],
        id: "META-SSO",
        words: /another organization/,
      },
    ],
    [
      "no certificate",
      {
        text: createOktaMetadata({ certificates: [] }),
        id: "META-CERT",
        words: /no signing certificate/,
      },
    ],
    [
      "text that is not a certificate",
      {
        text: createOktaMetadata({ certificates: ["AAAA"] }),
        id: "META-CERT",
        words: /can't be read/,
      },
    ],
    [
      "an expired certificate",
      {
        text: createOktaMetadata({ certificates: [old] }),
        id: "META-CERT",
        words: /expired on 2021-01-01/,
      },
    ],
    [
      "a certificate that is not valid yet",
      {
        text: createOktaMetadata({ certificates: [future] }),
        id: "META-CERT",
        words: /only from 2038-01-01/,
      },
    ],
    [
      "a short key",
      {
        text: createOktaMetadata({ certificates: [createCertificate({ bits: 1024 })] }),
        id: "META-CERT",
        words: /RSA 1024/,
      },
    ],
    [
      "a certificate too large for AWS",
      {
        text: createOktaMetadata({
          certificates: [createCertificate({ bits: 8192, from: "20240101000000Z" })],
        }),
        id: "META-CERT",
        words: /2500/,
      },
    ],
    [
      "no NameID of the form emailAddress",
      {
        text: createOktaMetadata({
          nameIds: ["urn:oasis:name:tc:SAML:1.1:nameid-format:emailAddress"],
        }),
        id: "META-NAMEID",
        words: /emailAddress/,
      },
    ],
    [
      "expired metadata",
      {
        text: createOktaMetadata({ attributes: ' validUntil="2020-01-01T00:00:00Z"' }),
        id: "META-VALID",
        words: /2020-01-01/,
      },
    ],
  ])("fails %s", async (_, { text, flags, id, words }) => {
    const result = await checkMetadata(text, flags);
    expect(result.exitCode, result.stdout).toBe(1);
    expect(Object.entries(parseStatuses(result)).filter(([, status]) => status === "fail")).toEqual(
      [[id, "fail"]],
    );
    expect(findCheck(result, id).summary).toMatch(words);
    expect(findCheck(result, id).hint.length).toBeGreaterThan(0);
  });

  test.each<[string, string | MetadataOptions]>([
    ["with a byte order mark and CRLF", `\uFEFF${createOktaMetadata().replaceAll("><", ">\r\n<")}`],
    ["without prefixes", { prefix: "" }],
    ["whose key has no use", { use: "" }],
    [
      "inside an EntitiesDescriptor",
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${createOktaMetadata().replace(/<\?xml.*?\?>/, "")}</md:EntitiesDescriptor>`,
    ],
  ])("passes metadata %s", async (_, shape) => {
    const result = await checkMetadata(
      typeof shape === "string" ? shape : createOktaMetadata(shape),
    );
    expect(result.exitCode, result.stdout).toBe(0);
  });

  test("checks each of two certificates, so that an expired one next to a good one is reported", async () => {
    const result = await checkMetadata(
      createOktaMetadata({ certificates: [createCertificate(), old] }),
    );
    const { checks } = parseOutput<MetadataJson>(result);
    expect(
      checks
        .filter(({ id }) => id === "META-CERT")
        .map(({ status, summary }) => [status, summary.slice(0, 28)]),
    ).toEqual([
      ["ok", "signing certificate 1 of 2: "],
      ["fail", "signing certificate 2 of 2 e"],
    ]);
  });

  test("warns of a certificate that expires soon, which fails with --strict", async () => {
    expect((await checkMetadata(createOktaMetadata(), ["--min-days", "9999"])).exitCode).toBe(0);
    expect(
      (await checkMetadata(createOktaMetadata(), ["--min-days", "9999", "--strict"])).exitCode,
    ).toBe(1);
  });

  test("shows what changed since the previously uploaded file", async () => {
    const home = await createHome();
    const before = home.write(
      "before.xml",
      createOktaMetadata({ certificates: [createCertificate({ from: "20240101000000Z" })] }),
    );
    const result = await home.run([
      "federation",
      "metadata",
      home.write("now.xml", createOktaMetadata()),
      "--previous",
      before,
      "--json",
    ]);
    expect(findCheck(result, "META-DIFF").summary).toMatch(
      /^entityID unchanged; certificate rotated/,
    );
  });

  test("reads stdin, and refuses a missing file in two lines", async () => {
    const home = await createHome();
    expect(
      (await home.run(["federation", "metadata", "-"], { input: createOktaMetadata() })).exitCode,
    ).toBe(0);
    expect(await home.run(["federation", "metadata", "nothing.xml"])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/^latchkey: error: There is no file nothing\.xml\.\n/),
    });
  });
});
