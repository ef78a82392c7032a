import type { Client, MetadataBearer } from "@smithy/types";
import {
  createService,
  operationName,
  createSignedSettings,
  type Service,
  type ServiceCommand,
} from "../../aws/sdk-client.ts";
import { describeFailure } from "../../aws/failure.ts";
import { fetchPages, type Connection } from "../../aws/send.ts";
import { LatchkeyError } from "../../errors.ts";
import type { AwsCredentials } from "../../model/credentials.ts";
import { readMember, type Answer } from "../../text/answer.ts";
import { readText } from "../../text/json.ts";

/** What the administrator's clients share: whose credentials sign, what a refusal is, and how pages follow each other. */

export interface AdminConnection extends Connection {
  readonly credentials: AwsCredentials;
}

/** What the service said no to: its error's type, and its own words, which here are what the administrator needs. */
export interface RefusedAnswer {
  readonly refused: string;
  readonly words: string;
}

export function isRefused(answer: Answer | RefusedAnswer): answer is RefusedAnswer {
  return "refused" in answer;
}

interface AdminService<Inputs extends object> extends Service<AdminConnection, Inputs> {
  /** Of its actions in policies: `identitystore`. */
  readonly prefix: string;
}

export function createAdminService<Inputs extends object, Outputs extends MetadataBearer, Config>(
  name: string,
  prefix: string,
  makeClient: (
    settings: ReturnType<typeof createSignedSettings>,
  ) => Client<Inputs, Outputs, Config>,
): AdminService<Inputs> {
  const service = createService(name, (connection: AdminConnection) =>
    makeClient(createSignedSettings(connection, connection.credentials)),
  );
  return { ...service, prefix };
}

/** The answer, or the refusal that it is. @throws LatchkeyError UNREACHABLE, THROTTLED, BAD_RESPONSE, ACCESS_DENIED */
export async function askOrRefused<Inputs extends object>(
  service: AdminService<Inputs>,
  connection: AdminConnection,
  command: ServiceCommand<Inputs>,
): Promise<Answer | RefusedAnswer> {
  try {
    return await service.call(connection, command);
  } catch (thrown) {
    const action = `${service.prefix}:${operationName(command)}`;
    return toRefusal(thrown, service.findHost(connection), action);
  }
}

/** The same where every refusal but "there is no such thing" is an error; that one is undefined. */
export async function askOrNothing<Inputs extends object>(
  service: AdminService<Inputs>,
  connection: AdminConnection,
  command: ServiceCommand<Inputs>,
): Promise<Answer | undefined> {
  const answer = await askOrRefused(service, connection, command);
  if (!isRefused(answer)) return answer;
  if (/NotFound/.test(answer.refused)) return undefined;
  throw new LatchkeyError(
    "BAD_RESPONSE",
    `${service.findHost(connection)} refused ${service.prefix}:${operationName(command)} (${answer.refused}): ${answer.words}`,
  );
}

/** The items of every page as it comes; none of what is not there. */
export async function* listPages<Inputs extends object, Item>(
  service: AdminService<Inputs>,
  connection: AdminConnection,
  toCommand: (page: { NextToken?: string }) => ServiceCommand<Inputs>,
  toItems: (answer: Answer) => Item[],
): AsyncGenerator<readonly Item[]> {
  const pages = fetchPages(
    service.name,
    (NextToken) =>
      askOrNothing(service, connection, toCommand(NextToken === undefined ? {} : { NextToken })),
    (page) => page && readText(readMember(page, "NextToken")),
  );
  for await (const page of pages) yield page === undefined ? [] : toItems(page);
}

const UNACCEPTED_CREDENTIALS =
  /^(UnrecognizedClient|InvalidSignature|ExpiredToken|IncompleteSignature|InvalidClientTokenId|MissingAuthenticationToken|SignatureDoesNotMatch)/;

function toRefusal(thrown: unknown, host: string, action: string): RefusedAnswer {
  if (thrown instanceof LatchkeyError) throw thrown;
  const { status, type } = describeFailure(thrown);
  if (status === undefined) throw thrown;
  const words = describeRefusal(thrown);
  if (UNACCEPTED_CREDENTIALS.test(type))
    throw new LatchkeyError(
      "ACCESS_DENIED",
      `${host} does not accept these credentials (${type}).`,
      { hint: "Fetch new ones, or name others with --profile.", cause: thrown },
    );
  if (/AccessDenied/.test(type))
    throw new LatchkeyError("ACCESS_DENIED", `${host} refuses ${action}: ${words}`, {
      hint: "latchkey federation policy prints the least that is needed; from a delegated administrator, what touches the management account is refused always.",
      cause: thrown,
    });
  return { refused: type, words };
}

const LONGEST_WORDS = 600;

function describeRefusal(thrown: unknown): string {
  const error = (thrown ?? {}) as { message?: unknown; Message?: unknown; Reason?: unknown };
  const message = readText(error.message) ?? readText(error.Message) ?? "no reason given";
  const reason = typeof error.Reason === "string" ? ` (Reason: ${error.Reason})` : "";
  return `${message.slice(0, LONGEST_WORDS)}${reason}`;
}

export async function collect<Item>(pages: AsyncGenerator<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}
