import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { TrailEvent } from "./trail-text.ts";
import { readList } from "../../text/answer.ts";
import { parseJson, readText, toRecord, type PlainRecord } from "../../text/json.ts";
import { createAdminService, listPages, type AdminConnection } from "./send.ts";

/** cloudtrail: the events of the last 90 days, newest first, found by one attribute. */

const cloudTrail = createAdminService(
  "CloudTrail",
  "cloudtrail",
  (settings) => new CloudTrailClient(settings),
);

const MaxResults = 50;

export interface TrailQuery {
  readonly attribute: "EventName" | "EventSource";
  readonly value: string;
  readonly since: Date;
}

export function fetchTrailPages(
  connection: AdminConnection,
  { attribute, value, since }: TrailQuery,
): AsyncGenerator<readonly TrailEvent[]> {
  const input = {
    LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
    StartTime: since,
    MaxResults,
  };
  return listPages(
    cloudTrail,
    connection,
    (page) => new LookupEventsCommand({ ...input, ...page }),
    (answer) => readList(answer, "Events").flatMap(toEvents),
  );
}

/** A failed sign-in may say so in `responseElements` alone, with `errorMessage` beside it. */
function toEvents({ EventName, EventTime, ...event }: PlainRecord): TrailEvent[] {
  const name = readText(EventName);
  if (name === undefined || !(EventTime instanceof Date)) return [];
  const record = toRecord(parseJson(readText(event["CloudTrailEvent"]) ?? ""));
  const isFailure = Object.values(toRecord(record["responseElements"])).includes("Failure");
  return [
    {
      id: readText(event["EventId"]),
      time: EventTime,
      name,
      userName:
        readText(event["Username"]) ?? readText(toRecord(record["userIdentity"])["userName"]),
      errorCode: readText(record["errorCode"]) ?? (isFailure ? "Failure" : undefined),
      errorMessage: readText(record["errorMessage"]),
    },
  ];
}
