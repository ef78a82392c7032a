import { request } from "node:https";
import { LatchkeyError } from "../errors.ts";
import { createHttpsAgent } from "../aws/http.ts";
import { send, type CallOptions, type Connection } from "../aws/send.ts";

/** A company's own address of its access portal: asked where it leads, and no further. Nothing secret is sent. */

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
}

/**
 * Where `startUrl` redirects to, made absolute; itself where it does not. One redirect and no more: HEAD, and GET for
 * servers that know no HEAD.
 * @throws LatchkeyError UNREACHABLE, or BAD_RESPONSE where it is neither a page nor a redirect.
 */
export async function resolveStartUrl(connection: Connection, startUrl: string): Promise<string> {
  const host = new URL(startUrl).host;
  const ask = (method: "HEAD" | "GET"): Promise<Answer> =>
    send(connection, host, (options) => fetchAnswer(connection, method, startUrl, options));
  const toHead = await ask("HEAD");
  const { status, location } =
    toHead.status === 405 || toHead.status === 501 ? await ask("GET") : toHead;
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

function fetchAnswer(
  connection: Connection,
  method: "HEAD" | "GET",
  url: string,
  { abortSignal }: CallOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method,
        agent: createHttpsAgent(connection),
        signal: abortSignal,
        headers: { "User-Agent": "latchkey", Accept: "*/*" },
      },
      (answer) => {
        const { statusCode = 0, headers } = answer;
        // Only the head of it matters.
        answer.destroy();
        resolve({ status: statusCode, location: headers.location });
      },
    );
    asked.once("error", reject);
    asked.end();
  });
}
