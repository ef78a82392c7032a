import type { Finding } from "./provider-rules.ts";

/** The two URLs that Okta is given from AWS: where assertions go (ACS), and whom they are for (issuer, audience). */

interface ServiceProviderUrls {
  readonly acs: string | undefined;
  readonly issuer: string | undefined;
  /** The region of the instance, where it is known. */
  readonly region: string | undefined;
}

/** Three hosts are in use (IPv4, the one before 2026, dual-stack), and more may come: the path decides, the host is only read. */
const HOST = /^([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.(?:sso\.)?signin\.aws(?:\.amazon\.com)?$/;
interface UrlField {
  readonly id: string;
  readonly name: string;
  readonly path: RegExp;
  /** The path as people read it. */
  readonly form: string;
}

const ACS: UrlField = {
  id: "SP-ACS",
  name: "ACS URL",
  path: /^\/platform\/saml\/acs\/[\w-]+$/,
  form: "/platform/saml/acs/…",
};
const ISSUER: UrlField = {
  id: "SP-ISSUER",
  name: "issuer URL",
  path: /^\/platform\/saml\/d-[\w-]+$/,
  form: "/platform/saml/d-… (no /acs/)",
};
const WHERE =
  "AWS › IAM Identity Center › Settings › Identity source › Manage authentication shows both URLs";
const DOCS = "https://docs.aws.amazon.com/singlesignon/latest/userguide/gs-okta.html";

export function serviceProviderFindings({ acs, issuer, region }: ServiceProviderUrls): Finding[] {
  const swapped = swapFinding(acs, issuer);
  if (swapped !== undefined) return [swapped];
  const findings: Finding[] = [];
  if (acs !== undefined) findings.push(urlFinding(ACS, acs, region));
  if (issuer !== undefined) findings.push(urlFinding(ISSUER, issuer, region));
  return findings;
}

/** The slip that the names invite: one URL in both fields, or each in the other's. */
function swapFinding(acs: string | undefined, issuer: string | undefined): Finding | undefined {
  if (acs === undefined || issuer === undefined) return undefined;
  const isAcs = (url: string): boolean => url.includes("/acs/");
  if (isAcs(acs) && isAcs(issuer))
    return fail("SP-SWAPPED", "the issuer URL is an ACS URL", [
      "You pasted the ACS URL into both fields; the issuer has no /acs/.",
      WHERE,
    ]);
  if (!isAcs(acs) && !isAcs(issuer))
    return fail("SP-SWAPPED", "the ACS URL is an issuer URL", [
      "You pasted the issuer URL into both fields; the ACS URL has /acs/.",
      WHERE,
    ]);
  if (!isAcs(acs) && isAcs(issuer))
    return fail("SP-SWAPPED", "ACS URL and issuer URL are swapped", [
      "Exchange the two in Okta: the ACS URL is the one with /acs/.",
      WHERE,
    ]);
  return undefined;
}

function urlFinding(
  { id, name, path, form }: UrlField,
  text: string,
  region: string | undefined,
): Finding {
  const url = URL.parse(text);
  if (/\s/.test(text) || url === null || url.protocol !== "https:")
    return fail(id, `the ${name} is not an https URL without blanks`, [WHERE]);
  if (!path.test(url.pathname)) return fail(id, `the ${name} does not end in ${form}`, [WHERE]);
  const found = HOST.exec(url.hostname)?.[1];
  if (found === undefined)
    return {
      id,
      code: `${id}-HOST`,
      status: "warn",
      summary: `the ${name} is at ${url.hostname}, which is none of the hosts that AWS is known to use`,
      hint: [WHERE],
      docs: DOCS,
    };
  if (region !== undefined && found !== region)
    return fail("SP-REGION", `the ${name} is of ${found}, the instance is in ${region}`, [
      "Copy the URL of the instance's own region.",
      WHERE,
    ]);
  return { id, status: "ok", summary: `${name} ${text}`, evidence: { region: found } };
}

function fail(id: string, summary: string, hint: readonly string[]): Finding {
  return { id, code: id, status: "fail", summary, hint, docs: DOCS };
}
