import { formatInstant } from "../../text/instant.ts";
import { OKTA_APP, OKTA_METADATA, SAML_DOCS } from "../places.ts";
import { fail, ok, type Evidence, type Hint, type Verdict } from "../step.ts";
import type { Certificate } from "./certificate.ts";
import { okFinding, type Finding } from "./finding.ts";
import type { SamlEntity } from "./metadata.ts";

/**
 * Rules for an identity provider's metadata: the requirements of IAM Identity Center, and files that are often uploaded
 * by mistake.
 */

interface MetadataExpectations {
  readonly now: Date;
  /** A certificate that expires in fewer days is a warning. */
  readonly minDays: number;
  /** The host on which Okta signs in, if known. */
  readonly oktaDomain?: string | undefined;
}

const EMAIL_NAME_ID = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const LONGEST_ENTITY_ID = 1024;
const LONGEST_PEM = 2500;
const DAY_MILLISECONDS = 86_400_000;

/** A rule. Its findings have the rule's id. If a finding is not ok, the id is also its code. */
interface Rule {
  readonly id: string;
  readonly judge: (entity: SamlEntity, expected: MetadataExpectations) => Verdict | Verdict[];
}

/** If the file does not describe an identity provider, the other rules do not run. */
const KIND: Rule = { id: "META-KIND", judge: judgeKind };
const RULES: readonly Rule[] = [
  { id: "META-ENTITY", judge: judgeEntityId },
  { id: "META-SSO", judge: judgeSignOn },
  { id: "META-CERT", judge: judgeCertificates },
  { id: "META-NAMEID", judge: judgeNameId },
  { id: "META-VALID", judge: judgeValidity },
];

export function identityProviderFindings(
  entity: SamlEntity,
  expected: MetadataExpectations,
): Finding[] {
  const apply = ({ id, judge }: Rule): Finding[] =>
    [judge(entity, expected)]
      .flat()
      .map((verdict) => ({ id, ...verdict, code: verdict.status === "ok" ? null : id }));
  const kind = apply(KIND);
  const general = [
    okFinding("META-ROOT", "one EntityDescriptor of SAML 2.0 metadata"),
    okFinding("META-DTD", "no DOCTYPE or ENTITY"),
    ...kind,
  ];
  const isProvider = kind.every(({ status }) => status === "ok");
  return isProvider ? [...general, ...RULES.flatMap(apply)] : general;
}

/** Returns a failure. The caller replaces the empty code with its rule's id. */
function refuse(summary: string, hint: Hint = OKTA_METADATA, evidence: Evidence = {}): Verdict {
  return fail("", summary, hint, { evidence, docs: SAML_DOCS });
}

function judgeKind({ kind }: SamlEntity): Verdict {
  if (kind === "idp" || kind === "both") return ok("describes an identity provider");
  if (kind === "sp")
    return refuse("this is AWS's service provider file, not the identity provider's");
  return refuse("has no IDPSSODescriptor: it does not describe an identity provider");
}

function judgeEntityId({ entityId }: SamlEntity): Verdict {
  const { length } = entityId;
  if (length === 0) return refuse("entityID is missing");
  if (length > LONGEST_ENTITY_ID)
    return refuse(`entityID has ${length} characters; the maximum is ${LONGEST_ENTITY_ID}`);
  return ok(`entityID ${entityId}`, { entityId });
}

function judgeSignOn(
  { signOnServices }: SamlEntity,
  { oktaDomain }: MetadataExpectations,
): Verdict {
  const usable = signOnServices.filter(({ binding }) => /^HTTP-(POST|Redirect)$/.test(binding));
  const [first] = usable;
  if (first === undefined) return refuse("no SingleSignOnService with HTTP-POST or HTTP-Redirect");

  const urls = usable.flatMap(({ location }) => URL.parse(location) ?? []);
  const secure = urls.filter(({ protocol }) => protocol === "https:");
  if (secure.length === 0) return refuse(`the sign-on address is not https: ${first.location}`);

  const hosts = [...new Set(secure.map(({ host }) => host))];
  const place = `signs in at ${hosts.join(", ")}`;
  if (oktaDomain === undefined || hosts.every((host) => host === oktaDomain.toLowerCase()))
    return ok(place, { hosts });
  return refuse(
    `${place}, not at ${oktaDomain}: the file belongs to another organization`,
    `Download the metadata while signed in to ${oktaDomain}.`,
  );
}

function judgeCertificates(
  { certificates }: SamlEntity,
  expected: MetadataExpectations,
): Verdict | Verdict[] {
  const { length } = certificates;
  if (length === 0) return refuse("no signing certificate");
  return certificates.map((certificate, index) => {
    const which =
      length === 1 ? "the signing certificate" : `signing certificate ${index + 1} of ${length}`;
    if (certificate === undefined) return refuse(`${which} can't be read`);
    return judgeCertificate(certificate, which, expected);
  });
}

const RENEW = `${OKTA_APP} › Sign On › Generate new certificate, make it active, download the metadata again, and upload it in AWS: Settings › Identity source › Manage authentication`;
const WAIT = "Wait until then, or check this machine's clock.";
const SHORTEN = "Use a certificate with a smaller key or fewer extensions.";

function judgeCertificate(
  { validFrom, validTo, key, rsaBits, pemLength, fingerprint }: Certificate,
  which: string,
  { now, minDays }: MetadataExpectations,
): Verdict {
  const notBefore = formatInstant(validFrom);
  const notAfter = formatInstant(validTo);
  const evidence = { fingerprintSha256: fingerprint, notBefore, notAfter, key, pemLength };
  const refuseIt = (problem: string, hint: string): Verdict =>
    refuse(`${which} ${problem}`, hint, evidence);
  const lastDay = notAfter.slice(0, 10);
  if (validTo <= now) return refuseIt(`expired on ${lastDay}`, RENEW);
  if (validFrom > now) return refuseIt(`is valid only from ${notBefore.slice(0, 10)}`, WAIT);
  if (rsaBits !== undefined && rsaBits < 2048)
    return refuseIt(`has an ${key} key; the minimum is RSA 2048`, RENEW);
  if (pemLength > LONGEST_PEM)
    return refuseIt(
      `has ${pemLength} characters as PEM; AWS accepts at most ${LONGEST_PEM}`,
      SHORTEN,
    );

  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY_MILLISECONDS);
  if (days < minDays)
    return { ...refuseIt(`expires in ${days} days, on ${lastDay}`, RENEW), status: "warn" };
  return ok(`${which}: valid to ${lastDay} (${key}), SHA-256 ${fingerprint}`, evidence);
}

function judgeNameId({ nameIdFormats: offered }: SamlEntity): Verdict {
  if (offered.includes(EMAIL_NAME_ID)) return ok("offers the NameID format emailAddress");
  const hint = [
    `${OKTA_APP} › Sign On › Application username format: Email`,
    `The format is ${EMAIL_NAME_ID}`,
  ];
  return refuse("does not offer the NameID format emailAddress", hint, { offered });
}

function judgeValidity({ validUntil }: SamlEntity, { now }: MetadataExpectations): Verdict {
  if (validUntil === undefined) return ok("has no expiry date");
  const end = Date.parse(validUntil);
  if (Number.isNaN(end)) return refuse(`validUntil is not a date: ${validUntil}`);
  if (end > now.getTime()) return ok(`valid until ${validUntil}`);
  return refuse(`the metadata expired at ${validUntil}`, "Download it again.");
}

/** Returns what changed since the previously uploaded file. A change is never a failure. */
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
