import { describe, expect, test } from "vitest";
import { CLIENTS, listClients, type Client } from "../../src/clients/family.ts";
import { findRole, findSource, type Outcome, type Source } from "../../src/clients/identity.ts";
import { findMajority, resolveClients, type Outcomes } from "../../src/clients/resolve.ts";
import {
  SESSION,
  SSO,
  BY_BASE,
  KEYS,
  OWN,
  BASE,
  OLD_KEYS,
  type Input,
  type Expected,
  VIEW,
  SELF,
  ROWS,
} from "./who-wins.ts";

function resolve({ a = "", more = "", named, ...rest }: Input): Outcomes {
  const config = rest.config ?? `[profile a]\n${a}${BASE}${SESSION}${more}`;
  return resolveClients({
    config,
    credentials: rest.credentials ?? "",
    env: rest.env ?? (named === undefined ? { AWS_PROFILE: "a" } : {}),
    profile: named,
  });
}

function sourceText(source: Source): string {
  switch (source.kind) {
    case "sso":
      return `${source.accountId} ${source.roleName}`;
    case "process":
      return source.own === undefined
        ? "process"
        : `${source.own.accountId} ${source.own.roleName}`;
    case "role":
      return `Deploy by ${sourceText(source.source)}`;
    case "web-identity":
      return `${source.roleArn.split("/").at(-1) ?? ""} by token`;
    case "keys":
      return `key of ${source.file}`;
    case "environment":
      return source.variables.join(" ");
    default:
      return source.kind;
  }
}

const outcomeText = (outcome: Outcome): string =>
  outcome.kind === "identity" ? sourceText(outcome.source) : outcome.kind;

function expectOutcomes(input: Input, expected: Expected): void {
  const outcomes = resolve(input);
  const wanted = CLIENTS.map((family) => {
    const [, text] =
      Object.entries(expected).find(([families]) => families.split(" ").includes(family)) ?? [];
    return [family, text ?? expected["-"]];
  });
  expect(CLIENTS.map((family) => [family, outcomeText(outcomes[family])])).toEqual(wanted);
}

describe("the credentials that each client uses", () => {
  test.each(ROWS)("%s", (_, input, expected) => {
    expectOutcomes(input, expected);
  });
});

describe("the outcome of most clients", () => {
  const choose = (input: Input): readonly [string, readonly Client[]] => {
    const { outcome, differing } = findMajority(resolve(input));
    return [outcomeText(outcome), differing];
  };

  test("the larger group is chosen, and the other clients are listed", () => {
    const [text, others] = choose({ a: SSO + BY_BASE });
    expect([text, listClients(others)]).toEqual([`Deploy by ${VIEW}`, "Java and .NET"]);
    expect(choose({ a: SSO, env: { AWS_PROFILE: "a", ...OLD_KEYS } })).toEqual([
      SELF,
      ["go-v2", "go-v1", "terraform"],
    ]);
  });

  test("in a tie, the AWS CLI's outcome is chosen", () => {
    expect(choose({ a: OWN + BY_BASE })[0]).toBe(`Deploy by ${VIEW}`);
    expect(choose({ a: SSO + KEYS })).toEqual([
      SELF,
      ["javascript", "go-v2", "go-v1", "terraform"],
    ]);
  });

  test("latchkey's process and the SSO keys of the same role are one identity", () => {
    expect(choose({ a: SSO + OWN })).toEqual([SELF, []]);
  });

  test("the profile is not refused if only some clients can't ask for an MFA code", () => {
    expect(choose({ a: `${BY_BASE}mfa_serial = m\n` })).toEqual([`Deploy by ${VIEW}`, []]);
  });

  test("the account and the role are read from files", () => {
    expect(findRole(findSource(findMajority(resolve({ a: SSO + BY_BASE })).outcome))).toEqual({
      accountId: "100000000003",
      roleName: "Deploy",
    });
  });
});
