import { trimEndOf } from "../text/json.ts";
import { editDistance } from "../text/terminal.ts";

/** Checks regions and start URLs, lists the known regions, and corrects typing errors in a region. */

/** Returns whether a text has the form of an AWS region, known or not: AWS adds regions. */
export function isRegion(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(text);
}

/** Returns whether AWS clients accept a region. Services outside AWS have regions such as `auto` and `fr-par`. */
export function isClientRegion(text: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(text);
}

/**
 * Returns whether `text` can be a start URL: https, a host, no blanks or control characters. latchkey never changes the
 * spelling of a start URL, because every AWS client derives the name of the token file from the literal text.
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

/** A start URL that a user typed or pasted: the completed URL, or the reason why it is refused. */
type TypedStartUrl =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "refused"; readonly fault: string };

/**
 * Completes what a user enters as a start URL. It may have blanks around it, lack `https://`, be a directory id
 * (`d-1234567890`), or contain what the portal's page adds (`/#/console?…`).
 * @param completes add `https://` to any host, because the user sees the result; if false, only to access portals.
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
 * Returns a new session name from the start URL: the company's name, else `sso`. If the name is taken, adds a number.
 * @param taken the names of other sessions.
 */
export function proposeSessionName(startUrl: string, taken: readonly string[]): string {
  const name = findCompany(startUrl) ?? "sso";
  const others = Array.from({ length: taken.length }, (_, index) => `${name}-${index + 2}`);
  return [name, ...others].find((each) => !taken.includes(each)) ?? name;
}

/** Parts of a host name that are not a company's name, such as `login` and `com`. */
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
/** The paths of WorkMail, WorkDocs and Connect, whose hosts are in the same domain as portals. */
const OTHER_APPLICATION = /\/(mail|workmail|workdocs|connect|auth)(\/|$)/;

/** Pages that users paste by mistake: pages before or after the portal's page, and pages of other services. */
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

/** @param url has the form of a start URL. @returns which other page it is, or undefined. */
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

/** Returns whether a start URL is a portal's own address. Any other is a company's address that leads to a portal. */
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

/** Returns the region in a start URL; undefined for most, which contain no region. */
export function findRegionInStartUrl(startUrl: string): string | undefined {
  const host = parseHost(startUrl);
  return REGION_IN_HOST.map((pattern) => pattern.exec(host)?.[1]).find(
    (region) => region !== undefined && isRegion(region),
  );
}

/** Returns whether a portal is dual-stack. Its sign-in service then has only a dual-stack name (aws-cli issue 10507). */
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

/** The regions of 2026 (`@aws-sdk/core` 3.97x, partitions.js): each name without its number, with the highest number. */
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
 * "known"; "slip": a word in the region is in no known region, but similar to one that is; "unknown": only the number, the
 * combination of words, or a word that is similar to no other is new. AWS and other services add regions.
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

/** Returns the regions that the user may be typing, the best first. */
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

/** Returns the region that a misspelt text means. @returns undefined if the text has the form and the words of a region. */
function findMeant(region: string): string | undefined {
  // These slips are corrected: capitals, blanks, quotes, underscores, a missing hyphen or number, the letter of a zone.
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

/** Returns the words of known regions that a word may be a misspelling of, the nearest first. */
function listNear(word: string): string[] {
  if (WORDS.includes(word)) return [word];
  return WORDS.map((known) => ({ known, slips: countSlips(word, known) }))
    .filter(({ known, slips }) => slips <= (known.length > 3 ? 2 : 1))
    .sort((a, b) => a.slips - b.slips)
    .map(({ known }) => known);
}

/**
 * Counts the slips between two words. In a word of two letters, a different letter means another country, so only a
 * missing, extra or swapped letter is a slip.
 */
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
