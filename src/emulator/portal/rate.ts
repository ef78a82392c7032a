import { fingerprint } from "../journal.ts";
import type { ReceivedRequest } from "../http.ts";
import type { State } from "../state/state.ts";

/** Takes one token from the caller's bucket. Returns false if it is empty: then the service answers 429. */
export function takeFromBucket(state: State, request: ReceivedRequest): boolean {
  const { rate } = state.settings;
  if (rate === null) return true;
  const bearer = request.headers["x-amz-sso_bearer_token"] ?? "";
  const key = rate.key === "token" ? fingerprint(bearer) : request.address;
  const now = state.clock.now();
  const bucket = state.buckets.get(key) ?? { tokens: rate.burst, filledAt: now };
  const elapsedSeconds = Math.max(0, now - bucket.filledAt) / 1000;
  bucket.tokens = Math.min(rate.burst, bucket.tokens + elapsedSeconds * rate.refillPerSecond);
  bucket.filledAt = now;
  state.buckets.set(key, bucket);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
