import { describe, expect, test } from "vitest";
import { RULES_BY_SUBJECT } from "../../src/doctor/rule-table.ts";
import { build, type Machine } from "../doctor/machine.ts";
import { CONFIG_FIXTURES } from "../doctor/config-fixtures.ts";
import { PROFILE_FIXTURES } from "../doctor/profile-fixtures.ts";
import { createHome, SESSION_CONFIG, createSignedInHome, type Home } from "../support/home.ts";
import { runAwsCli, CLIENTS, fetchIdentity, type Client } from "./clients.ts";
import { patience } from "../support/patience.ts";

/** Compares the doctor's statements about other clients with those clients. */

async function runForExitCode(machine: Machine): Promise<number> {
  const home = await createHome();
  build(home.path, machine);
  return (await runAwsCli(home, ["configure", "list-profiles"])).exitCode;
}

const refused = new Set(
  Object.entries(RULES_BY_SUBJECT)
    .filter(([subject]) => subject !== "environment")
    .flatMap(([, rules]) => rules)
    .filter(({ readers }) =>
      /^the AWS CLI(, [^;]*)? refuses? (the whole file|every command(?! that prints))/.test(
        readers,
      ),
    )
    .map(({ id }) => id),
);
const fixtures = [...CONFIG_FIXTURES, ...PROFILE_FIXTURES];

describe("the AWS CLI can't read the file", () => {
  test.each(
    fixtures
      .filter(({ id }) => refused.has(id))
      .map(({ id, bad, near }) => [id, bad, near] as const),
  )("with %s, and reads the near miss", async (_id, bad, near) => {
    expect(await runForExitCode(bad)).not.toBe(0);
    expect(await runForExitCode(near)).toBe(0);
  });
});

test(
  "the AWS CLI reads every other config in which the doctor finds a problem",
  async () => {
    const exits: Record<string, number> = {};
    for (const { id, bad } of CONFIG_FIXTURES.filter(
      (fixture) => !refused.has(fixture.id) && fixture.id !== "config-unreadable",
    ))
      exits[id] = await runForExitCode(bad);
    expect(Object.entries(exits).filter(([, exit]) => exit !== 0)).toEqual([]);
  },
  patience(180_000),
);

/** Returns the clients that used the SSO role; the others chose a source that they could not use. */
async function findClientsOnSso(home: Home): Promise<Client[]> {
  const answers = await Promise.all(
    CLIENTS.map(async (client) => ({ client, ...(await fetchIdentity(client, home, "okta")) })),
  );
  return answers
    .filter(
      ({ exitCode, stdout }) => exitCode === 0 && stdout.includes("AWSReservedSSO_ViewOnlyAccess"),
    )
    .map(({ client }) => client);
}

test("for profile-mixed the AWS CLI, boto3 and Go use SSO, JavaScript runs the process", async () => {
  const home = await createSignedInHome();
  const process = home.write(
    "other-keys",
    '#!/bin/sh\necho \'{"Version": 1, "AccessKeyId": "AKIAEXAMPLEEXAMPLE00", "SecretAccessKey": "of-nobody"}\'\n',
    0o700,
  );
  home.write(
    ".aws/config",
    SESSION_CONFIG.replace("output = json\n", `credential_process = ${process}\n`),
  );
  expect(await findClientsOnSso(home)).toEqual(["AWS CLI", "boto3", "Go"]);
});

test("for credentials-override the AWS CLI and boto3 use SSO, JavaScript and Go the keys", async () => {
  const home = await createSignedInHome();
  home.write(
    ".aws/credentials",
    "[okta]\naws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = of-nobody\n",
  );
  expect(await findClientsOnSso(home)).toEqual(["AWS CLI", "boto3"]);
});
