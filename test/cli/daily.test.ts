import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, PROGRAM, SESSION_CONFIG, signedInHome, type Home } from "../support/home.ts";

const DEPLOYER = "arn:aws:iam::100000000009:role/team/Deployer";
const FOREIGN = `${SESSION_CONFIG}[profile chain]
role_arn = ${DEPLOYER}
source_profile = okta
role_session_name = me
region = eu-west-1
[profile longer]
role_arn = arn:aws:iam::100000000008:role/Auditor
source_profile = chain
[profile process]
credential_process = cat KEYS
region = eu-west-1
[profile loop]
role_arn = ${DEPLOYER}
source_profile = pool
[profile pool]
role_arn = ${DEPLOYER}
source_profile = loop
[profile mfa]
role_arn = ${DEPLOYER}
source_profile = okta
mfa_serial = arn:aws:iam::100000000001:mfa/me
`;

async function foreignHome(): Promise<Home> {
  const home = await signedInHome();
  const keys = home.write(
    "keys.json",
    (await home.run(["credential-process", "--profile", "okta"])).stdout,
  );
  home.write(".aws/config", FOREIGN.replace("KEYS", keys));
  home.write(
    ".aws/credentials",
    "[static]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n",
  );
  return home;
}

const arnOf = async (home: Home, profile: string): Promise<string> =>
  (await home.runJson(["whoami", profile])).arn;

describe("profiles that AWS SDKs resolve", () => {
  test("a role that stands on an SSO profile, and one on that, are assumed with our own credentials", async () => {
    const home = await foreignHome();
    home.emulator.journal.clear();
    expect(await arnOf(home, "chain")).toBe("arn:aws:sts::100000000009:assumed-role/Deployer/me");
    expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual([
      "AssumeRole",
      "GetCallerIdentity",
    ]);
    expect(await arnOf(home, "longer")).toBe(
      "arn:aws:sts::100000000008:assumed-role/Auditor/latchkey",
    );
  });

  test("exec, export and console take them, too", async () => {
    const home = await foreignHome();
    const { AccessKeyId } = JSON.parse((await home.run(["export", "chain"])).stdout);
    expect(AccessKeyId).toMatch(/^ASIA/);
    expect((await home.run(["exec", "chain", "--", "sh", "-c", 'echo "$AWS_REGION"'])).stdout).toBe(
      "eu-west-1\n",
    );
    expect((await home.runJson(["console", "chain"])).url).toContain("Action=login");
    expect((await home.run(["export", "static", "--format", "env"])).stdout).toBe(
      "export AWS_ACCESS_KEY_ID=AKIDX\nexport AWS_SECRET_ACCESS_KEY=SKX\n",
    );
    expect(await arnOf(home, "process")).toContain("ViewOnlyAccess");
    expect(JSON.parse((await home.run(["export", "process"])).stdout)).toMatchObject({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
    });
  });

  test("a source whose sign-in is over, and a role that is refused, are told as what they are", async () => {
    const home = await foreignHome();
    home.emulator.deny("100000000009", "Deployer", true);
    expect(await home.run(["export", "chain"])).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('STS refuses the role of the profile "chain" (AccessDenied)'),
    });
    await home.run(["logout", "--all"]);
    expect(await home.run(["export", "chain"])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("latchkey login --sso-session corp"),
    });
  });

  test("profiles in a circle are named, whether they stand on each other or run each other", async () => {
    const home = await foreignHome();
    expect(await home.run(["export", "loop"])).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining("loop → pool → loop"),
    });
    home.write(
      ".aws/config",
      `[profile self]\ncredential_process = ${PROGRAM.join(" ")} export self\n`,
    );
    expect(await home.run(["export", "self"])).toMatchObject({ exitCode: 7, stdout: "" });
  });

  test("a code that nobody is there to type exits 2, and long-term keys open no console", async () => {
    const home = await foreignHome();
    expect(await home.run(["export", "mfa"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("arn:aws:iam::100000000001:mfa/me"),
    });
    expect(await home.run(["console", "static", "--print"])).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining("long-term keys"),
    });
  });
});

describe("export", () => {
  test("prints what credential-process prints, in the AWS CLI's form, and --json is that object", async () => {
    const home = await signedInHome();
    const process = JSON.parse(
      (await home.run(["credential-process", "--profile", "okta"])).stdout,
    );
    const expected = { ...process, Expiration: process.Expiration.replace("Z", "+00:00") };
    const { stdout } = await home.run(["export", "okta"]);
    expect(stdout).toBe(`${JSON.stringify(expected, undefined, 2)}\n`);
    expect((await home.run(["configure", "export-credentials", "--profile", "okta"])).stdout).toBe(
      stdout,
    );
    expect(await home.runJson(["export", "okta"])).toEqual(expected);
    expect(await home.run(["export", "okta", "--format", "csh"])).toMatchObject({
      exitCode: 2,
      stdout: "",
    });
    expect(await home.run(["export", "okta", "--format", "env", "--json"])).toMatchObject({
      exitCode: 2,
    });
  });

  test("the vectors come out of the program byte for byte", async () => {
    const vectors = JSON.parse(
      readFileSync(new URL("../vectors/aws-cli-vectors.json", import.meta.url), "utf8"),
    ).export_credentials;
    const home = await createHome();
    const keys = home.write(
      "keys.json",
      JSON.stringify({
        Version: 1,
        ...vectors.creds,
        expiry: undefined,
        Expiration: vectors.creds.expiry,
      }),
    );
    home.write(".aws/config", `[profile v]\ncredential_process = cat ${keys}\n`);
    for (const format of ["env", "env-no-export", "fish", "powershell", "windows-cmd", "process"]) {
      expect(await home.run(["export", "v", "--format", format]), format).toEqual({
        exitCode: 0,
        stdout: vectors[format],
        stderr: "",
      });
    }
  });

  test("a value that a shell could take for more than a word is refused with exit 6, and not shown", async () => {
    const home = await createHome();
    const keys = home.write(
      "keys.json",
      JSON.stringify({
        Version: 1,
        AccessKeyId: "AKIDX",
        SecretAccessKey: "S$(touch canary)X",
        SessionToken: "T",
      }),
    );
    home.write(".aws/config", `[profile v]\ncredential_process = cat ${keys}\n`);
    for (const format of [
      "env",
      "fish",
      "powershell",
      "windows-cmd",
      "process",
      "dotenv",
      "credentials-file",
    ]) {
      const result = await home.run(["export", "v", "--format", format]);
      expect(result, format).toMatchObject({ exitCode: 6, stdout: "" });
      expect(result.stderr).not.toContain("touch");
    }
  });
});

describe("console", () => {
  test("prints a link of the partition's own federation endpoint's, and sends the credentials in no URL", async () => {
    const home = await signedInHome();
    home.emulator.journal.clear();
    const { stdout, stderr } = await home.run([
      "console",
      "okta",
      "--print",
      "--service",
      "s3",
      "--duration",
      "8h",
    ]);
    expect(stderr).toBe("");
    const link = new URL(stdout.trim());
    expect(Object.fromEntries(link.searchParams)).toEqual({
      Action: "login",
      Issuer: "https://emu.awsapps.com/start",
      Destination: "https://console.aws.amazon.com/s3/home?region=eu-west-1",
      SigninToken: expect.any(String),
    });
    const asked = home.emulator.journal.entries({ route: "GetSigninToken" });
    expect(asked.map(({ method, query, body }) => ({ method, query, body }))).toEqual([
      {
        method: "POST",
        query: {},
        body: {
          Action: "getSigninToken",
          SessionDuration: "28800",
          Session: expect.stringMatching(/^redacted:/),
        },
      },
    ]);
    const page = await (await fetch(link)).text();
    expect(page).toContain("Signed in to the console");
    expect(page).toContain("100000000001");
  });

  test("opens the link in the browser that BROWSER names", async () => {
    const home = await signedInHome();
    const seen = join(home.path, "seen");
    const browser = home.write(
      "browser",
      `#!/bin/sh\nprintf '%s' "$1" > ${seen}.part && mv ${seen}.part ${seen}\n`,
      0o755,
    );
    const { exitCode, stdout, stderr } = await home.run(["console", "okta"], {
      env: { BROWSER: browser },
    });
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      "",
      "Opening the console as okta in your browser.\n",
    ]);
    await expect.poll(() => home.exists("seen")).toBe(true);
    expect((await fetch(home.read("seen"))).status).toBe(200);
  });

  test("makes the portal's own link without asking anybody, or being signed in", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const { url } = await home.runJson([
      "console",
      "okta",
      "--shortcut",
      "--service",
      "lambda",
      "--region",
      "us-west-2",
    ]);
    expect(url).toBe(
      `https://emu.awsapps.com/start/#/console?account_id=100000000001&role_name=ViewOnlyAccess&destination=${encodeURIComponent("https://console.aws.amazon.com/lambda/home?region=us-west-2")}`,
    );
    expect(home.emulator.journal.entries()).toEqual([]);
  });

  test("refuses what can't be: another partition's region, times out of range, --duration of the portal's or a chained role's", async () => {
    const home = await foreignHome();
    for (const [argv, exitCode, words] of [
      [["okta", "--region", "cn-north-1"], 2, "another partition"],
      [["okta", "--region", "mars"], 2, "--region"],
      [["okta", "--duration", "13h"], 2, "--duration"],
      [["okta", "--shortcut", "--duration", "1h"], 2, "--shortcut"],
      [["chain", "--shortcut"], 2, "no access portal"],
      [["chain", "--duration", "1h"], 5, "without --duration"],
      [["okta", "--service", "../x"], 2, "--service"],
    ] as const) {
      const result = await home.run(["console", "--print", ...argv]);
      expect(result, argv.join(" ")).toMatchObject({
        exitCode,
        stdout: "",
        stderr: expect.stringContaining(words),
      });
    }
  });

  test("a sign-in endpoint in trouble is tried again, one that is no such service is told apart", async () => {
    const home = await signedInHome();
    home.emulator.setFault({ route: "GetSigninToken", status: 503, times: 2 });
    expect(await home.run(["console", "okta", "--print"])).toMatchObject({ exitCode: 0 });
    home.emulator.setFault({ route: "GetSigninToken", status: 200, body: "{}" });
    expect(await home.run(["console", "okta", "--print"])).toMatchObject({
      exitCode: 6,
      stdout: "",
    });
    expect(
      await home.run(["console", "okta", "--print"], {
        env: { AWS_ENDPOINT_URL_SIGNIN: "http://10.0.0.1" },
      }),
    ).toMatchObject({ exitCode: 7, stderr: expect.stringContaining("AWS_ENDPOINT_URL_SIGNIN") });
  });
});

describe("a role that the portal refuses", () => {
  test("is explained: the account by name, the roles held there, the nearest, and the command that looks again", async () => {
    const home = await signedInHome();
    home.write(".aws/config", SESSION_CONFIG.replace("ViewOnlyAccess", "ViewOnlyAcces"));
    const result = await home.run(["exec", "okta", "--", "true"]);
    expect(result).toMatchObject({ exitCode: 5, stdout: "" });
    expect(result.stderr).toMatch(
      /^latchkey: error: The role ViewOnlyAcces in 100000000001 \(\w+-prod\) is not assigned to you\.\nlatchkey: hint: You hold there: AdministratorAccess, ViewOnlyAccess \(the nearest: ViewOnlyAccess\)\. New access can lag: a group push takes some minutes, and an old browser session hides it\. Look again: latchkey roles 100000000001 --sso-session corp\n$/,
    );
  });

  test("that is listed all the same, and an account of somebody else's, are told apart", async () => {
    const home = await signedInHome();
    home.emulator.deny("100000000001", "ViewOnlyAccess", true);
    expect((await home.run(["export", "okta"])).stderr).toContain(
      "is listed as yours, but the portal refuses it.",
    );
    home.write(".aws/config", SESSION_CONFIG.replace("100000000001", "999999999999"));
    expect((await home.run(["export", "okta"])).stderr).toMatch(
      /The role ViewOnlyAccess in 999999999999 is not assigned to you\.\n.*You hold no role there\./,
    );
  });

  test("stays the refusal that it is where nothing more can be learnt, and soon", async () => {
    const home = await signedInHome();
    home.emulator.unassign("100000000001", "ViewOnlyAccess");
    for (const route of ["ListAccountRoles", "ListAccounts"] as const)
      home.emulator.setFault({ route, status: 503 });
    const started = Date.now();
    const result = await home.run(["export", "okta", "--json"]);
    expect(JSON.parse(result.stdout)).toMatchObject({
      error: {
        code: "ACCESS_DENIED",
        message: "The role ViewOnlyAccess in 100000000001 is not assigned to you.",
        hint: expect.stringContaining("Look again: latchkey roles 100000000001"),
      },
    });
    expect(Date.now() - started).toBeLessThan(15_000);
  });
});
