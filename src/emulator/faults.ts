import { json, type Reply } from "./http.ts";
import type { Route } from "./routes.ts";
import { errorFor, errorWithStatus } from "./service-errors.ts";
import type { Settings } from "./state/settings.ts";

/** What a request is about, as far as a fault can be restricted to it. */
export interface RequestFacts {
  accountId?: string;
  roleName?: string;
  grantType?: string;
}

/**
 * One planned failure. With `status`, `error`, `body` or `html` it answers in place of the service;
 * with only `headers`, `delayMs`, `truncate` or a late `drop`, the service does its work and the answer suffers.
 */
export interface Fault {
  route: Route | "*";
  match?: RequestFacts;
  /** Strikes at most so often. */
  times?: number;
  /** Strikes every k-th matching request: 3 is the third, the sixth, … */
  every?: number;
  /** Alone: answered with that service's own error of the status. */
  status?: number;
  /** An error of the service by its type, e.g. `ForbiddenException`. */
  error?: string;
  /** Text as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Real milliseconds before the request is served. */
  delayMs?: number;
  /** Connection cut before the request is served, after it without a byte, or in the middle of the body. */
  drop?: "before" | "after" | "mid-body";
  /** The body ends after so many characters, in a response that is otherwise complete. */
  truncate?: number;
  /** A web page, as of a captive portal. */
  html?: boolean;
}

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
  const status = fault.status ?? 200;
  const extra = fault.headers ?? {};
  if (fault.html === true) {
    return { status, headers: { "Content-Type": "text/html", ...extra }, body: CAPTIVE_PORTAL };
  }
  if (fault.body !== undefined) {
    if (typeof fault.body !== "string") return json(status, fault.body, extra);
    return { status, headers: { "Content-Type": "application/json", ...extra }, body: fault.body };
  }
  if (fault.error !== undefined) {
    const reply = errorFor(settings, route, fault.error);
    return {
      ...reply,
      status: fault.status ?? reply.status,
      headers: { ...reply.headers, ...extra },
    };
  }
  if (fault.status === undefined) return undefined;
  if (fault.status < 400) return { status: fault.status, headers: extra, body: "" };
  const reply = errorWithStatus(settings, route, fault.status);
  return { ...reply, headers: { ...reply.headers, ...extra } };
}

/** What a fault without an answer of its own does to the service's. */
export function damageReply(reply: Reply, fault: Fault): Reply {
  const body = fault.truncate === undefined ? reply.body : reply.body.slice(0, fault.truncate);
  return { ...reply, body, headers: { ...reply.headers, ...fault.headers } };
}
