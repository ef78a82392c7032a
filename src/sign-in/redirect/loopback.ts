import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Callback, type CallbackRequest } from "./callback.ts";
import { LatchkeyError, systemErrorCode } from "../../errors.ts";
import { CALLBACK_PATH } from "../../aws/grants.ts";
import {
  describePortFault,
  startLocalServer,
  type LocalServer,
} from "../../terminal/local-server.ts";

/**
 * The address on this machine to which the browser is redirected (RFC 8252 §7.3). latchkey listens only on 127.0.0.1,
 * from before the browser opens until the sign-in ends. Every other request gets an error page.
 */

export interface RedirectListener {
  readonly redirectUri: string;
  /** Resolves once, with the first valid answer. If `judge` returns "stray" for a request, the wait continues. */
  waitForAnswer(judge: (request: CallbackRequest) => Callback): Promise<Answer>;
  close(): void;
}

export type Answer = Exclude<Callback, { kind: "stray" }>;

/**
 * Starts the listener.
 * @param wanted the port; undefined: any free port
 * @throws LatchkeyError LOGIN_FAILED if it can't listen on 127.0.0.1
 */
export async function listenForRedirect(wanted: number | undefined): Promise<RedirectListener> {
  let judge: ((request: CallbackRequest) => Callback) | undefined;
  let settle: (answer: Answer) => void = () => undefined;
  const outcome = new Promise<Answer>((resolve) => (settle = resolve));
  let isOver = false;
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const callback: Callback =
      judge === undefined || isOver
        ? { kind: "stray", status: 400 }
        : judge(toCallbackRequest(request));
    // Node rejects an unread request body only later, so this response closes the connection.
    if (callback.kind === "stray") return respond(response, callback.status, STRAY_PAGE);
    isOver = true;
    // The process may end as soon as the answer is returned, so the answer waits until the page is sent.
    response.once("close", () => settle(callback));
    return respond(response, 200, callback.kind === "code" ? RECEIVED_PAGE : REFUSED_PAGE);
  };
  const server = await startLocalServer(serve, wanted).catch((cause: Error): LocalServer => {
    throw listenError(cause, wanted);
  });
  return {
    redirectUri: `http://127.0.0.1:${server.port}${CALLBACK_PATH}`,
    waitForAnswer(how) {
      judge = how;
      return outcome;
    },
    close() {
      void server.close();
    },
  };
}

function toCallbackRequest({ method, url, headersDistinct }: IncomingMessage): CallbackRequest {
  const hosts = headersDistinct["host"] ?? [];
  return { method, target: url, host: hosts.length === 1 ? hosts[0] : undefined };
}

function respond(response: ServerResponse, status: number, body: string): void {
  const allow = status === 405 ? { Allow: "GET" } : {};
  response.writeHead(status, {
    ...PAGE_HEADERS,
    ...allow,
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

function listenError(cause: Error, wanted: number | undefined): LatchkeyError {
  const code = systemErrorCode(cause) ?? "no reason given";
  if (wanted === undefined)
    return new LatchkeyError(
      "LOGIN_FAILED",
      `latchkey can't listen on 127.0.0.1 for the browser's redirect (${code}).`,
      { hint: "Sign in with a code instead: latchkey login --use-device-code", cause },
    );
  const why = describePortFault(code);
  return new LatchkeyError(
    "LOGIN_FAILED",
    `latchkey can't listen on port ${wanted} of 127.0.0.1 for the browser's redirect: ${why} (${code}).`,
    { hint: "Give another port with --redirect-port.", cause },
  );
}

/** The pages that the browser shows. Their text is fixed and contains nothing from the request. */

const STYLE =
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}";

function page(title: string, text: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>\n`
  );
}

const RECEIVED_PAGE = page(
  "You can close this window",
  "latchkey received your approval. See the result in the terminal.",
);
const REFUSED_PAGE = page(
  "You can close this window",
  "The sign-in was refused. Nothing was given to latchkey.",
);
const STRAY_PAGE = page(
  "Not for this sign-in",
  "This is not the answer that latchkey is waiting for. Continue the sign-in in the other page.",
);

const STYLE_HASH = createHash("sha256").update(STYLE, "utf8").digest("base64");

const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "Cache-Control": "no-store",
  // The page's address contains the code, so it must not be sent to another site.
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Opener-Policy": "same-origin",
  Connection: "close",
};
