import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentials } from "../model/credentials.ts";
import { requireText } from "../text/answer.ts";
import { LatchkeyError } from "../errors.ts";
import { describeFailure } from "./failure.ts";
import { serverClockAheadSeconds } from "./http.ts";
import { duration } from "../text/terminal.ts";
import { createService, createSignedSettings } from "./sdk-client.ts";
import type { Connection } from "./send.ts";

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/** @param cure what to do about credentials that are not accepted, by where they come from. */
export async function fetchCallerIdentity(
  connection: Connection,
  credentials: AwsCredentials,
  cure = "Fetch new ones: latchkey login",
): Promise<CallerIdentity> {
  const sts = createService(
    "STS",
    (via: Connection) => new STSClient(createSignedSettings(via, credentials)),
  );
  try {
    const answer = await sts.call(connection, new GetCallerIdentityCommand({}));
    return {
      accountId: requireText(answer, "Account"),
      arn: requireText(answer, "Arn"),
      userId: requireText(answer, "UserId"),
    };
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    const { status, type, words } = describeFailure(thrown);
    if (status === undefined) throw thrown;
    throw new LatchkeyError(
      "ACCESS_DENIED",
      `${sts.findHost(connection)} does not accept these credentials (${type === "" ? words : type}).`,
      { hint: type === "SignatureDoesNotMatch" ? findClockHint(connection) : cure, cause: thrown },
    );
  }
}

/** AWS refuses signatures that are off by more than 5 minutes; every answer tells its own time. */
function findClockHint(connection: Connection): string {
  const ahead = serverClockAheadSeconds(connection) ?? 0;
  if (Math.abs(ahead) < CLOCK_TOLERANCE_SECONDS)
    return "Check the clock of this machine: AWS refuses signatures that are off by more than 5 minutes.";
  return `Set the clock of this machine: it is ${duration(Math.abs(ahead))} ${ahead > 0 ? "behind" : "ahead of"} AWS's, which refuses signatures that are off by more than 5 minutes.`;
}

const CLOCK_TOLERANCE_SECONDS = 300;
