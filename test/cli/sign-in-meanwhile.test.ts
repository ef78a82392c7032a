import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { readSession } from "../../src/profiles/profile.ts";
import { readCachedRole, isOfThisSignIn } from "../../src/token/role-cache.ts";
import { tokenDirectory } from "../../src/fs/paths.ts";
import { roleCredentials } from "../../src/credentials/role.ts";
import { readConfig } from "../../src/profiles/select.ts";
import { createContext } from "../support/context.ts";
import { poll, register, startDevice, fetchCallerIdentity } from "../support/emulator-clients.ts";
import { listCachedRoleFiles, CORP_TOKEN, createSignedInHome, type Home } from "../support/home.ts";

const REF = { session: "corp", accountId: "100000000001", roleName: "ViewOnlyAccess" };
const ROLE = ["--sso-session", REF.session, "--account-id", REF.accountId];
const ARGV = ["credential-process", ...ROLE, "--role-name", REF.roleName];
const SOMEBODY_ELSE = "somebody.else@example.com";

/**
 * A proxy for the portal that holds its answer until `meanwhile` has ended. The portal has already checked the token by
 * then, and the caller does not have the credentials yet.
 */
async function slowPortal(home: Home, meanwhile: () => Promise<void>) {
  const server = createServer((request, response) => {
    const token = request.headers["x-amz-sso_bearer_token"];
    const headers = { "x-amz-sso_bearer_token": String(token) };
    const passOn = async (): Promise<void> => {
      const answer = await fetch(home.emulator.url + request.url, { headers });
      const body = await answer.text();
      await meanwhile();
      response.writeHead(answer.status, { "content-type": "application/json" }).end(body);
    };
    passOn().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { AWS_ENDPOINT_URL_SSO: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function personOf(home: Home, stdout: string): Promise<string | undefined> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout);
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  const identity = await fetchCallerIdentity(home.emulator, {
    ...keys,
    sessionToken: SessionToken,
    expiration: 0,
  });
  return identity.Arn?.split("/").at(-1);
}

async function loginAsSomebodyElse(home: Home): Promise<void> {
  home.emulator.turn("identity", { username: SOMEBODY_ELSE });
  const login = await home.run(["login", "--force", "--no-browser"]);
  expect(login, login.stderr).toMatchObject({ exitCode: 0 });
}

describe("role credentials on their way from the portal", () => {
  test(
    "are not cached if someone else signs in meanwhile, and not served to that person",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const env = await slowPortal(home, () => loginAsSomebodyElse(home));
      const first = await home.run(ARGV, { env });
      expect(first, first.stderr).toMatchObject({ exitCode: 0 });
      expect(await personOf(home, first.stdout)).toBe("okta.user@example.com");
      expect(listCachedRoleFiles(home)).toEqual([]);
      const second = await home.run(ARGV);
      expect(await personOf(home, second.stdout)).toBe(SOMEBODY_ELSE);
      expect(await home.run(ARGV)).toEqual(second);
    },
  );

  test(
    "are not cached if the user signs out meanwhile, and not served afterwards",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const env = await slowPortal(home, async () => {
        expect(await home.run(["logout"])).toMatchObject({ exitCode: 0 });
      });
      const first = await home.run(ARGV, { env });
      expect(first, first.stderr).toMatchObject({ exitCode: 0 });
      expect(listCachedRoleFiles(home)).toEqual([]);
      expect(await home.run(ARGV)).toMatchObject({ exitCode: 4, stdout: "" });
    },
  );

  test(
    "are never served as another person's whose token another client writes meanwhile, not even before they are removed",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.emulator.turn("identity", { username: SOMEBODY_ELSE });
      const client = await register(home.emulator);
      const { deviceCode } = await startDevice(home.emulator, client);
      const { accessToken, refreshToken } = await poll(home.emulator, client, deviceCode);
      const kept = JSON.parse(home.read(CORP_TOKEN));
      const theirs = JSON.stringify({ ...kept, ...client, accessToken, refreshToken });
      // In place and in two steps, as the AWS CLI writes. Between the two, readers of the file wait.
      const env = await slowPortal(
        home,
        async () => void home.write(CORP_TOKEN, theirs.slice(0, 100)),
      );
      const seen: Array<readonly [isCached: boolean, isServed: boolean]> = [];
      const lookAndFinish = async (): Promise<void> => {
        const cached = readCachedRole(home.path, REF);
        const isServed =
          cached !== undefined && isOfThisSignIn(tokenDirectory(home.path), cached.signIn);
        seen.push([cached !== undefined, isServed]);
        home.write(CORP_TOKEN, theirs);
      };
      const context = { ...createContext(home, env), sleep: lookAndFinish };
      const session = readSession(readConfig(context), "corp");
      await roleCredentials(context, { ...REF, session });
      expect(seen).toEqual([[true, false]]);
      expect(listCachedRoleFiles(home)).toEqual([]);
      expect(await personOf(home, (await home.run(ARGV)).stdout)).toBe(SOMEBODY_ELSE);
    },
  );
});
