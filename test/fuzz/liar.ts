import fc from "fast-check";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Connection } from "../../src/aws/send.ts";
import { LatchkeyError } from "../../src/errors.ts";
import { createTestConnection } from "../aws/connection.ts";
import { ensure } from "./target.ts";
import {
  arbitraryBytes,
  arbitraryJson,
  arbitraryJsonText,
  arbitraryShape,
  arbitraryText,
  expectValueOrFailure,
} from "./values.ts";

/** A service that answers with any status, headers and body, and the rules that its clients must follow. */

export interface ServerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Ends the connection in the middle of the body. */
  readonly isCut: boolean;
}

/** Gives the next of the set answers to each request, and the last one to all further requests. */
function createLiar() {
  let answers: ServerAnswer[] = [];
  let server: Server | undefined;
  const answer = (response: ServerResponse): void => {
    const { status, headers, body, isCut } = (answers.length > 1 ? answers.shift() : answers[0])!;
    try {
      response.writeHead(status, headers);
    } catch {
      response.writeHead(500);
    }
    if (isCut) response.write(body, () => response.destroy());
    else response.end(body);
  };
  return {
    tell: (next: readonly ServerAnswer[]) => (answers = [...next]),
    url: () => `http://127.0.0.1:${(server!.address() as AddressInfo).port}`,
    async open(): Promise<() => void> {
      const opened = createServer((request, response) => {
        request.resume().on("end", () => answer(response));
      });
      server = opened;
      await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
      return () => {
        opened.close();
        opened.closeAllConnections();
      };
    },
  };
}

const statuses = fc.oneof(
  { weight: 12, arbitrary: fc.constant(200) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      201,
      202,
      204,
      206,
      301,
      304,
      400,
      401,
      403,
      404,
      409,
      410,
      429,
      500,
      503,
      599,
    ),
  },
);
const headers = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ "content-type": "application/json" }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom(
        "content-type",
        "x-amzn-errortype",
        "retry-after",
        "date",
        "location",
        "content-encoding",
        "x-amzn-requestid",
      ),
      fc.oneof(
        fc.constantFrom(
          "text/html",
          "application/json",
          "AccessDeniedException",
          "99999999",
          "-1",
          "gzip",
          "x:http://y/",
          "../../x",
          "Thu, 01 Jan 1970 00:00:00 GMT",
        ),
        arbitraryText(5).map((text) => text.replace(/[^\t\x20-\x7e]/g, "")),
      ),
      { maxKeys: 3 },
    ),
  },
);

const refusals = arbitraryShape({
  error: fc.oneof(
    fc.constantFrom("invalid_grant", "authorization_pending", "slow_down"),
    arbitraryText(3),
  ),
  error_description: arbitraryText(5),
  __type: fc.oneof(
    fc.constantFrom("InvalidGrantException", "com.amazonaws#ExpiredTokenException", "#", ":"),
    arbitraryText(3),
  ),
  message: arbitraryText(5),
});

export function createAnswer(body: unknown): ServerAnswer {
  return { status: 200, headers: {}, body: JSON.stringify(body), isCut: false };
}

export function arbitraryAnswers(
  right: fc.Arbitrary<unknown>,
): fc.Arbitrary<readonly ServerAnswer[]> {
  const body = fc.oneof(
    { weight: 8, arbitrary: arbitraryJsonText(right) },
    { weight: 2, arbitrary: arbitraryJsonText(refusals) },
    { weight: 1, arbitrary: arbitraryJsonText(arbitraryJson()) },
    { weight: 1, arbitrary: arbitraryBytes() },
  );
  const isCut = fc.oneof(
    { weight: 30, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  );
  return fc.array(fc.record<ServerAnswer>({ status: statuses, headers, body, isCut }), {
    minLength: 1,
    maxLength: 3,
  });
}

export const SECRET = "TheSecretThatWasSent";
/** Words of a library that no user should see. */
const FOREIGN_WORDS = /Deserialization|\$response|is not a function|undefined|Cannot |\[object /;

export interface Call {
  readonly call: (via: Connection) => Promise<unknown>;
  /** Returns whether the result is right. */
  readonly isRight: (value: never) => boolean;
}

export const liar = createLiar();

/** The deadline is short, because answers that are cut off never end. */
export function openConnection(): Connection {
  return createTestConnection(liar.url(), { deadline: performance.now() + 1_000 });
}

export async function checkCall({ call, isRight }: Call): Promise<void> {
  const value = await expectValueOrFailure(async () => {
    try {
      return await call(openConnection());
    } catch (thrown) {
      if (thrown instanceof LatchkeyError) checkWords(thrown);
      throw thrown;
    }
  });
  if (value !== undefined)
    ensure(isRight(value as never), () => `not narrowed: ${JSON.stringify(value)}`);
}

function checkWords({ message, hint = "" }: LatchkeyError): void {
  ensure(!(message + hint).includes(SECRET), "a sent secret is in a message");
  ensure(!FOREIGN_WORDS.test(message), `a library's words: ${message}`);
}
