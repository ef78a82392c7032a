import { trimEndOf } from "../text/json.ts";
import { editDistance } from "../text/terminal.ts";

/** Checks regions and start URLs, lists the known regions, and finds the intended one for a typing error. */

/** Returns whether a text has the form of a region, known or not. AWS adds regions, and other stores have their own. */
export function isRegion(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(text);
}

/** Returns whether clients can use a region. Other stores have regions such as `auto` and `fr-par`. */
export function isClientRegion(text: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(text);
}

/**
 * Returns whether `text` can be a start URL: https, a host, no blanks or control characters. It is never normalised,
 * because every AWS client derives the name of the token file from the literal text.
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

/** A start URL as typed or pasted: completed, or the reason why it is refused. */
type TypedStartUrl =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "refused"; readonly fault: string };

/**
 * Completes what a user enters as a start URL: with blanks around it, without `https://`, as a directory id
 * (`d-1234567890`), or with what the portal's page adds to it (`/#/console?…`).
 * @param completes also completes other hosts without `https://`, if the user sees the result; else only access portals.
 */
export function readTypedStartUrl(typed: string, completes = false): TypedStartUrl {
  const text = typed.trim();
  if (/^d-[0-9a-z]{10}$/.test(text))
    return { kind: "url", url: `https://${text}.awsapps.com/start` };
  const isBare = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(:\d+)?([/?#]|$)/i.test(text);
  const full = isBare ? completeHost(text) : text;
  const foreign = isStartUrl(full) ? findForeignPage(full) : undefined;
  if (foreign !== undefined) return { kind: "refused", fault: foreign };
  const isPortal = isAccessPortal(full);
  if (!isStartUrl(full) || (isBare && !isPortal && !completes))
    return { kind: "refused", fault: "is not an https URL" };
  return { kind: "url", url: isPortal ? full.replace(/\/?#\/[\w?].*$/, "") : full };
}

function completeHost(text: string): string {
  return `https://${text.replace(/^([^/]+\.awsapps\.c(?:om|n))\/?$/i, "$1/start")}`;
}

/**
 * Returns a session name made from the start URL: the company's name, else `sso`.
 * @param taken the names of other sessions.
 */
export function proposeSessionName(startUrl: string, taken: readonly string[]): string {
  const name = findCompany(startUrl) ?? "sso";
  const others = Array.from({ length: taken.length }, (_, index) => `${name}-${index + 2}`);
  return [name, ...others].find((each) => !taken.includes(each)) ?? name;
}

/** Parts of a host that are not a company's name: purposes, and ends of domains. */
const COMMON_LABELS =
  /^(www|aws|sso|start|login|portal|signin|id|idp|auth|access|apps?|cloud|my|home|directory|identitycenter|us-gov-home|co|com|org|net|gov|ac|edu)$/;
const MADE_BY_AWS = /^(d-[0-9a-f]{10}|ssoins-[0-9a-f]{16})$/;

function findCompany(startUrl: string): string | undefined {
  const host = parseHost(startUrl);
  const [, directory = ""] =
    /^\/directory\/([^/]+)/.exec(URL.parse(startUrl)?.pathname ?? "") ?? [];
  const labels = isAccessPortal(startUrl)
    ? [directory, host.split(".")[0] ?? ""]
    : host.split(".").slice(0, -1).reverse();
  const isName = (label: string): boolean =>
    /^[a-z][a-z0-9-]*$/.test(label) && !COMMON_LABELS.test(label) && !MADE_BY_AWS.test(label);
  return labels.map((label) => label.toLowerCase()).find(isName);
}

const OTHER_PAGE = "is another page of AWS, not the access portal's start URL";
/** Paths of WorkMail, WorkDocs and Connect, which have hosts in the same domain. */
const OTHER_APPLICATION = /\/(mail|workmail|workdocs|connect|auth)(\/|$)/;

/** Pages that users paste by mistake: pages before and after the portal, and addresses of other services. */
const FOREIGN_PAGES: ReadonlyArray<readonly [page: RegExp, fault: string]> = [
  [
    /^([^/]+\.)?(okta|oktapreview|okta-emea|okta-gov|trexcloud)\.com\/|^([^/]+\.)?okta\.mil\/|\/(home|app|apps)\/amazon_aws/,
    "is a page of Okta that leads to the access portal, not the portal's start URL",
  ],
  [
    /^([^/]+\.)?(signin|console)\.(aws\.amazon|amazonaws-us-gov|amazonaws)\.(com|cn)\/|^([^/]+\.)?(signin|console)\.(aws|amazonaws\.eu)\//,
    "is a page of the AWS console, not the access portal's start URL",
  ],
  [
    /^(device|oidc|portal)\.sso(-fips)?\.[^/]*amazonaws|^(oidc|sso|portal|signin|sts)[.-][^/]*\.(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws)\//,
    "is an address of the sign-in service, not the access portal's start URL",
  ],
  [
    /^([^/]+\.)?(amazon\.(com|cn)|amazonaws\.(com(\.cn)?|eu|cn)|amazonaws-us-gov\.com|aws|aws\.dev|awsstatic\.com)\//,
    OTHER_PAGE,
  ],
  [
    /^([^/]+\.)?(microsoftonline|microsoft|office|azure|google|onelogin|pingone|pingidentity|auth0|duosecurity|jumpcloud|idaptive|rippling|lastpass|workspaceoneaccess|vmwareidentity)\.(com|us|cn|eu)\/|^([^/]+\.)?(login\.windows\.net|cyberark\.cloud|cloud\.microsoft)\/|\/(adfs\/ls|realms\/[^/]+\/protocol|idp\/|saml2?\/(idp|sso|acs))/,
    "is a page of the identity provider, not the access portal's start URL",
  ],
];

/** @param url has the form of a start URL. @returns why it is another page, or undefined. */
function findForeignPage(url: string): string | undefined {
  const { pathname = "/" } = URL.parse(url) ?? {};
  const page = `${parseHost(url)}${pathname}`;
  if (isAccessPortal(url)) return OTHER_APPLICATION.test(page) ? OTHER_PAGE : undefined;
  return FOREIGN_PAGES.find(([pattern]) => pattern.test(page))?.[1];
}

/** Domains that only AWS uses for access portals (AWS CLI 2.36.7, sso/resolve.py). */
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

/** Returns whether a start URL is an access portal. Any other is a company's own address that leads to one. */
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

/** Returns the region in a start URL; most contain none. */
export function findRegionInStartUrl(startUrl: string): string | undefined {
  const host = parseHost(startUrl);
  return REGION_IN_HOST.map((pattern) => pattern.exec(host)?.[1]).find(
    (region) => region !== undefined && isRegion(region),
  );
}

/** Dual-stack portals have their sign-in service only under dual-stack names (aws-cli issue 10507). */
export function isDualStackPortal(startUrl: string): boolean {
  return parseHost(startUrl).endsWith(".app.aws");
}

/** Returns the portal's URL without query, fragment and final slash, like the AWS CLI. */
export function trimPortalUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${trimEndOf(pathname, "/")}`;
}

function parseHost(url: string): string {
  return (URL.parse(url)?.hostname ?? "").toLowerCase().replace(/\.$/, "");
}

/** The regions of 2026 (`@aws-sdk/core` 3.97x, partitions.js): each place with its highest number. */
const PLACES: Readonly<Record<string, number>> = {
  "af-south": 1,
  "ap-east": 2,
  "ap-northeast": 3,
  "ap-south": 2,
  "ap-southeast": 7,
  "ca-central": 1,
  "ca-west": 1,
  "cn-north": 1,
  "cn-northwest": 1,
  "eu-central": 2,
  "eu-isoe-west": 1,
  "eu-north": 1,
  "eu-south": 2,
  "eu-west": 3,
  "eusc-de-east": 1,
  "il-central": 1,
  "me-central": 1,
  "me-south": 1,
  "me-west": 1,
  "mx-central": 1,
  "sa-east": 1,
  "sa-west": 1,
  "us-east": 2,
  "us-gov-east": 1,
  "us-gov-west": 1,
  "us-iso-east": 1,
  "us-iso-west": 1,
  "us-isob-east": 1,
  "us-isob-west": 1,
  "us-isof-east": 1,
  "us-isof-south": 1,
  "us-west": 2,
};
const REGIONS: readonly string[] = Object.entries(PLACES).flatMap(([place, count]) =>
  Array.from({ length: count }, (_, index) => `${place}-${index + 1}`),
);
const WORDS = [...new Set(Object.keys(PLACES).flatMap((place) => place.split("-")))];

/**
 * "known"; "slip": a word in it is not used by any region, but is close to one that is; "unknown": only the number, the
 * combination of words, or a word far from all others is new. AWS adds regions, and other stores have their own.
 */
export type RegionJudgement =
  | { readonly kind: "known" }
  | { readonly kind: "slip"; readonly meant: string }
  | { readonly kind: "unknown" };

export function judgeRegion(region: string): RegionJudgement {
  if (isKnown(region)) return { kind: "known" };
  const meant = findMeant(region);
  return meant === undefined ? { kind: "unknown" } : { kind: "slip", meant };
}

/** Returns the regions that `typed` may become, best first. */
export function listRegionsLike(typed: string): readonly string[] {
  const words = typed.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const begun = REGIONS.filter((region) => region.startsWith(words.join("-")));
  if (begun.length > 0) return begun;
  const judged = judgeRegion(typed);
  if (judged.kind === "slip") return [judged.meant];
  return REGIONS.filter((region) => words.every((word) => region.includes(word)));
}

function isKnown(region: string): boolean {
  const [, place = "", number] = /^(.+)-([1-9])$/.exec(region) ?? [];
  return Object.hasOwn(PLACES, place) && Number(number) <= (PLACES[place] ?? 0);
}

/** @returns undefined for a text that is not a slip: it is written like a region, with words that regions have. */
function findMeant(region: string): string | undefined {
  // Capitals, blanks, quotes, underscores, a missing hyphen or number, the letter of a zone.
  const plain = region.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const [, text = "", number = "1"] =
    /^-?([a-z-]{2,40}?)-?(?:(\d{1,2})[a-f]?)?-?$/.exec(plain) ?? [];
  const squeezed = text.replaceAll("-", "");
  const place =
    Object.keys(PLACES).find((known) => known.replaceAll("-", "") === squeezed) ??
    joinCandidates(text.split("-").map(listNear)).find((joined) => Object.hasOwn(PLACES, joined));
  if (place === undefined || region === `${place}-${number}`) return undefined;
  const meant = `${place}-${number}`;
  return isKnown(meant) ? meant : `${place}-1`;
}

/** Returns the region words that a word may be meant to be, nearest first. */
function listNear(word: string): string[] {
  if (WORDS.includes(word)) return [word];
  return WORDS.map((known) => ({ known, slips: countSlips(word, known) }))
    .filter(({ known, slips }) => slips <= (known.length > 3 ? 2 : 1))
    .sort((a, b) => a.slips - b.slips)
    .map(({ known }) => known);
}

/** In a word of two letters another letter means another country. Only a missing, extra or swapped letter is a slip. */
function countSlips(word: string, known: string): number {
  if (word.length !== known.length) return editDistance(word, known);
  if (sortLetters(word) === sortLetters(known)) return 1;
  return known.length <= 2 ? Number.POSITIVE_INFINITY : editDistance(word, known);
}

function sortLetters(word: string): string {
  return Array.from(word).toSorted().join("");
}

/** Returns every combination of one candidate per word, in the order of the first word. */
function joinCandidates(words: ReadonlyArray<readonly string[]>): string[] {
  if (words.length > MOST_WORDS) return [];
  return words.reduce<string[]>(
    (starts, candidates) =>
      starts.flatMap((start) =>
        candidates.map((word) => (start === "" ? word : `${start}-${word}`)),
      ),
    [""],
  );
}

const MOST_WORDS = 4;
