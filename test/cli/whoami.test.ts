import { describe, expect, test } from "vitest";
import { clockTimePattern } from "../support/clock-time.ts";
import {
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  PROGRAM,
  SESSION_CONFIG,
  signedInHome,
  type Home,
} from "../support/home.ts";

const ACCOUNT = "100000000001";
const ROLE_ARN =
  /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/;
const OWN_PROCESS = `credential_process = ${PROGRAM.map((word) => `"${word}"`).join(" ")} credential-process --sso-session corp --account-id ${ACCOUNT} --role-name ViewOnlyAccess\n`;

/** A profile of every kind beside `okta`; `KEYS` are real ones of another role, so that an answer shows whose they are. */
async function homeOfAllKinds(): Promise<{ home: Home; keys: Record<string, string> }> {
  const home = await signedInHome();
  const other = JSON.parse(
    (
      await home.run([
        "credential-process",
        "--sso-session",
        "corp",
        "--account-id",
        "100000000002",
        "--role-name",
        "ViewOnlyAccess",
      ])
    ).stdout,
  ) as Record<string, string>;
  const keys = {
    aws_access_key_id: other["AccessKeyId"] ?? "",
    aws_secret_access_key: other["SecretAccessKey"] ?? "",
    aws_session_token: other["SessionToken"] ?? "",
  };
  const lines = Object.entries(keys)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join("");
  const printed = home.write("keys.json", JSON.stringify(other));
  home.write(
    ".aws/config",
    `${SESSION_CONFIG}[profile own]\n${OWN_PROCESS}[profile foreign]\ncredential_process = cat ${printed}\n[profile chain]\nrole_arn = arn:aws:iam::100000000009:role/team/Deployer\nsource_profile = okta\nrole_session_name = me\n[profile static]\nregion = eu-west-3\n[profile inline]\n${lines}[profile both]\n${OWN_PROCESS}`,
  );
  home.write(".aws/credentials", `[static]\n${lines}[both]\n${lines}`);
  return { home, keys };
}

const asEnvironment = (keys: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.toUpperCase(), value]));

describe("whoami names where the credentials come from", () => {
  test("a profile with an SSO session: account, role, user, region and both ends with it", async () => {
    const home = await signedInHome();
    await home.run(["accounts"]);
    const identity = await home.runJson(["whoami", "okta"]);
    expect(identity).toMatchObject({
      source: "profile",
      profile: "okta",
      accountId: ACCOUNT,
      accountName: expect.any(String),
      roleName: "ViewOnlyAccess",
      userName: "okta.user@example.com",
      region: "eu-west-1",
      session: "corp",
      notices: [],
    });
    expect(identity.arn).toMatch(ROLE_ARN);
    for (const end of [identity.credentialsExpireAt, identity.sessionExpiresAt])
      expect(Date.parse(end)).toBeGreaterThan(Date.now());
    const { stdout, stderr } = await home.run(["whoami", "okta"]);
    expect(stdout).toMatch(
      /^okta\.user@example\.com\n {2}account {7}100000000001 {2}\S.*\n {2}role {10}ViewOnlyAccess\n {2}region {8}eu-west-1\n {2}session {7}/,
    );
    const [tokenEnd, credentialsEnd] = [
      clockTimePattern(identity.sessionExpiresAt),
      clockTimePattern(identity.credentialsExpireAt),
    ];
    const life = `corp, signed in, token until ${tokenEnd} \\(renews itself\\)\n {2}credentials {3}until ${credentialsEnd} \\(.* left\\)`;
    expect(stdout).toMatch(
      new RegExp(`\n {2}session {7}${life}, from the profile "okta", by its SSO session\n {2}arn`),
    );
    expect(stderr).toBe("");
  });

  test("keys in the environment beat AWS_PROFILE, and that is said; a profile that is named beats them", async () => {
    const { home, keys } = await homeOfAllKinds();
    const env = { ...asEnvironment(keys), AWS_PROFILE: "okta", AWS_REGION: "eu-north-1" };
    expect(await home.runJson(["whoami"], { env })).toMatchObject({
      source: "environment",
      profile: null,
      accountId: "100000000002",
      region: "eu-north-1",
      session: null,
    });
    const { stdout, stderr } = await home.run(["whoami"], { env });
    expect(stdout).toContain("from AWS_ACCESS_KEY_ID in the environment");
    expect(stderr).toMatch(
      /^latchkey: notice: the environment beats the profile: AWS_ACCESS_KEY_ID is set.*"okta" of AWS_PROFILE has no say/,
    );
    expect(await home.runJson(["whoami", "okta"], { env })).toMatchObject({
      source: "profile",
      accountId: ACCOUNT,
      notices: [expect.stringContaining("AWS_ACCESS_KEY_ID is set")],
    });
    expect(
      await home.runJson(["whoami"], { env: { ...env, AWS_SECRET_ACCESS_KEY: "" } }),
    ).toMatchObject({ source: "profile", accountId: ACCOUNT });
  });

  test("the environment of exec, by its values and by its endpoint", async () => {
    const home = await signedInHome();
    for (const [server, variable] of [
      [[], "AWS_ACCESS_KEY_ID"],
      [["--server"], "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
    ] as const) {
      const { stdout, stderr } = await home.run([
        "exec",
        "okta",
        ...server,
        "--",
        ...PROGRAM,
        "whoami",
      ]);
      expect(stdout, stderr).toContain(
        `from ${variable} in the environment, put there by latchkey exec okta`,
      );
      expect(stdout).toContain("region        eu-west-1");
    }
  });

  test("the credentials file, also where the config says something else about the profile: that is said", async () => {
    const { home } = await homeOfAllKinds();
    expect(await home.runJson(["whoami", "static"])).toMatchObject({
      source: "credentials-file",
      profile: "static",
      accountId: "100000000002",
      region: "eu-west-3",
      session: null,
      credentialsExpireAt: null,
      notices: [],
    });
    expect((await home.run(["whoami", "static"])).stdout).toContain(
      `from the profile "static" of the credentials file (${home.path}/.aws/credentials, line 2)`,
    );
    expect(await home.runJson(["whoami", "both"])).toMatchObject({
      source: "credentials-file",
      accountId: "100000000002",
      notices: [
        expect.stringMatching(
          /^the credentials file beats the config: credential_process of \[profile both\] \(.*config, line \d+\)/,
        ),
      ],
    });
    home.write(
      ".aws/credentials",
      "[okta]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n",
    );
    expect(await home.runJson(["whoami", "okta"])).toMatchObject({
      source: "profile",
      accountId: ACCOUNT,
      notices: [
        expect.stringContaining(
          "the AWS CLI and latchkey take SSO, the SDKs for JavaScript and Go take the keys",
        ),
      ],
    });
  });

  test("a credential_process, latchkey's own and another's, and keys in the config", async () => {
    const { home } = await homeOfAllKinds();
    expect(await home.runJson(["whoami", "own"])).toMatchObject({
      source: "credential-process",
      profile: "own",
      accountId: ACCOUNT,
      session: "corp",
    });
    expect((await home.run(["whoami", "own"])).stdout).toContain(
      'from the profile "own" through latchkey',
    );
    expect(await home.runJson(["whoami", "foreign"])).toMatchObject({
      source: "credential-process",
      accountId: "100000000002",
      session: null,
    });
    expect(await home.runJson(["whoami", "inline"])).toMatchObject({
      source: "profile",
      accountId: "100000000002",
    });
    expect((await home.run(["whoami", "inline"])).stdout).toMatch(
      /from keys in the config \(.*config, line \d+\)/,
    );
  });

  test("a chained role, with the session that it stands on in the end", async () => {
    const { home } = await homeOfAllKinds();
    expect(await home.runJson(["whoami", "chain"])).toMatchObject({
      source: "chained-role",
      profile: "chain",
      accountId: "100000000009",
      roleName: "Deployer",
      userName: "me",
      session: "corp",
    });
    expect((await home.run(["whoami", "chain"])).stdout).toContain(
      'from the profile "chain", a role assumed with the credentials of "okta"',
    );
  });
});

describe("whoami --offline", () => {
  test("tells what is known here for every source, and asks nobody", async () => {
    const { home, keys } = await homeOfAllKinds();
    await home.run(["export", "okta"]);
    home.emulator.journal.clear();
    const offline = (profile: string, env = {}): Promise<any> =>
      home.runJson(["whoami", ...(profile === "" ? [] : [profile]), "--offline"], { env });
    expect(await offline("okta")).toMatchObject({
      source: "profile",
      accountId: ACCOUNT,
      roleName: "ViewOnlyAccess",
      arn: null,
      userId: null,
      userName: null,
      region: "eu-west-1",
      session: "corp",
      sessionExpiresAt: expect.any(String),
      credentialsExpireAt: expect.any(String),
    });
    expect(await offline("chain")).toMatchObject({
      source: "chained-role",
      accountId: "100000000009",
      roleName: "Deployer",
      session: "corp",
      credentialsExpireAt: null,
    });
    expect(await offline("static")).toMatchObject({ source: "credentials-file", accountId: null });
    expect(await offline("foreign")).toMatchObject({
      source: "credential-process",
      accountId: null,
    });
    expect(
      await offline("", {
        ...asEnvironment(keys),
        AWS_CREDENTIAL_EXPIRATION: "2090-01-01T00:00:00+00:00",
      }),
    ).toMatchObject({
      source: "environment",
      accountId: null,
      credentialsExpireAt: "2090-01-01T00:00:00Z",
    });
    expect((await home.run(["whoami", "okta", "--offline"])).stdout).toMatch(
      /^As known here; AWS was not asked\n/,
    );
    expect(home.emulator.journal.entries()).toEqual([]);
  });

  test("works signed out, with a token that has expired, and says so", async () => {
    const home = await signedInHome();
    expireTokenFile(home, CORP_TOKEN);
    expect((await home.run(["whoami", "okta", "--offline"])).stdout).toMatch(
      /session {7}corp, token expired at \S+( \S+)? \(renews itself\)\n {2}credentials {3}none at hand, from the profile "okta"/,
    );
    await home.run(["logout", "--all"]);
    expect((await home.run(["whoami", "okta", "--offline"])).stdout).toContain(
      "corp, no token on this machine",
    );
    expect(await home.run(["whoami", "okta"])).toMatchObject({ exitCode: 4, stdout: "" });
  });
});

describe("what whoami refuses", () => {
  test("to be led elsewhere by an endpoint_url of the config", async () => {
    const { home, keys } = await homeOfAllKinds();
    home.write(".aws/config", `[default]\nendpoint_url = ${home.emulator.url}\n`);
    // Without an endpoint in the environment it is AWS that is asked; a proxy that is not there keeps that on this machine.
    const env = {
      ...asEnvironment(keys),
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL_STS: undefined,
      HTTPS_PROXY: "http://127.0.0.1:9",
    };
    expect(await home.run(["whoami"], { env })).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("127.0.0.1:9"),
    });
    expect(home.emulator.journal.count("GetCallerIdentity")).toBe(0);
  });

  test("keys that AWS does not accept: the cure depends on where they are", async () => {
    const home = await createHome();
    home.write(
      ".aws/credentials",
      "[static]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n",
    );
    const file = await home.run(["whoami", "static"]);
    expect(file).toMatchObject({ exitCode: 5, stdout: "" });
    expect(file.stderr).toContain(`Mend or remove its keys in ${home.path}/.aws/credentials.`);
    const environment = await home.run(["whoami"], {
      env: { AWS_ACCESS_KEY_ID: "AKIDX", AWS_SECRET_ACCESS_KEY: "SKX" },
    });
    expect(environment).toMatchObject({
      exitCode: 5,
      stdout: "",
      stderr: expect.stringContaining("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY\n"),
    });
  });

  test("an endpoint that is gone exits 6, one that no AWS client would ask too, and a region's bad name 2", async () => {
    const home = await signedInHome();
    for (const uri of ["http://127.0.0.1:9/", "http://example.com/"]) {
      expect(
        await home.run(["whoami"], { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri } }),
      ).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr: expect.stringContaining("unset AWS_CONTAINER_CREDENTIALS_FULL_URI"),
      });
    }
    expect(await home.run(["whoami", "okta", "--region", "no where"])).toMatchObject({
      exitCode: 2,
      stdout: "",
    });
  });
});
