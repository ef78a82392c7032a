import type { Context } from "../context.ts";
import {
  isFailure,
  findMeaning,
  TRAIL_TOPICS,
  type Meaning,
  type TrailEvent,
  type TrailTopic,
} from "./aws/trail-text.ts";
import type { Administrator } from "./administrator.ts";

/** CloudTrail's reasons for failed sign-ins and failed pushes: AWS's own words, and what they mean where that is known. */

export interface Reason {
  readonly topic: TrailTopic;
  readonly event: TrailEvent;
  readonly meaning: Meaning | undefined;
}

interface WhyOptions {
  readonly topics: readonly TrailTopic[];
  readonly sinceSeconds: number;
  readonly user?: string | undefined;
}

/** CloudTrail answers about two lookups a second. */
const LOOKUP_MILLISECONDS = 500;

/** Failures as they are found, newest first within a topic. */
export async function* listReasons(
  context: Context,
  admin: Administrator,
  options: WhyOptions,
): AsyncGenerator<Reason> {
  for (const topic of options.topics) {
    for await (const event of listFailures(context, admin, topic, options.sinceSeconds)) {
      if (
        options.user !== undefined &&
        event.userName?.toLowerCase() !== options.user.toLowerCase()
      )
        continue;
      yield { topic, event, meaning: findMeaning(topic, event) };
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
  for await (const page of fetchTrailPages(admin.connect("CLOUDTRAIL"), {
    ...TRAIL_TOPICS[topic],
    since,
  })) {
    yield* page.filter(isFailure);
    await context.sleep(LOOKUP_MILLISECONDS);
  }
}

const RECENT_SECONDS = 86_400;

/** The words of the newest failure of the last day that `fits`, or undefined. */
export async function findRecentReason(
  context: Context,
  admin: Administrator,
  topic: TrailTopic,
  fits: (event: TrailEvent) => boolean,
): Promise<string | undefined> {
  for await (const event of listFailures(context, admin, topic, RECENT_SECONDS)) {
    if (fits(event))
      return `${event.name}: ${[event.errorCode, event.errorMessage].filter((words) => words !== undefined).join(": ")}`;
  }
  return undefined;
}
