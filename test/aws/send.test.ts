import { expect, test } from "vitest";
import { send, sendPlain } from "../../src/aws/send.ts";
import { startTcpServer } from "../faults/support/raw-servers.ts";
import { createTestConnection } from "./connection.ts";

/** A server that closes the first connection and never answers on the next one. */
async function startClosingThenSilent(onFirst: () => void) {
  let count = 0;
  return startTcpServer((socket) => {
    count += 1;
    if (count > 1) return;
    onFirst();
    socket.destroy();
  });
}

test.each([
  ["the first failure, if the last attempt had too little time", 900, /cut the connection/],
  ["the timeout, if the last attempt had time enough", 1_500, /did not answer within/],
])("a call whose deadline passes reports %s", async (_what, left, message) => {
  const deadline = 10_000;
  let startedAt = performance.now();
  const monotonic = (): number => performance.now() - startedAt;
  const server = await startClosingThenSilent(() => {
    startedAt = performance.now() - (deadline - left);
  });
  const connection = createTestConnection(server.url, { deadline, monotonic });
  const plain = { method: "GET", url: new URL(server.url), host: "The portal" };
  await expect(sendPlain(connection, plain, () => undefined)).rejects.toMatchObject({
    code: "UNREACHABLE",
    message: expect.stringMatching(message),
  });
  expect(server.connections()).toBe(2);
});

test.each([
  ["AWS's own host does not exist", undefined, "ENOTFOUND", /did you mean us-east-1/],
  ["AWS's own host does not answer", undefined, "ECONNREFUSED", /^Check the network/],
  [
    "the user's own endpoint does not exist",
    "http://127.0.0.1:1",
    "ENOTFOUND",
    /^Check the network/,
  ],
])("if %s, a misspelt region is named only where it can be the cause", async (...row) => {
  const [, endpoint, code, hint] = row;
  const connection = createTestConnection("", { endpoint, region: "us-eats-1" });
  const call = (): Promise<never> => Promise.reject(Object.assign(new Error(), { code }));
  await expect(send(connection, "The portal", call)).rejects.toMatchObject({
    code: "UNREACHABLE",
    hint: expect.stringMatching(hint),
  });
});
