// What takes part in the race: for each row either how it is done, or why it can't be.
import type { Command } from "./samples.ts";

/** A sentence that says why there is no way to do it. */
export interface Unable {
  readonly why: string;
}

export type Way = Command | Unable;

export interface Contestant {
  readonly name: string;
  readonly version: string;
  readonly credentials: Way;
  /** Why it does not refresh a token; undefined where it does. */
  readonly noRefresh?: Unable;
  readonly listing: Way;
  readonly start: Way;
  /** Whether it is not on this machine. */
  readonly isAbsent?: boolean;
}

/** One that is not on this machine. */
export function describeAbsent(name: string, why: string): Contestant {
  const unable = { why };
  return {
    name,
    version: "",
    credentials: unable,
    noRefresh: unable,
    listing: unable,
    start: unable,
    isAbsent: true,
  };
}
