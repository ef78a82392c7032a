import { LatchkeyError } from "../../errors.ts";
import { describeFailure } from "../../aws/failure.ts";
import type { AwsCredentials } from "../../model/credentials.ts";
import { cachePerConnection, clientSettings } from "../../aws/sdk-client.ts";
import { send, hostName, type CallOptions, type Connection } from "../../aws/send.ts";

/** What the administrator's clients share: whose credentials sign, what a refusal is, and how pages follow each other. */

export interface AdminConnection extends Connection {
  readonly credentials: AwsCredentials;
}

function adminSettings(connection: AdminConnection) {
  const { accessKeyId, secretAccessKey, sessionToken } = connection.credentials;
  return {
    ...clientSettings(connection),
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
  };
}

/** A client of the SDK per connection, made when first needed. */
export function createAdminClient<Client>(
  make: (settings: ReturnType<typeof adminSettings>) => Client,
): (connection: AdminConnection) => Client {
  return cachePerConnection((connection) => make(adminSettings(connection)));
}

/** What the service said no to: its error's type, and its own words, which here are what the administrator needs. */
export interface RefusedAnswer {
  readonly refused: string;
  readonly words: string;
}

export function isRefused(answer: unknown): answer is RefusedAnswer {
  return typeof answer === "object" && answer !== null && "refused" in answer;
}

/** The answer, or the refusal that it is. @throws LatchkeyError UNREACHABLE, THROTTLED, BAD_RESPONSE, ACCESS_DENIED */
export async function answerOrRefusal<T>(
  connection: AdminConnection,
  service: string,
  operation: string,
  call: (options: CallOptions) => Promise<T>,
): Promise<T | RefusedAnswer> {
  const host = hostName(connection, service);
  try {
    return await send(connection, host, (options) => call(options).catch(rethrowThrottling));
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    const { status, type } = describeFailure(thrown);
    if (status === undefined) throw thrown;
    const words = describeRefusal(thrown);
    if (
      /^(UnrecognizedClient|InvalidSignature|ExpiredToken|IncompleteSignature|InvalidClientTokenId|MissingAuthenticationToken|SignatureDoesNotMatch)/.test(
        type,
      )
    ) {
      throw new LatchkeyError(
        "ACCESS_DENIED",
        `${host} does not accept these credentials (${type}).`,
        { hint: "Fetch new ones, or name others with --profile.", cause: thrown },
      );
    }
    if (/AccessDenied/.test(type))
      throw new LatchkeyError("ACCESS_DENIED", `${host} refuses ${operation}: ${words}`, {
        hint: "latchkey federation policy prints the least that is needed; from a delegated administrator, what touches the management account is refused always.",
        cause: thrown,
      });
    return { refused: type, words };
  }
}

/** The same where every refusal but "there is no such thing" is an error; that one is undefined. */
export async function answerOrNothing<T>(
  connection: AdminConnection,
  service: string,
  operation: string,
  call: (options: CallOptions) => Promise<T>,
): Promise<T | undefined> {
  const answer = await answerOrRefusal(connection, service, operation, call);
  if (!isRefused(answer)) return answer;
  if (/NotFound/.test(answer.refused)) return undefined;
  throw new LatchkeyError(
    "BAD_RESPONSE",
    `${hostName(connection, service)} refused ${operation} (${answer.refused}): ${answer.words}`,
  );
}

/** These services say "too fast" with status 400 and the type alone; to our retries it is the 429 that it means. */
function rethrowThrottling(thrown: unknown): never {
  const { status, type } = describeFailure(thrown);
  if (status === 400 && /Throttl|TooManyRequests|RequestLimitExceeded/.test(type))
    throw Object.assign(new Error("throttled", { cause: thrown }), {
      name: type,
      $metadata: { httpStatusCode: 429 },
    });
  throw thrown;
}

const LONGEST_WORDS = 600;

function describeRefusal(thrown: unknown): string {
  const error = (thrown ?? {}) as { message?: unknown; Message?: unknown; Reason?: unknown };
  const message = [error.message, error.Message].find(
    (text) => typeof text === "string" && text !== "",
  );
  const reason = typeof error.Reason === "string" ? ` (Reason: ${error.Reason})` : "";
  return `${typeof message === "string" ? message.slice(0, LONGEST_WORDS) : "no reason given"}${reason}`;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** Every page as it comes; an empty one in the middle is legal, the same page token twice is a loop. */
export async function* fetchPages<Item>(
  host: string,
  fetchPage: (token: { NextToken?: string }) => Promise<Page<Item>>,
): AsyncGenerator<readonly Item[]> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await fetchPage(token === undefined ? {} : { NextToken: token });
    yield page.items;
    token = page.nextToken;
    if (token !== undefined && seen.has(token))
      throw new LatchkeyError(
        "BAD_RESPONSE",
        `${host} gave the same page twice: the list would never end.`,
        { hint: "Try again in a minute." },
      );
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}

export async function collect<Item>(pages: AsyncGenerator<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}
