import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.ts";
import {
  startEmulatorForTest,
  catchFailure,
  fetchRoleKeys,
  signIn,
  type RoleKeys,
} from "../support/emulator-clients.ts";

const ROLE = "arn:aws:iam::100000000009:role/team/Deployer";

type Keys = Pick<RoleKeys, "accessKeyId" | "secretAccessKey" | "sessionToken">;

function createStsClient(
  emulator: Emulator,
  { accessKeyId, secretAccessKey, sessionToken }: Keys,
): STSClient {
  return new STSClient({
    endpoint: emulator.url,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
}

async function begin() {
  const emulator = await startEmulatorForTest();
  const client = createStsClient(
    emulator,
    await fetchRoleKeys(emulator, (await signIn(emulator)).accessToken),
  );
  const assume = (
    changes: { RoleArn?: string; RoleSessionName?: string; DurationSeconds?: number } = {},
  ) => client.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "me", ...changes }));
  return { emulator, assume };
}

test("a role is assumed with another role's credentials, and the caller's ARN has its name", async () => {
  const { emulator, assume } = await begin();
  const { Credentials, AssumedRoleUser } = await assume();
  expect(AssumedRoleUser?.Arn).toBe("arn:aws:sts::100000000009:assumed-role/Deployer/me");
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const keys = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  expect(
    await createStsClient(emulator, keys).send(new GetCallerIdentityCommand({})),
  ).toMatchObject({
    Account: "100000000009",
    Arn: AssumedRoleUser?.Arn,
  });
  expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  const fetchFederation = (duration: string) =>
    fetch(`${emulator.url}/federation`, {
      method: "POST",
      body: new URLSearchParams({
        Action: "getSigninToken",
        ...(duration === "" ? {} : { SessionDuration: duration }),
        Session: JSON.stringify({
          sessionId: AccessKeyId,
          sessionKey: SecretAccessKey,
          sessionToken: SessionToken,
        }),
      }),
    });
  expect([(await fetchFederation("")).status, (await fetchFederation("3600")).status]).toEqual([
    200, 400,
  ]);
});

test("denied roles, sessions of more than an hour and malformed names are refused with STS's errors", async () => {
  const { emulator, assume } = await begin();
  emulator.deny("100000000009", "Deployer");
  expect(await catchFailure(assume())).toMatchObject({
    name: "AccessDenied",
    status: 403,
    message: expect.stringContaining(
      `is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
    ),
  });
  emulator.deny("100000000009", "Deployer", false);
  for (const changes of [
    { DurationSeconds: 3601 },
    { RoleArn: "arn:aws:iam::1:role/x" },
    { RoleSessionName: "not a name" },
  ])
    expect(await catchFailure(assume(changes)), JSON.stringify(changes)).toMatchObject({
      name: "ValidationError",
      status: 400,
    });
});
