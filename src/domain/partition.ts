/**
 * Regions, partitions and start URLs.
 *
 * Sources: the endpoint rule sets of sso-oidc, sso and sts; the AWS CLI 2.36.7 for the hosts that a start URL may have.
 */

export interface Partition {
  readonly id: string;
  /** Host of the sign-in federation endpoint and of the console. */
  readonly signInHost: string;
  readonly consoleHost: string;
}

const PARTITIONS: ReadonlyArray<readonly [RegExp, Partition]> = [
  [/^cn-/, { id: "aws-cn", signInHost: "signin.amazonaws.cn", consoleHost: "console.amazonaws.cn" }],
  [/^us-gov-/, { id: "aws-us-gov", signInHost: "signin.amazonaws-us-gov.com", consoleHost: "console.amazonaws-us-gov.com" }],
  [/^eusc-/, { id: "aws-eusc", signInHost: "signin.amazonaws-eusc.eu", consoleHost: "console.amazonaws-eusc.eu" }],
];

const COMMERCIAL: Partition = { id: "aws", signInHost: "signin.aws.amazon.com", consoleHost: "console.aws.amazon.com" };

export function partitionOf(region: string): Partition {
  return PARTITIONS.find(([pattern]) => pattern.test(region))?.[1] ?? COMMERCIAL;
}

/** A region's form, not its existence: new regions appear, and other stores have their own names. */
export function isRegion(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(text);
}

/**
 * Whether `text` can be a start URL: https, a host, no blanks or control characters. It is never normalised: the
 * literal text is the name of the token's cache file in every AWS client.
 */
export function isStartUrl(text: string): boolean {
  if (text.length > 2048 || !/^[\x21-\x7e]+$/.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && url.protocol === "https:" && url.hostname !== "" && url.username === "" && url.password === "";
}
