import { KEY_SITUATIONS } from "./key-situations.ts";
import { NETWORK_SITUATIONS } from "./network-situations.ts";
import { SESSION_SITUATIONS } from "./session-situations.ts";
import type { Situation } from "./situation.ts";

export const SITUATIONS: readonly Situation[] = [
  ...SESSION_SITUATIONS,
  ...KEY_SITUATIONS,
  ...NETWORK_SITUATIONS,
];
