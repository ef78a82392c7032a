import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { TrailAttribute, TrailEvent } from "./trail-text.ts";
import { readEach } from "../../text/answer.ts";
import { formatInstant } from "../../text/instant.ts";
import { parseJson, readText, toRecord, type PlainRecord } from "../../text/json.ts";
import { createAdminService, type Administrator } from "./send.ts";

/** Reads CloudTrail events of the last 90 days, newest first, by one attribute. */

const { listPages } = createAdminService({
  endpoint: "CLOUDTRAIL",
  name: "CloudTrail",
  prefix: "cloudtrail",
  pageSize: 50,
  makeClient: (settings) => new CloudTrailClient(settings),
});

export function fetchTrailPages(
  admin: Administrator,
  { attribute, value }: TrailAttribute,
  since: Date,
): AsyncGenerator<readonly TrailEvent[]> {
  const input = {
    LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
    StartTime: since,
  };
  return listPages(admin, LookupEventsCommand, input, (answer) =>
    readEach(answer, "Events", toEvents),
  );
}

/** A failed sign-in may have no `errorCode`, only `Failure` in `responseElements` and an `errorMessage`. */
function toEvents({ EventName, EventTime, ...event }: PlainRecord): TrailEvent[] {
  const eventName = readText(EventName);
  if (eventName === undefined || !(EventTime instanceof Date)) return [];
  const record = toRecord(parseJson(readText(event["CloudTrailEvent"]) ?? ""));
  const identity = toRecord(record["userIdentity"]);
  const isFailure = Object.values(toRecord(record["responseElements"])).includes("Failure");
  return [
    {
      time: formatInstant(EventTime),
      eventId: readText(event["EventId"]) ?? null,
      eventName,
      user: readText(event["Username"]) ?? readText(identity["userName"]) ?? null,
      errorCode: readText(record["errorCode"]) ?? (isFailure ? "Failure" : null),
      errorMessage: readText(record["errorMessage"]) ?? null,
    },
  ];
}
