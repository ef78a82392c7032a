import { randomUUID } from "node:crypto";

/** A request as the handlers see it: read whole, names of headers in lower case. */
export interface ReceivedRequest {
  readonly method: string;
  /** As it was sent: percent signs and all. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Those of the query, and of the form that a POST sends. */
  readonly parameters: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly address: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the journal: the identity that STS verified. */
  readonly arn?: string;
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { "Content-Type": "application/json", "x-amzn-RequestId": randomUUID(), ...headers },
    body: JSON.stringify(value),
  };
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** An element of HTML or XML that holds text alone. */
export function element(name: string, text: string): string {
  return `<${name}>${escapeHtml(text)}</${name}>`;
}

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}" +
  "code,strong{overflow-wrap:anywhere}dt{color:#555}dd{margin:0 0 .75rem}button{font:inherit;padding:.4rem 1.2rem}";

/**
 * A page without script, that nothing may frame. `content` is HTML: escape what goes into it.
 * `formTarget` adds an origin to `form-action`: browsers apply it also to the redirect that follows a form.
 */
export function html(status: number, title: string, content: string, formTarget = ""): Reply {
  const body =
    `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width">${element("title", title)}<style>${STYLE}</style></head>` +
    `<body><main>${element("h1", title)}${content}</main></body></html>\n`;
  return {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${formTarget}`.trimEnd() +
        "; base-uri 'none'; frame-ancestors 'none'",
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    },
    body,
  };
}

export function redirect(location: string): Reply {
  return { status: 302, headers: { Location: location, "Cache-Control": "no-store" }, body: "" };
}

export function xml(status: number, body: string): Reply {
  return {
    status,
    headers: { "Content-Type": "text/xml", "x-amzn-RequestId": randomUUID() },
    body,
  };
}

/** Optional members of a response: null where the service writes null, or left out as JSON leaves out undefined. */
export function members(
  nulls: boolean,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (!nulls) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === undefined ? null : value]),
  );
}
