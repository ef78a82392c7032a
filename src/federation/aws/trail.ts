import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { TrailEvent } from "./trail-text.ts";
import { isRecord, parseJson, textOrUndefined } from "../../text/json.ts";
import { adminClient, answerOrNothing, pagesOf, type AdminConnection } from "./send.ts";

/** cloudtrail: the events of the last 90 days, newest first, found by one attribute. */

const SERVICE = "CloudTrail";
const PAGE_SIZE = 50;
const client = adminClient((settings) => new CloudTrailClient(settings));

export interface TrailQuery {
  readonly attribute: "EventName" | "EventSource";
  readonly value: string;
  readonly since: Date;
}

export function trailPages(
  connection: AdminConnection,
  { attribute, value, since }: TrailQuery,
): AsyncGenerator<readonly TrailEvent[]> {
  return pagesOf(SERVICE, async (token) => {
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
              eventOf(
                {
                  name: EventName,
                  time: EventTime,
                  id: EventId,
                  userName: textOrUndefined(Username),
                },
                isRecord(record) ? record : {},
              ),
            ];
      },
    );
    return { items, nextToken: textOrUndefined(answer?.NextToken) };
  });
}

interface Outline {
  readonly name: string;
  readonly time: Date;
  readonly id: string | undefined;
  readonly userName: string | undefined;
}

/** A failed sign-in may say so in `responseElements` alone, with `errorMessage` beside it. */
function eventOf(
  { name, time, id, userName }: Outline,
  record: Readonly<Record<string, unknown>>,
): TrailEvent {
  const identity = record["userIdentity"];
  const response = record["responseElements"];
  const isFailure = isRecord(response) && Object.values(response).includes("Failure");
  return {
    id,
    time,
    name,
    userName: userName ?? (isRecord(identity) ? textOrUndefined(identity["userName"]) : undefined),
    errorCode: textOrUndefined(record["errorCode"]) ?? (isFailure ? "Failure" : undefined),
    errorMessage: textOrUndefined(record["errorMessage"]),
  };
}
