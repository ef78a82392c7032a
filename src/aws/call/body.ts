import type { IncomingMessage } from "node:http";
import { LatchkeyError } from "../../errors.ts";

/** Reads the body of an answer, and refuses web pages, redirects and answers that are too large. */

/**
 * The accepted form of an answer. `data`: no web page and no redirect. `data-or-failure-page`: the same, but a 4xx or
 * 5xx may be a web page. `anything`: only status and headers matter, and the body is not read.
 */
export type AnswerForm = "data" | "data-or-failure-page" | "anything";

export interface AnswerHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
}

const MAX_RESPONSE_BYTES = 5 * 1024 * 1024;

/** @throws LatchkeyError BAD_RESPONSE */
export async function readBody(
  answer: IncomingMessage,
  head: AnswerHead,
  host: string,
  expects: AnswerForm,
): Promise<Buffer> {
  // Redirects are never followed: the token would be sent to the new address.
  const isRedirect = head.status >= 300 && head.status < 400;
  if (isRedirect) throw captivePortalError(host, head.status);
  const isDoubtful = isLabelledAsPage(head, expects);
  const requireData = (start: Buffer): void => {
    if (isDoubtful && !DATA.test(start.toString("latin1")))
      throw captivePortalError(host, head.status);
  };

  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (bytes === 0) requireData(chunk);
    bytes += chunk.length;
    if (bytes > MAX_RESPONSE_BYTES) throw sizeError(host);
    chunks.push(chunk);
  }
  if (bytes === 0) requireData(Buffer.alloc(0));
  return Buffer.concat(chunks);
}

/**
 * The beginning of an AWS service's answer: a JSON object or an XML response. Gateways may label it with any content
 * type.
 */
const DATA = /^\s*(\{|(<\?xml[^>]*>\s*)?<\w+Response\b)/;

/** Returns whether an answer is labelled as a web page although it must not be one. */
function isLabelledAsPage({ status, headers }: AnswerHead, expects: AnswerForm): boolean {
  // A 429 is accepted with any body, since gateways in front of the service send their own web pages.
  const mayBePage = status === 429 || (expects === "data-or-failure-page" && status >= 400);
  return !mayBePage && /^\s*text\/html/i.test(headers["content-type"] ?? "");
}

/** @param status the HTTP status of the answer */
export function captivePortalError(host: string, status: number): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `${host} answered like a web site (HTTP ${status}), not like the service: a captive portal or a proxy may be in between.`,
    {
      hint: "Open a web page in your browser to see whether the network requires you to sign in, then try again.",
    },
  );
}

function sizeError(host: string): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `The answer of ${host} is larger than any answer of that service.`,
    { hint: "A captive portal or a proxy may be in between; try again." },
  );
}
