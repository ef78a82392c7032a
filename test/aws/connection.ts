import type { Connection } from "../../src/aws/send.ts";

/** A connection to the test's server, without a proxy or CA certificates. `sleep` does not wait. */
export function createTestConnection(endpoint: string, more: Partial<Connection> = {}): Connection {
  return {
    region: "us-east-1",
    endpoint,
    variant: { useFips: false, useDualstack: false },
    proxies: { https: undefined, no: undefined },
    readRoots: () => {
      throw new Error("no roots of trust are needed for http");
    },
    deadline: undefined,
    monotonic: () => performance.now(),
    now: () => new Date("2026-11-29T12:00:00Z"),
    interruption: new AbortController().signal,
    sleep: () => Promise.resolve(),
    ...more,
  };
}
