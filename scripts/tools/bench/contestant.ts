// The type of a program in the race. For each row it contains either how to run the program, or why it can't be run.
import type { Command } from "./samples.ts";

/** The reason why the program can't do this. */
export interface Unable {
  readonly why: string;
}

export type Way = Command | Unable;

export interface Contestant {
  readonly name: string;
  readonly version: string;
  readonly credentials: Way;
  /** Why the program does not refresh a token; undefined if it does. */
  readonly noRefresh?: Unable;
  readonly listing: Way;
  readonly start: Way;
  /** Whether the program is missing on this machine. */
  readonly isAbsent?: boolean;
}

/** Returns a contestant for a program that is missing on this machine. */
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
