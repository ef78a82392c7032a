import { randomUUID } from "node:crypto";

/** A complete request; header names are in lower case. */
export interface ReceivedRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parameters of the query and of a POST form. */
  readonly parameters: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly address: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The identity that STS verified, for the journal. */
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

/** Returns an HTML or XML element that contains only text. */
export function element(name: string, text: string): string {
  return `<${name}>${escapeHtml(text)}</${name}>`;
}

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}" +
  "code,strong{overflow-wrap:anywhere}dt{color:#555}dd{margin:0 0 .75rem}button{font:inherit;padding:.4rem 1.2rem}";

/**
 * Returns a page that allows no scripts and no framing. `content` is HTML: the caller escapes it.
 * `formTarget` adds an origin to `form-action`: browsers also apply it to the redirect after a form.
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

/** Returns the members of a response: undefined becomes null if `nulls` is set, else JSON leaves it out. */
export function members(
  nulls: boolean,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (!nulls) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === undefined ? null : value]),
  );
}
