import type { AwsCredentials } from "../model/credentials.ts";
import { requireText } from "../text/answer.ts";
import { parseJson } from "../text/json.ts";
import { LatchkeyError } from "../errors.ts";
import { refusalError } from "../aws/call/clock.ts";
import type { HttpAnswer } from "../aws/http.ts";
import { sendPlain, type Connection } from "../aws/send.ts";

/**
 * The console's federation endpoint. No AWS SDK has a client for it.
 * Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
 */
export type TemporaryCredentials = AwsCredentials & { readonly sessionToken: string };

/**
 * Returns a sign-in token for temporary credentials, valid for 15 minutes. The credentials are sent in the body, since
 * URLs appear in the logs of proxies.
 * @param endpoint the address of `/federation`
 * @param durationSeconds of the console session, 900 to 43,200; refused for credentials of a chained role
 * @throws LatchkeyError ACCESS_DENIED if the credentials are refused, BAD_RESPONSE, UNREACHABLE, THROTTLED
 */
export async function fetchSignInToken(
  connection: Connection,
  endpoint: string,
  credentials: TemporaryCredentials,
  durationSeconds: number | undefined,
): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const form = new URLSearchParams({
    Action: "getSigninToken",
    ...(durationSeconds === undefined ? {} : { SessionDuration: String(durationSeconds) }),
    Session: JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken }),
  });
  const url = new URL(`${endpoint.replace(/\/$/, "")}/federation`);
  return sendPlain(
    connection,
    {
      host: url.host,
      method: "POST",
      url,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      expects: "data-or-failure-page",
    },
    (answer) => readSignInToken(connection, answer, url.host, durationSeconds !== undefined),
  );
}

function readSignInToken(
  connection: Connection,
  { status, body }: HttpAnswer,
  host: string,
  hasDuration: boolean,
): string {
  if (status >= 400) {
    const message = `${host} refused these credentials for a console session (HTTP ${status}).`;
    throw hasDuration
      ? new LatchkeyError("ACCESS_DENIED", message, {
          hint: "Try it without --duration: a chained role accepts none, and no session can be longer than the role allows.",
        })
      : refusalError(connection, { message, hint: "See whose they are: latchkey whoami" });
  }
  const answer = { operation: "getSigninToken", body: parseJson(body.toString("utf8")) };
  return requireText(answer, "SigninToken");
}
