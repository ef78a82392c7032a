import type { Client, MetadataBearer } from "@smithy/types";
import {
  createService,
  operationName,
  createSignedSettings,
  type ServiceCommand,
} from "../../aws/sdk-client.ts";
import type { AdminService } from "../../aws/endpoints.ts";
import { describeFailure } from "../../aws/call/failure.ts";
import { fetchPages, type Page } from "../../aws/call/pages.ts";
import type { Connection } from "../../aws/send.ts";
import { LatchkeyError } from "../../errors.ts";
import type { AwsCredentials } from "../../model/credentials.ts";
import { readPageToken, type Answer } from "../../text/answer.ts";
import { readText } from "../../text/json.ts";

/** Shared by the clients of administrator services: signing, refusals and paging. */

export interface AdminConnection extends Connection {
  readonly credentials: AwsCredentials;
}

/** The instance's region and the connections that use the administrator's credentials. */
export interface Administrator {
  readonly region: string;
  connect(service: AdminService): AdminConnection;
}

/** A refused request, with the service's error type and message. Administrators need to see both. */
export interface RefusedAnswer {
  readonly refused: string;
  readonly words: string;
  /** The action as in IAM policies: `sso:ListInstances`. */
  readonly question: string;
  readonly host: string;
}

export function isRefused(answer: Answer | RefusedAnswer): answer is RefusedAnswer {
  return "refused" in answer;
}

interface ServiceSettings<Inputs extends object, Outputs extends MetadataBearer, Config> {
  readonly endpoint: AdminService;
  readonly name: string;
  /** The prefix of its actions in IAM policies: `identitystore`. */
  readonly prefix: string;
  /** Items per page of a list. */
  readonly pageSize: number;
  readonly makeClient: (
    settings: ReturnType<typeof createSignedSettings>,
  ) => Client<Inputs, Outputs, Config>;
}

interface PageInput {
  readonly MaxResults: number;
  readonly NextToken: string | undefined;
}

/** Returns functions that send one command or read a list page by page. */
export function createAdminService<Inputs extends object, Outputs extends MetadataBearer, Config>({
  endpoint,
  name,
  prefix,
  pageSize,
  makeClient,
}: ServiceSettings<Inputs, Outputs, Config>) {
  const service = createService(name, (connection: AdminConnection) =>
    makeClient(createSignedSettings(connection, connection.credentials)),
  );
  /** Returns the response or the refusal. @throws LatchkeyError UNREACHABLE, THROTTLED, BAD_RESPONSE, ACCESS_DENIED */
  async function askOrRefused(admin: Administrator, command: ServiceCommand<Inputs>) {
    const connection = admin.connect(endpoint);
    const question = `${prefix}:${operationName(command)}`;
    return service
      .call(connection, command)
      .catch((thrown: unknown) => toRefusal(thrown, service.findHost(connection), question));
  }
  /** Returns undefined if the resource does not exist; throws on every other refusal. */
  async function ask(admin: Administrator, command: ServiceCommand<Inputs>) {
    const answer = await askOrRefused(admin, command);
    return isRefused(answer) ? toNothing(answer) : answer;
  }
  /** Yields the items of each page; none if the resource does not exist. */
  async function* listPages<Input extends object, Item>(
    admin: Administrator,
    Command: new (input: Input & PageInput) => ServiceCommand<Inputs>,
    input: Input,
    toItems: (answer: Answer) => Item[],
  ): AsyncGenerator<readonly Item[]> {
    const pages = fetchPages(name, async (NextToken): Promise<Page<Item>> => {
      const answer = await ask(admin, new Command({ ...input, MaxResults: pageSize, NextToken }));
      return answer === undefined
        ? { items: [], next: undefined }
        : { items: toItems(answer), next: readPageToken(answer, "NextToken") };
    });
    for await (const { items } of pages) yield items;
  }
  return { askOrRefused, ask, listPages };
}

function toNothing({ refused, words, question, host }: RefusedAnswer): undefined {
  if (/NotFound/.test(refused)) return undefined;
  const message = `${host} refused ${question} (${refused}): ${words}`;
  throw new LatchkeyError("BAD_RESPONSE", message, {
    hint: "Check the region, and the names and ids in the command.",
  });
}

const UNACCEPTED_CREDENTIALS =
  /^(UnrecognizedClient|InvalidSignature|ExpiredToken|IncompleteSignature|InvalidClientTokenId|MissingAuthenticationToken|SignatureDoesNotMatch)/;

function toRefusal(thrown: unknown, host: string, question: string): RefusedAnswer {
  if (thrown instanceof LatchkeyError) throw thrown;
  const { status, type, words: reason } = describeFailure(thrown);
  if (status === undefined) throw thrown;
  const words = describeRefusal(thrown);
  if (UNACCEPTED_CREDENTIALS.test(type))
    throw new LatchkeyError(
      "ACCESS_DENIED",
      `${host} does not accept these credentials (${type}).`,
      { hint: "Refresh these credentials, or use other ones with --profile.", cause: thrown },
    );
  if (/AccessDenied/.test(type))
    throw new LatchkeyError("ACCESS_DENIED", `${host} refuses ${question}: ${words}`, {
      hint: "AWS always refuses a delegated administrator's requests that involve the management account. Print the minimum IAM policy: latchkey federation policy",
      cause: thrown,
    });
  return { refused: type === "" ? reason : type, words, question, host };
}

const LONGEST_WORDS = 600;

function describeRefusal(thrown: unknown): string {
  const error = (thrown ?? {}) as { message?: unknown; Message?: unknown; Reason?: unknown };
  // If there is no service error type, the message was written by a library.
  const isService = describeFailure(thrown).type !== "";
  const message = isService ? (readText(error.message) ?? readText(error.Message)) : undefined;
  const [own = ""] = (message ?? "no reason given").split("\n  Deserialization error:");
  const reason = typeof error.Reason === "string" ? ` (Reason: ${error.Reason})` : "";
  return `${own.slice(0, LONGEST_WORDS)}${reason}`;
}
