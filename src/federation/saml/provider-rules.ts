import { formatInstant } from "../../text/instant.ts";
import type { Certificate } from "./certificate.ts";
import type { Verdict } from "../report.ts";
import { parseSamlEntity, type SamlEntity } from "./metadata.ts";
import type { XmlReading } from "./xml-element.ts";

/** What IAM Identity Center needs of an identity provider's metadata, and what people upload instead. */

export type Finding = Verdict & { readonly id: string };

interface MetadataExpectations {
  readonly now: Date;
  /** Days that a certificate should still last. */
  readonly minDays: number;
  /** The host that Okta signs in at, where it is known. */
  readonly oktaDomain?: string | undefined;
}

const EMAIL_NAME_ID = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const OKTA_METADATA =
  "Okta admin › Applications › AWS IAM Identity Center › Sign On › SAML Signing Certificates › Actions › View IdP metadata, then save the page itself (right-click › Save link as)";
const DOCS = "https://docs.aws.amazon.com/singlesignon/latest/userguide/gs-okta.html";
const LONGEST_PEM = 2500;
const DAY_MILLISECONDS = 86_400_000;

/** The document's own trouble, where it has some: then there is nothing else to judge. */
export function findDocumentProblem(reading: XmlReading): Finding | undefined {
  if (reading.kind === "html")
    return fail("META-ROOT", "this is a web page, not metadata: you saved a sign-in page", [
      OKTA_METADATA,
    ]);
  if (reading.kind === "doctype")
    return fail(
      "META-DTD",
      "the file has a DOCTYPE or ENTITY declaration, which metadata never has and a parser must not follow",
      ["Download the file again from the identity provider itself."],
    );
  if (reading.kind === "broken")
    return fail("META-ROOT", `the file is not well-formed XML (${reading.reason})`, [
      "Download it again; an editor may have changed it.",
    ]);
  if (parseSamlEntity(reading.root) === undefined)
    return fail(
      "META-ROOT",
      `the root is <${reading.root.name}>, not one EntityDescriptor of SAML 2.0 metadata`,
      [OKTA_METADATA],
    );
  return undefined;
}

/** Each rule's finding, in the order of the document. */
export function identityProviderFindings(
  entity: SamlEntity,
  expected: MetadataExpectations,
): Finding[] {
  const kind = kindFinding(entity);
  const general = [
    ok("META-ROOT", "one EntityDescriptor of SAML 2.0 metadata"),
    ok("META-DTD", "no DOCTYPE or ENTITY"),
    kind,
  ];
  if (kind.status === "fail") return general;
  return [
    ...general,
    entityFinding(entity),
    signOnFinding(entity, expected),
    ...certificateFindings(entity, expected),
    nameIdFinding(entity),
    validityFinding(entity, expected),
  ];
}

function kindFinding({ kind }: SamlEntity): Finding {
  if (kind === "idp" || kind === "both") return ok("META-KIND", "describes an identity provider");
  if (kind === "sp")
    return fail("META-KIND", "this is AWS's service provider file, not the identity provider's", [
      OKTA_METADATA,
    ]);
  return fail("META-KIND", "has no IDPSSODescriptor: it describes no identity provider", [
    OKTA_METADATA,
  ]);
}

function entityFinding({ entityId }: SamlEntity): Finding {
  if (entityId === "") return fail("META-ENTITY", "entityID is missing", [OKTA_METADATA]);
  if (entityId.length > 1024)
    return fail("META-ENTITY", `entityID has ${entityId.length} characters; 1024 are the most`, [
      OKTA_METADATA,
    ]);
  return { ...ok("META-ENTITY", `entityID ${entityId}`), evidence: { entityId } };
}

function signOnFinding(
  { signOnServices }: SamlEntity,
  { oktaDomain }: MetadataExpectations,
): Finding {
  const usable = signOnServices.filter(
    ({ binding }) => binding === "HTTP-POST" || binding === "HTTP-Redirect",
  );
  const secure = usable.filter(({ location }) => URL.parse(location)?.protocol === "https:");
  const [first] = secure;
  if (usable.length === 0)
    return fail("META-SSO", "no SingleSignOnService by HTTP-POST or HTTP-Redirect", [
      OKTA_METADATA,
    ]);
  if (first === undefined)
    return fail("META-SSO", `the sign-on address is not https: ${usable[0]?.location ?? ""}`, [
      OKTA_METADATA,
    ]);
  const hosts = [...new Set(secure.map(({ location }) => URL.parse(location)?.host ?? ""))];
  if (oktaDomain !== undefined && hosts.some((host) => host !== oktaDomain.toLowerCase()))
    return fail(
      "META-SSO",
      `signs in at ${hosts.join(", ")}, not at ${oktaDomain}: the file is another organization's`,
      [`Download the metadata while signed in to ${oktaDomain}.`],
    );
  return { ...ok("META-SSO", `signs in at ${hosts.join(", ")}`), evidence: { hosts } };
}

function certificateFindings(
  { certificates }: SamlEntity,
  expected: MetadataExpectations,
): Finding[] {
  if (certificates.length === 0)
    return [fail("META-CERT", "no signing certificate", [OKTA_METADATA])];
  return certificates.map((certificate, index) => {
    const which =
      certificates.length === 1
        ? "the signing certificate"
        : `signing certificate ${index + 1} of ${certificates.length}`;
    return certificate === undefined
      ? fail("META-CERT", `${which} can't be read`, [OKTA_METADATA])
      : certificateFinding(certificate, which, expected);
  });
}

const RENEW = [
  "Okta admin › Applications › AWS IAM Identity Center › Sign On › Generate new certificate, make it active, download the metadata again, and upload it in AWS: Settings › Identity source › Manage authentication",
];

function certificateEvidence({ validFrom, validTo, key, pemLength, fingerprint }: Certificate) {
  return {
    fingerprintSha256: fingerprint,
    notBefore: formatInstant(validFrom),
    notAfter: formatInstant(validTo),
    key,
    pemLength,
  };
}

function certificateFinding(
  certificate: Certificate,
  which: string,
  { now, minDays }: MetadataExpectations,
): Finding {
  const { validFrom, validTo, key, rsaBits, pemLength, fingerprint } = certificate;
  const evidence = certificateEvidence(certificate);
  const failWith = (summary: string, hint: readonly string[]): Finding => ({
    ...fail("META-CERT", summary, hint),
    evidence,
  });
  if (validTo <= now) return failWith(`${which} expired on ${day(validTo)}`, RENEW);
  if (validFrom > now)
    return failWith(`${which} is valid only from ${day(validFrom)}`, [
      "Wait until then, or check this machine's clock.",
    ]);
  if (rsaBits !== undefined && rsaBits < 2048)
    return failWith(`${which} has an ${key} key; RSA 2048 is the least`, RENEW);
  if (pemLength > LONGEST_PEM)
    return failWith(`${which} has ${pemLength} characters as PEM; AWS takes ${LONGEST_PEM}`, [
      "Use a certificate with a smaller key or fewer extensions.",
    ]);
  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY_MILLISECONDS);
  const words = `${which}: to ${day(validTo)} (${key}), SHA-256 ${fingerprint}`;
  if (days < minDays)
    return {
      id: "META-CERT",
      code: "META-CERT",
      status: "warn",
      summary: `${which} ends in ${days} days, on ${day(validTo)}`,
      evidence,
      hint: RENEW,
      docs: DOCS,
    };
  return { ...ok("META-CERT", words), evidence };
}

function nameIdFinding({ nameIdFormats }: SamlEntity): Finding {
  if (nameIdFormats.includes(EMAIL_NAME_ID))
    return ok("META-NAMEID", "offers the NameID format emailAddress");
  return {
    ...fail("META-NAMEID", "does not offer the NameID format emailAddress", [
      "Okta admin › Applications › AWS IAM Identity Center › Sign On › Application username format: Email",
      `The format is ${EMAIL_NAME_ID}`,
    ]),
    evidence: { offered: [...nameIdFormats] },
  };
}

function validityFinding({ validUntil }: SamlEntity, { now }: MetadataExpectations): Finding {
  if (validUntil === undefined) return ok("META-VALID", "has no end of its own");
  const end = Date.parse(validUntil);
  if (Number.isNaN(end))
    return fail("META-VALID", `validUntil is no instant: ${validUntil}`, [OKTA_METADATA]);
  return end > now.getTime()
    ? ok("META-VALID", `valid until ${validUntil}`)
    : fail("META-VALID", `the metadata was valid until ${validUntil} only`, ["Download it again."]);
}

/** What changed since the file that was uploaded before: an information, never a fault. */
export function differenceFinding(before: SamlEntity, after: SamlEntity): Finding {
  const fingerprints = (entity: SamlEntity): string =>
    entity.certificates
      .map((certificate) => certificate?.fingerprint ?? "unreadable")
      .toSorted()
      .join(" ");
  const entity =
    before.entityId === after.entityId
      ? "entityID unchanged"
      : `entityID changed from ${before.entityId}`;
  return ok(
    "META-DIFF",
    `${entity}; ${fingerprints(before) === fingerprints(after) ? "certificates unchanged" : "certificate rotated: upload this file to AWS before Okta signs with the new one"}`,
  );
}

function day(instant: Date): string {
  return formatInstant(instant).slice(0, 10);
}

function ok(id: string, summary: string): Finding {
  return { id, status: "ok", summary };
}

function fail(id: string, summary: string, hint: readonly string[]): Finding {
  return { id, code: id, status: "fail", summary, hint, docs: DOCS };
}
