import { isLoopback } from "../../aws/endpoints.ts";
import { trimEndOf } from "../../text/json.ts";
import { fail, type Verdict } from "../step.ts";

/** Parses a pasted SCIM endpoint into the form that Okta needs. */

export interface ScimEndpoint {
  /** The URL without a trailing slash. It is Okta's Base URL and the base of latchkey's requests. */
  readonly base: string;
  /** The region in AWS's host name; undefined for any other host. */
  readonly region: string | undefined;
  /** Problems that do not prevent the use of the endpoint. */
  readonly warnings: readonly string[];
}

/**
 * `scim.eu-west-1.amazonaws.com`, in China with `.cn`. Tenant ids look like UUIDs but are not UUIDs, so they are not
 * checked.
 */
const AWS_HOST = /^scim\.([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.amazonaws\.com(?:\.cn)?$/;
const WHERE =
  "AWS › IAM Identity Center › Settings › Identity source › Provisioning shows the SCIM endpoint: https://scim.REGION.amazonaws.com/TENANT/scim/v2";
const DOCS = "https://docs.aws.amazon.com/singlesignon/latest/userguide/okta-idp.html";

/** The endpoint, or the problem with it. */
export type EndpointReading =
  { readonly endpoint: ScimEndpoint } | { readonly endpoint: undefined; readonly problem: Verdict };

/** Messages never contain the text: it may be the token, pasted in the wrong field. */
export function parseScimEndpoint(text: string): EndpointReading {
  const trimmed = text.trim();
  const base = trimEndOf(trimmed, "/");
  const url = URL.parse(base);
  if (url === null)
    return refuseUrl(
      /^[\w.+=-]{32,}$/.test(trimmed)
        ? "the SCIM endpoint is not a URL: it looks like the token, pasted in the wrong field"
        : "the SCIM endpoint is not a URL",
    );
  const problem = findProblem(trimmed, url);
  if (problem !== undefined) return refuseUrl(problem);

  const region = AWS_HOST.exec(url.hostname)?.[1];
  const isAws = region !== undefined || isLoopback(url.hostname);
  const warnings = [
    trimmed !== base && "Okta's Base URL must not end in a slash: enter it as shown here",
    trimmed !== text && "the pasted endpoint has blanks around it",
    !isAws && `${url.hostname} is not scim.REGION.amazonaws.com`,
  ].filter((warning) => warning !== false);
  return { endpoint: { base, region, warnings } };
}

function findProblem(text: string, url: URL): string | undefined {
  if (/\s/.test(text)) return "the SCIM endpoint has blanks or line breaks in it";
  if ([url.username, url.password, url.search, url.hash].some((part) => part !== ""))
    return "the SCIM endpoint has more than a host and a path";
  if (/awsapps\.com$|\.portal\.|signin\.aws/.test(url.hostname))
    return "this is a portal or sign-in URL, not the SCIM endpoint";
  const isLocal = url.protocol === "http:" && isLoopback(url.hostname);
  if (url.protocol !== "https:" && !isLocal)
    return "the SCIM endpoint is not https: the token would be sent unencrypted";
  return url.pathname.endsWith("/scim/v2")
    ? undefined
    : "the SCIM endpoint does not end in /scim/v2";
}

function refuseUrl(summary: string): EndpointReading {
  return { endpoint: undefined, problem: fail("FED-SCIM-URL", summary, WHERE, { docs: DOCS }) };
}

/** Returns a SCIM filter. Its value is a JSON string (RFC 7644 §3.4.2.2), so quotes and backslashes are escaped. */
export function formatEquals(attribute: string, value: string): string {
  return `${attribute} eq ${JSON.stringify(value)}`;
}
