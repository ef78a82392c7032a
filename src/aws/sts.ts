import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentials } from "../model/credentials.ts";
import { requireText } from "../text/answer.ts";
import { LatchkeyError } from "../errors.ts";
import { describeFailure } from "./call/failure.ts";
import { refusalError } from "./call/clock.ts";
import { createService, createSignedSettings } from "./sdk-client.ts";
import type { Connection } from "./send.ts";

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/**
 * Asks STS to whom the credentials belong.
 * @param cure the hint if STS refuses them; it depends on where they come from
 */
export async function fetchCallerIdentity(
  connection: Connection,
  credentials: AwsCredentials,
  cure = "See what is wrong: latchkey doctor",
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
    throw refusalError(connection, {
      message: `${sts.findHost(connection)} does not accept these credentials (${type === "" ? words : type}).`,
      hint: cure,
      cause: thrown,
    });
  }
}
