import fc from "fast-check";
import { readFileSync } from "node:fs";
import { hasCode } from "../../src/errors.ts";
import { mask } from "../../src/explain/names.ts";
import { prepareText } from "../../src/explain/pasted.ts";
import { readPastedText } from "../../src/explain/recognize.ts";
import { parseSamlEntity } from "../../src/federation/saml/metadata.ts";
import {
  differenceFinding,
  identityProviderFindings,
} from "../../src/federation/saml/provider-rules.ts";
import { serviceProviderFindings } from "../../src/federation/saml/service-provider-rules.ts";
import { parseXml } from "../../src/federation/saml/xml.ts";
import { renderGoTemplate } from "../../src/import/aws-sso/go-template.ts";
import { readAwsSso } from "../../src/import/aws-sso/read.ts";
import { readAwsSsoUtil } from "../../src/import/aws-sso-utility.ts";
import { readAwsVault } from "../../src/import/aws-vault.ts";
import type { ToolReading } from "../../src/import/entry.ts";
import { parseGrantedConfig, readGranted } from "../../src/import/granted.ts";
import { parseConfig } from "../../src/aws-config/document.ts";
import { isAccountId, isRoleName } from "../../src/model/role.ts";
import { isRegion, isStartUrl } from "../../src/model/start-url.ts";
import { AWS_SSO_UTIL, AWS_VAULT, GRANTED, YAML } from "../support/import-files.ts";
import { createTarget, ensure } from "./target.ts";
import {
  arbitraryBytes,
  arbitraryJson,
  arbitraryJsonText,
  arbitraryShape,
  arbitraryText,
  damage,
} from "./values.ts";

/** Checks texts from users: pasted errors, SAML metadata, and files of other tools. */

interface Sample {
  readonly text: string;
}

function readSamples(): readonly string[] {
  const file = new URL("../explain/samples/measured.json", import.meta.url);
  const samples = JSON.parse(readFileSync(file, "utf8")) as Sample[];
  return samples.map(({ text }) => text).filter((text) => text.length < 3_000);
}

const explainReader = createTarget({
  name: "explain",
  values: fc.oneof(
    fc
      .constantFrom(...readSamples())
      .chain((text) =>
        damage(text, [
          "\u001b[31m",
          "│ ",
          "\\n",
          "&quot;",
          "\\u001b[0m",
          "##[error]",
          "--profile ",
        ]),
      ),
    arbitraryText(),
  ),
  check(text) {
    const { clean, squeezed, places } = prepareText(text);
    ensure(places.length >= squeezed.length, "a missing position");
    for (let index = 1; index < squeezed.length; index += 1)
      ensure((places[index] ?? 0) >= (places[index - 1] ?? 0), "positions are out of order");
    ensure((places[squeezed.length - 1] ?? 0) <= clean.length, "a position after the end");
    const { names } = readPastedText(text);
    for (const name of Object.values(names)) mask(typeof name === "string" ? name : null);
  },
});

const CERTIFICATE = "MIIBhTCCASugAwIBAgIUXQ==";
const METADATA = `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://www.okta.com/exk1" validUntil="2027-01-01T00:00:00Z">
  <md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${CERTIFICATE}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://acme.okta.com/app/amazon_aws/exk1/sso/saml"/>
  </md:IDPSSODescriptor>
  <md:SPSSODescriptor><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://us-east-1.signin.aws.amazon.com/platform/saml/acs/1" index="1"/></md:SPSSODescriptor>
</md:EntityDescriptor>
`;
const XML_PIECES = [
  "<!--",
  "-->",
  "<!DOCTYPE x>",
  "<![CDATA[",
  "]]>",
  "<?x ?>",
  "&amp;",
  "&#0;",
  "&lol;",
  "<__proto__>",
  "<constructor/>",
  ' xmlns="x"',
  ' __proto__="x"',
  ' hasOwnProperty="1"',
  "<a>",
  "</a>",
  "<md:EntityDescriptor>",
  "</md:IDPSSODescriptor>",
  "<:a/>",
  "<a:/>",
  "#text",
];

const metadata = createTarget({
  name: "saml-metadata",
  values: fc.oneof(
    { weight: 4, arbitrary: damage(METADATA, XML_PIECES) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("<a>", "<a b='c'>", "<md:x>", "<!--"), fc.nat(3_000))
        .map(([piece, times]) => piece.repeat(times)),
    },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.constantFrom(...XML_PIECES), { maxLength: 20 })
        .map((all) => all.join("")),
    },
    { weight: 1, arbitrary: arbitraryText() },
  ),
  check(text) {
    const document = parseXml(text);
    const entity = document.kind === "read" ? parseSamlEntity(document.value) : document;
    if (entity.kind !== "read") {
      ensure(entity.problem.status === "fail", "unusable but without a problem");
      return;
    }
    const { assertionConsumers, entityId } = entity.value;
    const options = {
      now: new Date("2026-11-29T12:00:00Z"),
      minDays: 30,
      oktaDomain: "acme.okta.com",
    };
    identityProviderFindings(entity.value, options);
    differenceFinding(entity.value, entity.value);
    for (const { location } of assertionConsumers)
      serviceProviderFindings({ acs: location, issuer: entityId, region: "us-east-1" });
  },
});

function checkReading({ roles, left }: ToolReading): void {
  for (const { accountId, roleName, startUrl, ssoRegion } of roles) {
    ensure(isAccountId(accountId) && isRoleName(roleName), "not a role");
    ensure(isStartUrl(startUrl) && isRegion(ssoRegion), "not a portal");
  }
  for (const { place, reason } of left)
    ensure(place !== "" && reason !== "", "the reason is missing");
}

const KEYS = [
  "granted_sso_start_url = x\n",
  "include_profile = base\n",
  "include_profile=search-ro\n",
  "credential_process = aws-sso-util credential-process --profile x\n",
  "\n[profile base]\n",
  "source_profile = base\n",
];

const SIGN_IN = {
  name: "a",
  startUrl: "https://a.awsapps.com/start",
  ssoRegion: undefined,
  place: "granted",
};

const importedConfig = createTarget({
  name: "import-config",
  values: fc.oneof(
    {
      weight: 5,
      arbitrary: damage(GRANTED + AWS_VAULT + AWS_SSO_UTIL, KEYS).map((text) => Buffer.from(text)),
    },
    { weight: 1, arbitrary: arbitraryBytes() },
  ),
  check(bytes) {
    const config = { document: parseConfig(bytes), file: "config" };
    checkReading(readGranted(config, [SIGN_IN]));
    checkReading(readAwsVault(config));
    checkReading(readAwsSsoUtil(config, { AWS_SSO_START_URL: "x", AWS_SSO_REGION: "us-east-1" }));
  },
});

const caches = arbitraryJsonText(
  arbitraryShape({
    SSO: arbitraryShape({
      Work: arbitraryShape({
        Roles: arbitraryShape({
          StartUrl: fc.constant("https://a.awsapps.com/start"),
          SSORegion: fc.constant("us-east-1"),
          Accounts: arbitraryShape({
            "1": arbitraryShape({
              Alias: arbitraryText(3),
              Name: arbitraryText(3),
              Roles: arbitraryShape({ Ops: arbitraryShape({ Profile: arbitraryText(3) }) }),
            }),
          }),
        }),
      }),
    }),
  }),
);

const importedFiles = createTarget({
  name: "import-files",
  values: fc.tuple(
    damage(`${YAML}ProfileFormat: '{{ .RoleName }}'\n`, [
      "*a",
      "&a ",
      "<<: *a\n",
      "!!map ",
      "? ",
      "- ",
      "\t",
      "{{",
      "Roles:\n",
      "    ",
    ]),
    fc.oneof(caches, arbitraryJsonText(arbitraryJson())),
    damage("[sso.x]\nStartURL = 'https://a'\n", ["[", "]", "=", "\n", "'''", "[[sso]]\n"]),
    damage('{{ FirstItem .RoleName (nospace .AccountAlias) | replace "a" "b" | lower }}', [
      "{{",
      "}}",
      "(",
      ")",
      "|",
      '"',
      ".AccountName ",
    ]),
  ),
  async check([yaml, json, toml, format]) {
    const files = {
      config: { path: "config.yaml", text: yaml },
      cache: { path: "cache.json", text: json },
    };
    const aws = { document: parseConfig(new Uint8Array()), file: "config" };
    try {
      checkReading(await readAwsSso(aws, files, {}));
    } catch (thrown) {
      if (!hasCode(thrown, "CONFIG_INVALID")) throw thrown;
    }
    await parseGrantedConfig(toml, "granted");
    renderGoTemplate(format, new Map([["RoleName", "Admin"]]));
  },
});

export const TEXT_TARGETS = [explainReader, metadata, importedConfig, importedFiles];
