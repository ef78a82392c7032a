import { describe, test } from "vitest";
import { ACS, createCertificate, createOktaMetadata } from "../support/federation.ts";
import { daysFromNow } from "../support/federation-check.ts";
import { expectFailure, type Failure } from "./expect-failure.ts";

/** Failures of metadata, instance and SCIM endpoint, against the emulator. */

const FAILURES: readonly Failure[] = [
  {
    what: "Okta's certificate has expired",
    toOptions: (home) => ({
      metadataFile: home.write(
        "old.xml",
        createOktaMetadata({
          certificates: [createCertificate({ from: "20200101000000Z", to: "20210101000000Z" })],
        }),
      ),
    }),
    step: "metadata",
    code: "META-CERT",
    hint: /Generate new certificate/,
    skips: [],
  },
  {
    what: "the issuer field holds the ACS URL",
    toOptions: () => ({ serviceProviderFile: undefined, acsUrl: ACS, issuerUrl: ACS }),
    step: "sp-urls",
    code: "SP-SWAPPED",
    hint: /The issuer URL does not contain \/acs\//,
    skips: [],
  },
  {
    what: "the region has no instance",
    directory: { instances: [] },
    step: "instance",
    code: "FED-NO-INSTANCE",
    hint: /home region/,
    skips: ["permission-set", "assignment", "portal", "identity"],
  },
  {
    what: "the instance could not be created",
    directory: {
      instances: [
        {
          id: "ssoins-1",
          ownerAccountId: "999999999999",
          status: "CREATE_FAILED",
          statusReason: "Quota",
        },
      ],
    },
    step: "instance",
    code: "FED-INSTANCE-STATUS",
    hint: /console/,
    skips: ["permission-set", "assignment", "portal", "identity"],
  },
  {
    what: "the SCIM token is wrong",
    token: "wrong-token",
    step: "scim-reach",
    code: "FED-SCIM-UNAUTHORIZED",
    hint: /Compare the endpoint/,
    skips: ["scim-token"],
  },
  {
    what: "the tenant id is mistyped",
    toOptions: (home) => ({ scimEndpoint: home.emulator.scimEndpoint.replace("emu1", "emu2") }),
    step: "scim-reach",
    code: "FED-SCIM-UNAUTHORIZED",
    hint: /Compare the endpoint/,
    skips: ["scim-token"],
  },
  {
    what: "the SCIM path is cut",
    toOptions: (home) => ({ scimEndpoint: home.emulator.scimEndpoint.replace("/v2/", "") }),
    step: "scim-reach",
    code: "FED-SCIM-URL",
    hint: /TENANT\/scim\/v2/,
    skips: ["scim-token"],
  },
  {
    what: "a portal URL is given as the SCIM endpoint",
    toOptions: () => ({ scimEndpoint: "https://d-9367028abc.awsapps.com/start" }),
    step: "scim-reach",
    code: "FED-SCIM-URL",
    hint: /SCIM endpoint/,
    skips: ["scim-token"],
  },
  {
    what: "the SCIM endpoint answers with a web page",
    options: { faults: [{ route: "Scim", html: true }] },
    step: "scim-reach",
    code: "FED-SCIM-FOREIGN",
    hint: /path/,
    skips: ["scim-token"],
  },
  {
    what: "the token expires within thirty days",
    toOptions: () => ({ tokenExpiresAt: daysFromNow(10) }),
    step: "scim-token",
    code: "FED-SCIM-TOKEN-EXPIRES",
    hint: /Generate token/,
    skips: [],
  },
  {
    what: "the token has expired according to the recorded date",
    toOptions: () => ({ tokenExpiresAt: daysFromNow(-10) }),
    step: "scim-token",
    code: "FED-SCIM-TOKEN-EXPIRED",
    hint: /Generate token/,
    skips: [],
  },
];

describe("one cause gives one failure", () => {
  test.each(FAILURES)("$what: $step fails as $code", { tags: ["long"] }, expectFailure);
});
