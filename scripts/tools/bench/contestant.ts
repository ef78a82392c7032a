// The type of a program in the race: for each row either how to run it, or why it can't be run.
import type { Command } from "./samples.ts";

/** The reason why there is no way to do it. */
export interface Unable {
  readonly why: string;
}

export type Way = Command | Unable;

export interface Contestant {
  readonly name: string;
  readonly version: string;
  readonly credentials: Way;
  /** Why it does not refresh a token; undefined if it does. */
  readonly noRefresh?: Unable;
  readonly listing: Way;
  readonly start: Way;
  /** Whether it is missing on this machine. */
  readonly isAbsent?: boolean;
}

/** Returns a contestant that is missing on this machine. */
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
