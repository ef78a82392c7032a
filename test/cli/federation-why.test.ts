import { describe, expect, test } from "vitest";
import { USER } from "../support/federation.ts";
import { runAsAdministrator, createFederatedHome } from "../support/federation-run.ts";
import type { WhyJson } from "../../src/commands/federation/why.ts";
import { parseOutput, type Home } from "../support/home.ts";

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

const LOGIN = { eventName: "ExternalIdPDirectoryLogin", eventSource: "signin.amazonaws.com" };
const PUSH = { eventName: "CreateGroup", eventSource: "identitystore-scim.amazonaws.com" };
const STRANGE =
  'A text that no table holds: "ärger" at step 7/9 <b>&amp;</b>, code=ABCDEFGHIJabcdefghij0123456789ABCDEFGHIJabcdefghij0123456789 and a long tail that goes on well past the width of any terminal that there is';

async function reasonsOf(home: Home, ...argv: string[]): Promise<WhyJson["reasons"]> {
  const result = await runAsAdministrator(home, ["federation", "why", "--json", ...argv]);
  return parseOutput<WhyJson>(result).reasons;
}

describe("federation why", () => {
  test(
    "prints AWS's message unchanged if it is not in the table, to people and to programs",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome({
        events: [
          { ...LOGIN, eventTime: minutesAgo(5), errorMessage: STRANGE, userName: USER },
          {
            ...PUSH,
            eventTime: minutesAgo(6),
            errorCode: "SomethingNewException",
            errorMessage: `${STRANGE} too`,
          },
        ],
      });
      const text = await runAsAdministrator(home, ["federation", "why"]);
      expect(text.exitCode, text.stderr).toBe(0);
      expect(text.stdout).toContain(`  AWS says  ${STRANGE}\n`);
      expect(text.stdout).toContain(`  AWS says  ${STRANGE} too\n`);
      expect(text.stdout).not.toContain("means");
      const reasons = await reasonsOf(home);
      expect(
        reasons.map(({ topic, errorMessage, meaning, cure }) => [
          topic,
          errorMessage,
          meaning,
          cure,
        ]),
      ).toEqual([
        ["login", STRANGE, null, null],
        ["scim", `${STRANGE} too`, null, null],
      ]);
    },
  );

  test(
    "explains known messages, with the fix, next to AWS's message",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome({
        events: [
          {
            ...LOGIN,
            eventTime: minutesAgo(5),
            errorMessage: "Response contains invalid name id policy format",
          },
          {
            ...LOGIN,
            eventTime: minutesAgo(6),
            errorMessage: "Not a valid response for the provided request id: 1-2",
          },
          {
            ...PUSH,
            eventTime: minutesAgo(7),
            errorCode: "ConflictException",
            errorMessage: "Duplicate GroupDisplayName",
          },
          { ...PUSH, eventTime: minutesAgo(8) },
        ],
      });
      const reasons = await reasonsOf(home);
      expect(reasons.map(({ cure }) => cure)).toEqual([
        expect.stringContaining("Application username format: Email"),
        expect.stringContaining("start again from the access portal"),
        expect.stringContaining("existing group"),
      ]);
    },
  );

  test(
    "searches the given period, one topic and one user, past empty first pages",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome(
        {
          events: [
            { ...LOGIN, eventTime: minutesAgo(5), errorMessage: "one", userName: USER },
            {
              ...LOGIN,
              eventTime: minutesAgo(300),
              errorMessage: "two",
              userName: "eve@example.com",
            },
            { ...PUSH, eventTime: minutesAgo(5), errorMessage: "three" },
          ],
        },
        { paging: { pageSize: 1, emptyPages: true } },
      );
      const readWords = async (...argv: string[]) =>
        (await reasonsOf(home, ...argv)).map(({ errorMessage }) => errorMessage);
      expect(await readWords("login")).toEqual(["one"]);
      expect(await readWords("login", "--since", "1d", "--user", "eve@example.com")).toEqual([
        "two",
      ]);
      expect(await readWords("scim")).toEqual(["three"]);
      expect(
        (await runAsAdministrator(home, ["federation", "why", "--since", "soon"])).exitCode,
      ).toBe(2);
    },
  );

  test(
    "exits 2 without AWS credentials, and 5 without permission, with AWS's message and the policy",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome(
        {},
        { faults: [{ route: "cloudtrail:LookupEvents", error: "AccessDeniedException" }] },
      );
      expect(await home.run(["federation", "why"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("--profile NAME"),
      });
      const refused = await runAsAdministrator(home, ["federation", "why"]);
      expect(refused).toMatchObject({ exitCode: 5, stdout: "" });
      expect(refused.stderr).toMatch(
        /refuses cloudtrail:LookupEvents: AccessDeniedException\n.*latchkey federation policy/,
      );
    },
  );
});
