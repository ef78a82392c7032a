/** The form of regions and start URLs. */

/** A region's form, not its existence: new regions appear, and other stores have their own names. */
export function isRegion(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(text);
}

/** The region that a profile's clients use. Other stores have regions of their own (`auto`, `fr-par`), so any word of that shape will do. */
export function isClientRegion(text: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(text);
}

/**
 * Whether `text` can be a start URL: https, a host, no blanks or control characters. It is never normalised: the
 * literal text is the name of the token's cache file in every AWS client.
 */
export function isStartUrl(text: string): boolean {
  if (text.length > 2048 || !/^[\x21-\x7e]+$/.test(text)) return false;
  const url = URL.parse(text);
  return (
    url !== null &&
    url.protocol === "https:" &&
    url.hostname !== "" &&
    url.username === "" &&
    url.password === ""
  );
}

/** A start URL as it was typed or pasted: completed, or why it can't be one. */
type TypedStartUrl =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "refused"; readonly fault: string };

/**
 * What a person gives as a start URL: with blanks around it, without `https://`, as the id of a directory (`d-1234567890`),
 * or with what the portal's own page adds to it (`/#/console?…`).
 */
export function readTypedStartUrl(typed: string): TypedStartUrl {
  const text = typed.trim();
  if (/^d-[0-9a-z]{10}$/.test(text))
    return { kind: "url", url: `https://${text}.awsapps.com/start` };
  const isBare =
    /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/|$)/i.test(text) && isAccessPortal(`https://${text}`);
  const url = isBare ? completeHost(text) : text;
  if (!isStartUrl(url)) return { kind: "refused", fault: "is not an https URL" };
  const foreign = FOREIGN_PAGES.find(([host]) => host.test(parseHost(url)));
  if (foreign !== undefined) return { kind: "refused", fault: foreign[1] };
  return { kind: "url", url: isAccessPortal(url) ? url.replace(/\/?#\/\w.*$/, "") : url };
}

function completeHost(text: string): string {
  return /^[^/]+\.awsapps\.c(om|n)\/?$/i.test(text)
    ? `https://${text.replace(/\/$/, "")}/start`
    : `https://${text}`;
}

/** What people paste in its place: the pages that lead to the portal, and those that it leads to. */
const FOREIGN_PAGES: ReadonlyArray<readonly [host: RegExp, fault: string]> = [
  [
    /(^|\.)(okta|oktapreview|okta-emea|okta-gov|trexcloud)\.com$|(^|\.)okta\.mil$/,
    "is a page of Okta, which leads to the access portal and is not its start URL",
  ],
  [
    /(^|\.)(signin|console)\.(aws\.amazon|amazonaws-us-gov|amazonaws)\.(com|cn)$|(^|\.)signin\.aws$|(^|\.)console\.aws$/,
    "is a page of the AWS console, not the access portal's start URL",
  ],
  [
    /(^|\.)(microsoftonline|microsoft|google|onelogin|pingone|auth0|duosecurity)\.com$/,
    "is a page of the identity provider, not the access portal's start URL",
  ],
];

/** Domains under which AWS alone gives out access portals (AWS CLI 2.36.7, sso/resolve.py). */
const PORTAL_DOMAINS = [
  "awsapps.com",
  "awsapps.cn",
  "app.aws",
  "portal.amazonaws.com",
  "portal.amazonaws.com.cn",
  "app.amazonwebservices.com.cn",
  "portal.amazonaws.eu",
  "api.amazonwebservices.eu",
];
const ISSUER_HOSTS = [
  "identitycenter.amazonaws.com",
  "identitycenter.amazonaws.com.cn",
  "identitycenter.amazonaws.eu",
  "identitycenter.us-gov.amazonaws.com",
];

/** Whether a start URL is an access portal itself; any other is a company's own address that leads to one. */
export function isAccessPortal(startUrl: string): boolean {
  const host = parseHost(startUrl);
  return (
    ISSUER_HOSTS.includes(host) ||
    PORTAL_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`))
  );
}

const REGION_IN_HOST = [
  /^[^.]+\.portal\.([^.]+)\.app\.aws$/,
  /^[^.]+\.portal\.([^.]+)\.(?:app\.amazonwebservices\.com\.cn|api\.amazonwebservices\.eu)$/,
  /^[^.]+\.([^.]+)\.portal\.amazonaws\.(?:com|com\.cn|eu)$/,
  /^start\.([^.]+)\.us-gov-home\.awsapps\.com$/,
];

/** The region that a start URL names itself; most name none. */
export function findRegionInStartUrl(startUrl: string): string | undefined {
  const host = parseHost(startUrl);
  return REGION_IN_HOST.map((pattern) => pattern.exec(host)?.[1]).find(
    (region) => region !== undefined && isRegion(region),
  );
}

/** Dual-stack portals have their sign-in service under dual-stack names alone (aws-cli issue 10507). */
export function isDualStackPortal(startUrl: string): boolean {
  return parseHost(startUrl).endsWith(".app.aws");
}

/** As the AWS CLI hands on what a company's own address led to: no query, no fragment, no slash behind. */
export function trimPortalUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, "")}`;
}

function parseHost(url: string): string {
  return (URL.parse(url)?.hostname ?? "").toLowerCase().replace(/\.$/, "");
}
