import { createHash } from "node:crypto";
import type { Route } from "./routes.ts";

/** A received request, with each secret replaced by its fingerprint. */
export interface JournalEntry {
  readonly number: number;
  readonly route: Route;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** An object for JSON and forms, else text. */
  readonly body: unknown;
  /** 0: the connection was closed without a response. */
  readonly status: number;
  /** Emulated time, ISO 8601. */
  readonly time: string;
  /** Real epoch milliseconds of arrival, to measure rates and gaps. */
  readonly arrivedAtMs: number;
  /** Requests in progress when this one arrived, including this one. */
  readonly concurrent: number;
  /** CreateToken only. */
  readonly grantType?: string;
  /** GetCallerIdentity only: the verified identity. */
  readonly arn?: string;
  /** Fingerprint of the portal's bearer token. */
  readonly bearer?: string;
}

type JournalFilter = Partial<JournalEntry> | ((entry: JournalEntry) => boolean);

export interface Journal {
  entries(where?: JournalFilter): readonly JournalEntry[];
  count(route: Route, where?: JournalFilter): number;
  clear(): void;
  /** Resolves with the entries of the route once there are `count`; rejects after `timeoutMs` (default 20,000). */
  waitFor(route: Route, count?: number, timeoutMs?: number): Promise<readonly JournalEntry[]>;
}

export interface WritableJournal extends Journal {
  record(entry: Omit<JournalEntry, "number">): void;
}

/** Returns twelve hex digits of the SHA-256: enough to compare two secrets, but not to use one. */
export function fingerprint(secret: string): string {
  return createHash("sha256").update(secret).digest("hex").slice(0, 12);
}

function matches(entry: JournalEntry, where: JournalFilter | undefined): boolean {
  if (where === undefined) return true;
  if (typeof where === "function") return where(entry);
  const seen: Record<string, unknown> = { ...entry };
  return Object.entries(where).every(([key, value]) => seen[key] === value);
}

export function createJournal(): WritableJournal {
  let entries: JournalEntry[] = [];
  let recorded = 0;
  const watchers = new Set<() => void>();
  const select = (where?: JournalFilter): JournalEntry[] =>
    entries.filter((entry) => matches(entry, where));

  return {
    entries: select,
    count: (route, where) => select({ route }).filter((entry) => matches(entry, where)).length,
    clear() {
      entries = [];
    },
    waitFor(route, count = 1, timeoutMs = 20_000) {
      const { promise, resolve, reject } = Promise.withResolvers<readonly JournalEntry[]>();
      const check = (): void => {
        const found = select({ route });
        if (found.length >= count) resolve(found);
      };
      const timer = setTimeout(() => {
        const seen = `${select({ route }).length} of ${count} requests`;
        reject(new Error(`${route}: ${seen} after ${timeoutMs} ms`));
      }, timeoutMs);
      watchers.add(check);
      check();
      return promise.finally(() => {
        clearTimeout(timer);
        watchers.delete(check);
      });
    },
    record(entry) {
      recorded += 1;
      entries.push({ number: recorded, ...entry });
      for (const check of watchers) check();
    },
  };
}
