import { AWS_IDENTITY_SOURCE, SAML_DOCS } from "../places.ts";
import { warn } from "../step.ts";
import { failFinding, okFinding, type Finding } from "./finding.ts";

/**
 * Rules for the two AWS URLs that are entered in Okta: the ACS URL, which receives assertions, and the issuer URL,
 * which is the audience of the assertions.
 */

interface ServiceProviderUrls {
  readonly acs: string | undefined;
  readonly issuer?: string | undefined;
  /** The region of the instance, if known. */
  readonly region?: string | undefined;
}

/** AWS uses three hosts (IPv4, the one before 2026, dual-stack) and may add more, so an unknown host is only a warning. */
const HOST = /^([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.(?:sso\.)?signin\.aws(?:\.amazon\.com)?$/;

/** Each field with its required path: as a pattern, and as text for people. */
const ACS = {
  id: "SP-ACS",
  name: "ACS URL",
  path: /^\/platform\/saml\/acs\/[\w-]+$/,
  form: "/platform/saml/acs/…",
};
const ISSUER = {
  id: "SP-ISSUER",
  name: "issuer URL",
  path: /^\/platform\/saml\/d-[\w-]+$/,
  form: "/platform/saml/d-… (no /acs/)",
};
const WHERE = `${AWS_IDENTITY_SOURCE} › Manage authentication shows both URLs`;

export function serviceProviderFindings({ acs, issuer, region }: ServiceProviderUrls): Finding[] {
  const has = (url: string | undefined): boolean | undefined => url?.includes("/acs/");
  const slip = SLIPS.find((one) => one.acs === has(acs) && one.issuer === has(issuer));
  if (slip !== undefined) return [failFinding("SP-SWAPPED", slip.what, [slip.cure, WHERE])];
  return [
    ...(acs === undefined ? [] : [urlFinding(ACS, acs, region)]),
    ...(issuer === undefined ? [] : [urlFinding(ISSUER, issuer, region)]),
  ];
}

/** Common mix-ups, told apart by which of the two fields contains /acs/. Only the ACS URL should contain it. */
const SLIPS = [
  {
    acs: true,
    issuer: true,
    what: "the issuer URL is an ACS URL",
    cure: "You pasted the ACS URL into both fields. The issuer URL does not contain /acs/.",
  },
  {
    acs: false,
    issuer: true,
    what: "ACS URL and issuer URL are swapped",
    cure: "Swap the two in Okta: the ACS URL contains /acs/.",
  },
  {
    acs: false,
    issuer: false,
    what: "the ACS URL is an issuer URL",
    cure: "You pasted the issuer URL into both fields. The ACS URL contains /acs/.",
  },
];

function urlFinding(
  { id, name, path, form }: typeof ACS,
  text: string,
  region: string | undefined,
): Finding {
  const url = URL.parse(text);
  if (/\s/.test(text) || url === null || url.protocol !== "https:")
    return failFinding(id, `the ${name} is not an https URL without blanks`, WHERE);
  const { hostname, pathname } = url;
  if (!path.test(pathname)) return failFinding(id, `the ${name} does not end in ${form}`, WHERE);

  const found = HOST.exec(hostname)?.[1];
  if (found === undefined) {
    const summary = `the ${name} is at ${hostname}, which is not a known AWS host`;
    return { id, ...warn(`${id}-HOST`, summary, WHERE, { docs: SAML_DOCS }) };
  }
  if (region === undefined || found === region)
    return okFinding(id, `${name} ${text}`, { region: found });
  return failFinding("SP-REGION", `the ${name} is in ${found}, but the instance is in ${region}`, [
    "Copy the URL of the instance's own region.",
    WHERE,
  ]);
}
