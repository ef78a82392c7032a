import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, type Home } from "../support/home.ts";
import { runAwsCli, readByClients } from "./clients.ts";
import type { ProfileJson } from "../../src/commands/profiles.ts";

/** Configs that latchkey writes: all clients must read the same profiles with the same values. */
const PLACE = ["--start-url", "https://emu.awsapps.com/start", "--sso-region", "us-east-1"];
const ROLE = [
  "--account-id",
  "000000000042",
  "--role-name",
  "ViewOnlyAccess",
  "--region",
  "eu-west-1",
  "--output",
  "json",
  "--yes",
];
const FORMS: Readonly<Record<string, readonly string[]>> = {
  session: ["--sso-session", "corp", ...PLACE],
  legacy: ["--form", "legacy", ...PLACE],
  process: ["--form", "credential-process", "--sso-session", "corp", ...PLACE],
};

const FULL_HOME = [
  "# kept by hand",
  "[default]",
  "region=eu-west-9",
  "s3 =",
  "    max_concurrent_requests = 20",
  "",
  "    addressing_style = path",
  "",
  "[profile spaced]",
  "region           = eu-west-9",
  "cli_pager        =",
  "",
  "[plugins]",
  "cli_legacy_plugin_path = x",
  "",
  "; dead: [profile old]",
  "[services local]",
  "s3 =",
  "  endpoint_url = http://127.0.0.1:9",
  "",
].join("\n");

async function configure(home: Home, profile: string, form: string): Promise<void> {
  const result = await home.run([
    "configure",
    "--profile",
    profile,
    ...(FORMS[form] ?? []),
    ...ROLE,
  ]);
  expect(result.exitCode, result.stderr).toBe(0);
}

/** Returns the profiles, after comparing all readers on the keys that affect a sign-in. JavaScript omits empty values. */
async function readAgreedProfiles(
  home: Home,
  names: readonly string[],
): Promise<Record<string, Record<string, unknown>>> {
  const file = join(home.path, ".aws/config");
  const seen = await readByClients(home, file, names);
  const ours = (await home.runJson<ProfileJson[]>(["profiles"]))
    .map(({ profile }) => profile)
    .toSorted();
  const cli = (await runAwsCli(home, ["configure", "list-profiles"])).stdout
    .trim()
    .split("\n")
    .toSorted();
  expect(cli).toEqual(ours);
  expect(Object.keys(seen.boto3).toSorted()).toEqual(ours);
  expect(Object.keys(seen.JavaScript).toSorted()).toEqual(ours);
  const keys = ["region", "sso_session", "sso_account_id", "sso_role_name", "credential_process"];
  for (const name of names) {
    const readingsOf = (reader: keyof typeof seen) =>
      Object.fromEntries(
        keys.flatMap((key) =>
          seen[reader][name]?.[key] === undefined ? [] : [[key, seen[reader][name][key]]],
        ),
      );
    expect(readingsOf("JavaScript"), name).toEqual(readingsOf("boto3"));
    expect(readingsOf("Go"), name).toEqual(readingsOf("boto3"));
    const region = await runAwsCli(home, ["configure", "get", "region", "--profile", name]);
    expect(region.stdout.trim(), name).toBe(readingsOf("boto3")["region"]);
  }
  return seen.boto3;
}

describe.each([
  ["an empty home", ""],
  ["a home full of other things", FULL_HOME],
  ["the same with CRLF", FULL_HOME.replaceAll("\n", "\r\n")],
])("what latchkey writes to %s", (_, before) => {
  test("is read the same by botocore, JavaScript, Go and the AWS CLI, in all three forms", async () => {
    const home = await createHome();
    if (before !== "") home.write(".aws/config", before);
    for (const form of Object.keys(FORMS)) await configure(home, form, form);
    const profiles = await readAgreedProfiles(home, Object.keys(FORMS));
    expect(profiles["session"]).toMatchObject({
      sso_session: "corp",
      sso_account_id: "000000000042",
      sso_role_name: "ViewOnlyAccess",
      region: "eu-west-1",
      output: "json",
    });
    expect(profiles["process"]).not.toHaveProperty("sso_account_id");
    if (before !== "")
      expect(profiles["default"]).toMatchObject({
        s3: { max_concurrent_requests: "20", addressing_style: "path" },
      });
  });

  test("is read the same after every conversion from one form into another", async () => {
    const home = await createHome();
    if (before !== "") home.write(".aws/config", before);
    for (const form of [
      "session",
      "legacy",
      "process",
      "legacy",
      "session",
      "process",
      "session",
    ]) {
      await configure(home, "okta", form);
      const { okta } = await readAgreedProfiles(home, ["okta"]);
      expect(
        [
          okta?.["sso_session"] !== undefined,
          okta?.["sso_start_url"] !== undefined,
          okta?.["credential_process"] !== undefined,
        ],
        form,
      ).toEqual([form === "session", form === "legacy", form === "process"]);
    }
  });
});
