import { LatchkeyError } from "../errors.ts";
import type { HttpAnswer } from "../aws/http.ts";
import { sendPlain, type Connection } from "../aws/send.ts";

/** A company's own address of its access portal: asked where it leads, and no further. Nothing secret is sent. */

/**
 * Where `startUrl` redirects to, made absolute; itself where it does not. One redirect and no more: HEAD, and GET for
 * servers that know no HEAD.
 * @throws LatchkeyError UNREACHABLE, or BAD_RESPONSE where it is neither a page nor a redirect.
 */
export async function resolveStartUrl(connection: Connection, startUrl: string): Promise<string> {
  const url = new URL(startUrl);
  const headers = { "User-Agent": "latchkey", Accept: "*/*" };
  const ask = (method: "HEAD" | "GET"): Promise<HttpAnswer> =>
    sendPlain(
      connection,
      { host: url.host, method, url, headers, expects: "anything" },
      (answer) => answer,
    );
  const toHead = await ask("HEAD");
  const isHeadKnown = toHead.status !== 405 && toHead.status !== 501;
  const {
    status,
    headers: { location },
  } = isHeadKnown ? toHead : await ask("GET");
  if (status >= 200 && status < 300) return startUrl;
  const target =
    [301, 302, 303, 307, 308].includes(status) && location !== undefined
      ? URL.parse(location, startUrl)
      : null;
  if (target !== null) return target.href;
  throw new LatchkeyError(
    "BAD_RESPONSE",
    `The start URL ${startUrl} leads nowhere (HTTP ${status}).`,
    {
      hint: "Open it in a browser, and take the address of the AWS access portal that it ends at.",
    },
  );
}
