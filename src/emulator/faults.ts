import { json, type Reply } from "./http.ts";
import { ROUTES, type Route } from "./routes.ts";
import * as v from "./schema.ts";
import { errorFor, errorWithStatus } from "./service-errors.ts";
import type { Settings } from "./state/settings.ts";

/** Limits a fault to requests with these values. */
const match = v.patch({ accountId: v.string, roleName: v.string, grantType: v.string });

/** The values of a request that `match` is compared with. */
export type RequestFacts = Readonly<Record<keyof v.InferOutput<typeof match>, unknown>>;

/**
 * One planned failure. With `status`, `error`, `body` or `html`, it replaces the service's answer. With only `headers`,
 * `delayMs`, `truncate` or a late `drop`, the service processes the request and only its answer is changed.
 */
export const faultInput = v.object({
  route: v.oneOf("*", ...ROUTES),
  match: v.optional(match),
  /** The maximum number of times that the fault applies. */
  times: v.optional(v.integer(1)),
  /** Applies to every k-th matching request: 3 is the third, the sixth, … */
  every: v.optional(v.integer(1)),
  /** Without `error` or `body`: answers with the service's own error for this status. */
  status: v.optional(v.integer(200, 599)),
  /** The type of a service error, e.g. `ForbiddenException`. */
  error: v.optional(v.string),
  /** A string is sent unchanged, any other value as JSON. */
  body: v.optional(v.anything()),
  headers: v.optional(v.recordOf(v.string)),
  /** Real milliseconds before the request is served. */
  delayMs: v.optional(v.number(0, 3_600_000)),
  /**
   * Closes the connection before the request is processed, after it without sending a byte, or in the middle of the
   * body.
   */
  drop: v.optional(v.oneOf("before", "after", "mid-body")),
  /** Cuts the body after this many characters; the response is otherwise complete. */
  truncate: v.optional(v.integer(0)),
  /** Answers with a web page, like a captive portal. */
  html: v.optional(v.boolean),
});
export type Fault = v.InferOutput<typeof faultInput>;

export interface ActiveFault {
  fault: Fault;
  seen: number;
  struck: number;
}

function isMeant(fault: Fault, route: Route, facts: RequestFacts): boolean {
  if (fault.route !== "*" && fault.route !== route) return false;
  return (["accountId", "roleName", "grantType"] as const).every((key) => {
    const wanted = fault.match?.[key];
    return wanted === undefined || wanted === facts[key];
  });
}

/**
 * Returns the first fault that applies to this request. Faults before it in the list also count the request (`every`).
 */
export function takeFault(
  active: ActiveFault[],
  route: Route,
  facts: RequestFacts,
): Fault | undefined {
  for (const entry of active) {
    if (!isMeant(entry.fault, route, facts)) continue;
    entry.seen += 1;
    if (entry.fault.times !== undefined && entry.struck >= entry.fault.times) continue;
    if (entry.fault.every !== undefined && entry.seen % entry.fault.every !== 0) continue;
    entry.struck += 1;
    return entry.fault;
  }
  return undefined;
}

const CAPTIVE_PORTAL =
  "<!doctype html><html><head><title>Network sign-in</title></head><body>Please accept.</body></html>";

/** Returns the answer that replaces the service's, if the fault has one. */
export function buildReply(fault: Fault, settings: Settings, route: Route): Reply | undefined {
  const { status = 200, body, headers } = fault;
  if (fault.html === true)
    return addHeaders(textReply(status, "text/html", CAPTIVE_PORTAL), headers);
  if (typeof body === "string")
    return addHeaders(textReply(status, "application/json", body), headers);
  if (body !== undefined) return json(status, body, headers);
  if (fault.error !== undefined) {
    const reply = errorFor(settings, route, { type: fault.error });
    return addHeaders({ ...reply, status: fault.status ?? reply.status }, headers);
  }
  if (fault.status === undefined) return undefined;
  if (status < 400) return addHeaders({ status, headers: {}, body: "" }, headers);
  return addHeaders(errorWithStatus(settings, route, status), headers);
}

function textReply(status: number, contentType: string, body: string): Reply {
  return { status, headers: { "Content-Type": contentType }, body };
}

function addHeaders(reply: Reply, headers: Fault["headers"]): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** Applies a fault's truncation and headers to an answer. */
export function damageReply(reply: Reply, fault: Fault): Reply {
  return addHeaders({ ...reply, body: reply.body.slice(0, fault.truncate) }, fault.headers);
}
