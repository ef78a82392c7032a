import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentials } from "../model/credentials.ts";
import { readText } from "../text/json.ts";
import { LatchkeyError } from "../errors.ts";
import { describeFailure } from "./failure.ts";
import { clientSettings } from "./sdk-client.ts";
import { send, hostName, type Connection } from "./send.ts";

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
  const host = hostName(connection, "STS");
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const client = new STSClient({
    ...clientSettings(connection),
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
  });
  try {
    const answer = await send(connection, host, (options) =>
      client.send(new GetCallerIdentityCommand({}), options),
    );
    const accountId = readText(answer.Account);
    const arn = readText(answer.Arn);
    const userId = readText(answer.UserId);
    if (accountId === undefined || arn === undefined || userId === undefined)
      throw new LatchkeyError("BAD_RESPONSE", `${host} answered without an identity.`);
    return { accountId, arn, userId };
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    const { status, type } = describeFailure(thrown);
    if (status === undefined) throw thrown;
    throw new LatchkeyError(
      "ACCESS_DENIED",
      `${host} does not accept these credentials (${type}).`,
      { hint: STS_HINTS[type] ?? cure, cause: thrown },
    );
  }
}

const STS_HINTS: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch:
    "Check the clock of this machine: AWS refuses signatures that are off by more than 5 minutes.",
};
