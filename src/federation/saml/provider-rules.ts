import { formatInstant } from "../../text/instant.ts";
import { OKTA_APP, OKTA_METADATA, SAML_DOCS } from "../places.ts";
import { warn } from "../step.ts";
import type { Certificate } from "./certificate.ts";
import { failFinding, okFinding, type Finding } from "./finding.ts";
import type { SamlEntity } from "./metadata.ts";

/** What IAM Identity Center needs of an identity provider's metadata, and what people upload instead. */

interface MetadataExpectations {
  readonly now: Date;
  /** Days that a certificate should still last. */
  readonly minDays: number;
  /** The host that Okta signs in at, where it is known. */
  readonly oktaDomain?: string | undefined;
}

const EMAIL_NAME_ID = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const LONGEST_ENTITY_ID = 1024;
const LONGEST_PEM = 2500;
const DAY_MILLISECONDS = 86_400_000;

/** Each rule's finding, in the order of the document. */
export function identityProviderFindings(
  entity: SamlEntity,
  expected: MetadataExpectations,
): Finding[] {
  const kind = kindFinding(entity);
  const general = [
    okFinding("META-ROOT", "one EntityDescriptor of SAML 2.0 metadata"),
    okFinding("META-DTD", "no DOCTYPE or ENTITY"),
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
  if (kind === "idp" || kind === "both")
    return okFinding("META-KIND", "describes an identity provider");
  const summary =
    kind === "sp"
      ? "this is AWS's service provider file, not the identity provider's"
      : "has no IDPSSODescriptor: it describes no identity provider";
  return failFinding("META-KIND", summary, OKTA_METADATA);
}

function entityFinding({ entityId }: SamlEntity): Finding {
  const { length } = entityId;
  if (length > 0 && length <= LONGEST_ENTITY_ID)
    return okFinding("META-ENTITY", `entityID ${entityId}`, { entityId });
  const summary =
    length === 0
      ? "entityID is missing"
      : `entityID has ${length} characters; ${LONGEST_ENTITY_ID} are the most`;
  return failFinding("META-ENTITY", summary, OKTA_METADATA);
}

function signOnFinding(
  { signOnServices }: SamlEntity,
  { oktaDomain }: MetadataExpectations,
): Finding {
  const usable = signOnServices.filter(({ binding }) => /^HTTP-(POST|Redirect)$/.test(binding));
  const [first] = usable;
  const missing = "no SingleSignOnService by HTTP-POST or HTTP-Redirect";
  if (first === undefined) return failFinding("META-SSO", missing, OKTA_METADATA);

  const urls = usable.flatMap(({ location }) => URL.parse(location) ?? []);
  const secure = urls.filter(({ protocol }) => protocol === "https:");
  const insecure = `the sign-on address is not https: ${first.location}`;
  if (secure.length === 0) return failFinding("META-SSO", insecure, OKTA_METADATA);

  const hosts = [...new Set(secure.map(({ host }) => host))];
  if (oktaDomain === undefined || hosts.every((host) => host === oktaDomain.toLowerCase()))
    return okFinding("META-SSO", `signs in at ${hosts.join(", ")}`, { hosts });
  return failFinding(
    "META-SSO",
    `signs in at ${hosts.join(", ")}, not at ${oktaDomain}: the file is another organization's`,
    `Download the metadata while signed in to ${oktaDomain}.`,
  );
}

function certificateFindings(
  { certificates }: SamlEntity,
  expected: MetadataExpectations,
): Finding[] {
  const { length } = certificates;
  if (length === 0) return [failFinding("META-CERT", "no signing certificate", OKTA_METADATA)];
  return certificates.map((certificate, index) => {
    const which =
      length === 1 ? "the signing certificate" : `signing certificate ${index + 1} of ${length}`;
    return certificate === undefined
      ? failFinding("META-CERT", `${which} can't be read`, OKTA_METADATA)
      : certificateFinding(certificate, which, expected);
  });
}

const RENEW = `${OKTA_APP} › Sign On › Generate new certificate, make it active, download the metadata again, and upload it in AWS: Settings › Identity source › Manage authentication`;
const WAIT = "Wait until then, or check this machine's clock.";
const SHORTEN = "Use a certificate with a smaller key or fewer extensions.";

function certificateFinding(
  { validFrom, validTo, key, rsaBits, pemLength, fingerprint }: Certificate,
  which: string,
  { now, minDays }: MetadataExpectations,
): Finding {
  const id = "META-CERT";
  const notBefore = formatInstant(validFrom);
  const notAfter = formatInstant(validTo);
  const evidence = { fingerprintSha256: fingerprint, notBefore, notAfter, key, pemLength };
  const failWith = (problem: string, hint: string): Finding =>
    failFinding(id, `${which} ${problem}`, hint, evidence);
  const lastDay = notAfter.slice(0, 10);
  if (validTo <= now) return failWith(`expired on ${lastDay}`, RENEW);
  if (validFrom > now) return failWith(`is valid only from ${notBefore.slice(0, 10)}`, WAIT);
  if (rsaBits !== undefined && rsaBits < 2048)
    return failWith(`has an ${key} key; RSA 2048 is the least`, RENEW);
  if (pemLength > LONGEST_PEM)
    return failWith(`has ${pemLength} characters as PEM; AWS takes ${LONGEST_PEM}`, SHORTEN);

  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY_MILLISECONDS);
  const ending = `${which} ends in ${days} days, on ${lastDay}`;
  if (days < minDays) return { id, ...warn(id, ending, RENEW, { evidence, docs: SAML_DOCS }) };
  return okFinding(id, `${which}: to ${lastDay} (${key}), SHA-256 ${fingerprint}`, evidence);
}

function nameIdFinding({ nameIdFormats }: SamlEntity): Finding {
  if (nameIdFormats.includes(EMAIL_NAME_ID))
    return okFinding("META-NAMEID", "offers the NameID format emailAddress");
  return failFinding(
    "META-NAMEID",
    "does not offer the NameID format emailAddress",
    [
      `${OKTA_APP} › Sign On › Application username format: Email`,
      `The format is ${EMAIL_NAME_ID}`,
    ],
    { offered: nameIdFormats },
  );
}

function validityFinding({ validUntil }: SamlEntity, { now }: MetadataExpectations): Finding {
  const id = "META-VALID";
  if (validUntil === undefined) return okFinding(id, "has no end of its own");
  const end = Date.parse(validUntil);
  if (Number.isNaN(end))
    return failFinding(id, `validUntil is no instant: ${validUntil}`, OKTA_METADATA);
  if (end > now.getTime()) return okFinding(id, `valid until ${validUntil}`);
  return failFinding(id, `the metadata was valid until ${validUntil} only`, "Download it again.");
}

/** What changed since the file that was uploaded before: an information, never a fault. */
export function differenceFinding(before: SamlEntity, after: SamlEntity): Finding {
  const entity =
    before.entityId === after.entityId
      ? "entityID unchanged"
      : `entityID changed from ${before.entityId}`;
  const certificates =
    listFingerprints(before) === listFingerprints(after)
      ? "certificates unchanged"
      : "certificate rotated: upload this file to AWS before Okta signs with the new one";
  return okFinding("META-DIFF", `${entity}; ${certificates}`);
}

function listFingerprints({ certificates }: SamlEntity): string {
  return certificates
    .map((certificate) => certificate?.fingerprint ?? "unreadable")
    .toSorted()
    .join(" ");
}
