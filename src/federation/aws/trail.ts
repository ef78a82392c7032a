import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { TrailEvent } from "./trail-text.ts";
import { isRecord, parseJson, readText } from "../../text/json.ts";
import { createAdminClient, answerOrNothing, fetchPages, type AdminConnection } from "./send.ts";

/** cloudtrail: the events of the last 90 days, newest first, found by one attribute. */

const SERVICE = "CloudTrail";
const PAGE_SIZE = 50;
const client = createAdminClient((settings) => new CloudTrailClient(settings));

export interface TrailQuery {
  readonly attribute: "EventName" | "EventSource";
  readonly value: string;
  readonly since: Date;
}

export function fetchTrailPages(
  connection: AdminConnection,
  { attribute, value, since }: TrailQuery,
): AsyncGenerator<readonly TrailEvent[]> {
  return fetchPages(SERVICE, async (token) => {
    const input = {
      LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
      StartTime: since,
      MaxResults: PAGE_SIZE,
      ...token,
    };
    const answer = await answerOrNothing(
      connection,
      SERVICE,
      "cloudtrail:LookupEvents",
      (options) => client(connection).send(new LookupEventsCommand(input), options),
    );
    const items = (answer?.Events ?? []).flatMap(
      ({ EventName, EventTime, EventId, Username, CloudTrailEvent }) => {
        const record = parseJson(CloudTrailEvent ?? "");
        return EventName === undefined || EventTime === undefined
          ? []
          : [
              toEvent(
                {
                  name: EventName,
                  time: EventTime,
                  id: EventId,
                  userName: readText(Username),
                },
                isRecord(record) ? record : {},
              ),
            ];
      },
    );
    return { items, nextToken: readText(answer?.NextToken) };
  });
}

interface EventOutline {
  readonly name: string;
  readonly time: Date;
  readonly id: string | undefined;
  readonly userName: string | undefined;
}

/** A failed sign-in may say so in `responseElements` alone, with `errorMessage` beside it. */
function toEvent(
  { name, time, id, userName }: EventOutline,
  record: Readonly<Record<string, unknown>>,
): TrailEvent {
  const identity = record["userIdentity"];
  const response = record["responseElements"];
  const isFailure = isRecord(response) && Object.values(response).includes("Failure");
  return {
    id,
    time,
    name,
    userName: userName ?? (isRecord(identity) ? readText(identity["userName"]) : undefined),
    errorCode: readText(record["errorCode"]) ?? (isFailure ? "Failure" : undefined),
    errorMessage: readText(record["errorMessage"]),
  };
}
