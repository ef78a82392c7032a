import { json, type Reply } from "./http.ts";
import { ROUTES, type Route } from "./routes.ts";
import * as v from "./schema.ts";
import { errorFor, errorWithStatus } from "./service-errors.ts";
import type { Settings } from "./state/settings.ts";

/** What a fault can be restricted to. */
const match = v.patch({ accountId: v.string, roleName: v.string, grantType: v.string });

/** The same of a request. */
export type RequestFacts = Readonly<Record<keyof v.InferOutput<typeof match>, unknown>>;

/**
 * One planned failure. With `status`, `error`, `body` or `html` it answers in place of the service;
 * with only `headers`, `delayMs`, `truncate` or a late `drop`, the service does its work and the answer suffers.
 */
export const faultInput = v.object({
  route: v.oneOf("*", ...ROUTES),
  match: v.optional(match),
  /** Strikes at most so often. */
  times: v.optional(v.integer(1)),
  /** Strikes every k-th matching request: 3 is the third, the sixth, … */
  every: v.optional(v.integer(1)),
  /** Alone: answered with that service's own error of the status. */
  status: v.optional(v.integer(200, 599)),
  /** An error of the service by its type, e.g. `ForbiddenException`. */
  error: v.optional(v.string),
  /** Text as it is, anything else as JSON. */
  body: v.optional(v.anything()),
  headers: v.optional(v.recordOf(v.string)),
  /** Real milliseconds before the request is served. */
  delayMs: v.optional(v.number(0, 3_600_000)),
  /** Connection cut before the request is served, after it without a byte, or in the middle of the body. */
  drop: v.optional(v.oneOf("before", "after", "mid-body")),
  /** The body ends after so many characters, in a response that is otherwise complete. */
  truncate: v.optional(v.integer(0)),
  /** A web page, as of a captive portal. */
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

/** The first fault that strikes this request. Faults before it in the list count the request as seen. */
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

/** The answer that stands in for the service's, if the fault has one. */
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

/** What a fault without an answer of its own does to the service's. */
export function damageReply(reply: Reply, fault: Fault): Reply {
  return addHeaders({ ...reply, body: reply.body.slice(0, fault.truncate) }, fault.headers);
}
