import { createHash } from "node:crypto";

/** What the browser shows when it comes back: two pages that never change, with nothing in them from the request. */

const STYLE =
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}";

function page(title: string, text: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>\n`
  );
}

export const RECEIVED_PAGE = page(
  "You can close this window",
  "latchkey has your approval. The terminal says how the sign-in ended.",
);
export const REFUSED_PAGE = page(
  "You can close this window",
  "The sign-in was refused. Nothing was given to latchkey.",
);
export const STRAY_PAGE = page(
  "Not for this sign-in",
  "This is not the answer that latchkey is waiting for. The sign-in goes on in the other page.",
);

const STYLE_HASH = createHash("sha256").update(STYLE, "utf8").digest("base64");

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "Cache-Control": "no-store",
  // The address has the code in it.
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Opener-Policy": "same-origin",
  Connection: "close",
};
