import type { Context } from "../context.ts";
import { findMeaning, TRAIL_TOPICS, type TrailEvent, type TrailTopic } from "./aws/trail-text.ts";
import type { Administrator } from "./aws/send.ts";
import type { CheckState } from "./step.ts";
import { redact } from "../text/secrets/redact.ts";

/** Lists CloudTrail's reasons for failed sign-ins and SCIM pushes, with their meanings if known. */

/** A failure and its reason. */
export interface Reason extends TrailEvent {
  readonly topic: TrailTopic;
  readonly meaning: string | null;
  readonly cure: string | null;
}

interface WhyOptions {
  readonly topics: readonly TrailTopic[];
  readonly sinceSeconds: number;
  readonly user?: string | undefined;
}

/** CloudTrail allows about two lookups per second. */
const LOOKUP_MILLISECONDS = 500;

/** Yields failures as they are found, newest first within a topic. */
export async function* listReasons(
  context: Context,
  admin: Administrator,
  { topics, sinceSeconds, user }: WhyOptions,
): AsyncGenerator<Reason> {
  for (const topic of topics) {
    for await (const event of listFailures(context, admin, topic, sinceSeconds)) {
      if (user !== undefined && event.user?.toLowerCase() !== user.toLowerCase()) continue;
      const { meaning = null, cure = null } = findMeaning(topic, event) ?? {};
      yield { topic, ...event, meaning, cure };
    }
  }
}

async function* listFailures(
  context: Context,
  admin: Administrator,
  topic: TrailTopic,
  sinceSeconds: number,
): AsyncGenerator<TrailEvent> {
  const { fetchTrailPages } = await import("./aws/trail.ts");
  const since = new Date(context.now().getTime() - sinceSeconds * 1000);
  for await (const page of fetchTrailPages(admin, TRAIL_TOPICS[topic], since)) {
    yield* page
      .filter(({ errorCode, errorMessage }) => errorCode !== null || errorMessage !== null)
      .map((event) => ({
        ...event,
        errorMessage: event.errorMessage && redact(event.errorMessage),
      }));
    await context.sleep(LOOKUP_MILLISECONDS);
  }
}

const RECENT_SECONDS = 86_400;

/**
 * Returns the newest failure of the last day for which `fits` is true, as text; undefined if there is none, or if the
 * options do not allow asking CloudTrail.
 */
export async function findRecentReason(
  { context, options, admin }: CheckState,
  topic: TrailTopic,
  fits: (event: TrailEvent) => boolean,
): Promise<string | undefined> {
  if (!options.why || admin === undefined) return undefined;
  for await (const event of listFailures(context, admin, topic, RECENT_SECONDS)) {
    const { eventName, errorCode, errorMessage } = event;
    if (!fits(event)) continue;
    return [eventName, errorCode, errorMessage].filter((words) => words !== null).join(": ");
  }
  return undefined;
}
