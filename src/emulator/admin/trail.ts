import { randomUUID } from "node:crypto";
import { buildPage, type AdminOperation, type Input } from "./answers.ts";
import type { TrailEvent } from "../state/directory.ts";
import { isRecord } from "../parse.ts";
import type { AdminRoute } from "../routes.ts";
import { refusal } from "../service-errors.ts";

/** Service `cloudtrail`: events newest first, one lookup attribute per request, 50 per page. */
export const trailOperations: Record<AdminRoute<"cloudtrail">, AdminOperation> = {
  "cloudtrail:LookupEvents": (state, input) => {
    const from = parseInstant(input["StartTime"], 0);
    const to = parseInstant(input["EndTime"], Number.MAX_SAFE_INTEGER);
    const found = state.directory.events
      .filter((event) => {
        const time = Date.parse(event.eventTime);
        return time >= from && time <= to && isAskedFor(event, input);
      })
      .toSorted((a, b) => Date.parse(b.eventTime) - Date.parse(a.eventTime));
    return buildPage(state, input, { events: found.map(eventShape) }, MOST_EVENTS);
  },
};

const MOST_EVENTS = 50;

/** JSON 1.1 sends instants as seconds since 1970. */
function parseInstant(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value * 1000 : otherwise;
}

function isAskedFor(event: TrailEvent, input: Input): boolean {
  const attributes = Array.isArray(input["LookupAttributes"]) ? input["LookupAttributes"] : [];
  if (attributes.length > 1)
    throw refusal("InvalidLookupAttributesException", "Only one lookup attribute can be given");
  const [attribute] = attributes as unknown[];
  if (!isRecord(attribute)) return true;
  const value = {
    EventName: event.eventName,
    EventSource: event.eventSource,
    Username: event.userName,
  }[String(attribute["AttributeKey"])];
  return value === attribute["AttributeValue"];
}

function eventShape(event: TrailEvent): unknown {
  const { eventName, eventSource, eventTime, errorCode, errorMessage, userName } = event;
  const id = randomUUID();
  const record = {
    eventVersion: "1.08",
    userIdentity: { type: "IdentityCenterUser", userName },
    eventTime,
    eventSource,
    eventName,
    awsRegion: "us-east-1",
    errorCode,
    errorMessage,
    requestParameters: { displayName: "HIDDEN_DUE_TO_SECURITY_REASONS" },
    eventID: id,
  };
  return {
    eventId: id,
    eventName,
    eventSource,
    eventTime: Date.parse(eventTime) / 1000,
    username: userName,
    cloudTrailEvent: JSON.stringify(record),
  };
}
