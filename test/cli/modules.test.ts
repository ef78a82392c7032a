import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { federatedHome, oktaMetadata, TOKEN, USER } from "../support/federation.ts";
import { CORP_TOKEN, createHome, expireTokenFile, SESSION_CONFIG, signedInHome, type Home } from "../support/home.ts";

/** The AWS clients and other packages that a run of the program has loaded when it ends, CommonJS and ES modules. */
async function packagesOf(home: Home, argv: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const spy = home.write("spy.cjs", `
    const loaded = [];
    require("node:module").registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    process.on("exit", () => require("node:fs").writeFileSync(process.env.SPY, loaded.join("\\n")));
  `);
  const { exitCode, stderr } = await home.run(argv, { env: { ...more, NODE_OPTIONS: `--require ${spy}`, SPY: join(home.path, "loaded") } });
  expect(exitCode, stderr).toBe(0);
  const names = [...home.read("loaded").matchAll(/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//g)].map((match) => match[1] ?? "");
  return [...new Set(names)].filter((name) => /^@aws-sdk\/(client|credential-providers)|^@oclif\/core$|^@inquirer\/prompts$|^(conf|open|ini|fast-xml-parser)$/.test(name)).toSorted();
}

const ROLE = ["credential-process", "--sso-session", "corp", "--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];

describe("what a run loads", () => {
  test("credential-process loads nothing hot, the portal's client cold, and the token client only for a refresh", async () => {
    const home = await signedInHome();
    expect(await packagesOf(home, ROLE)).toEqual(["@aws-sdk/client-sso", "@oclif/core"]);
    expect(await packagesOf(home, ROLE)).toEqual([]);
    expireTokenFile(home, CORP_TOKEN);
    expect(await packagesOf(home, ["credential-process", "--sso-session", "corp", "--account-id", "100000000002", "--role-name", "ViewOnlyAccess"])).toEqual(["@aws-sdk/client-sso", "@aws-sdk/client-sso-oidc", "@oclif/core"]);
  });

  test("configure loads nothing but oclif, also where it reads the settings; to write one loads their library", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const role = ["--sso-session", "corp", "--account-id", "100000000002", "--role-name", "ViewOnlyAccess", "--yes"];
    expect(await packagesOf(home, ["configure", "--profile", "fresh", ...role])).toEqual(["@oclif/core"]);
    expect(await packagesOf(home, ["settings", "default-region", "eu-west-1"])).toEqual(["@oclif/core", "conf"]);
  });

  test("each federation command loads the administrator's clients that it calls, and no other", async () => {
    const home = await federatedHome();
    const env = { ...home.emulator.administratorEnv, AWS_REGION: "us-east-1", LATCHKEY_SCIM_TOKEN: TOKEN };
    const loaded = async (...argv: string[]) => (await packagesOf(home, ["federation", ...argv], env)).filter((name) => name !== "@oclif/core").map((name) => name.replace("@aws-sdk/client-", ""));
    expect(await loaded("policy")).toEqual([]);
    expect(await loaded("metadata", home.write("okta.xml", oktaMetadata()))).toEqual(["fast-xml-parser"]);
    expect(await loaded("scim", "--endpoint", home.emulator.scimEndpoint)).toEqual([]);
    expect(await loaded("why", "login")).toEqual(["cloudtrail"]);
    expect(await loaded("check", "--user", USER)).toEqual(["identitystore", "sso-admin"]);
  });

  test("whoami loads STS, accounts the portal's client; status, help, and exec and export of cached credentials none", async () => {
    const home = await signedInHome();
    expect(await packagesOf(home, ["whoami", "okta"])).toEqual(["@aws-sdk/client-sso", "@aws-sdk/client-sts", "@oclif/core"]);
    expect(await packagesOf(home, ["export", "okta"])).toEqual(["@oclif/core"]);
    expect(await packagesOf(home, ["exec", "okta", "--", "true"])).toEqual(["@oclif/core"]);
    expect(await packagesOf(home, ["shell-init", "bash"])).toEqual(["@oclif/core"]);
    expect(await packagesOf(home, ["accounts"])).toEqual(["@aws-sdk/client-sso", "@oclif/core"]);
    expect(await packagesOf(home, ["status"])).toEqual(["@oclif/core"]);
    expect(await packagesOf(await createHome(), ["login", "--help"])).toEqual(["@oclif/core"]);
  });
});
