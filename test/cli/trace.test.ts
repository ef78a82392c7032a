import { describe, expect, test } from "vitest";
import { startConnectProxy } from "../faults/support/raw-servers.ts";
import {
  CORP_TOKEN,
  createSignedInHome,
  listCachedRoleFiles,
  SESSION_CONFIG,
  type Home,
  type TokenFileJson,
} from "../support/home.ts";
import { join } from "node:path";

/** The output of `--debug` and LATCHKEY_DEBUG. */

const ROLE = ["--sso-session", "corp", "--account-id", "100000000001", "--role-name"];
const PROCESS = ["credential-process", ...ROLE, "ViewOnlyAccess"];
const DEBUG = { LATCHKEY_DEBUG: "1" };

/** The lines of the trace, without the time at the start of each. */
function readTrace(stderr: string): string[] {
  return [...stderr.matchAll(/^latchkey: debug: \d+ ms: (.*)$/gm)].map(([, line = ""]) => line);
}

/** Every secret that is in the home now. */
function listSecrets(home: Home): string[] {
  const { accessToken, refreshToken, clientSecret } = home.readJson<TokenFileJson>(CORP_TOKEN);
  const roles = listCachedRoleFiles(home).flatMap((file) => {
    const role = home.readJson<Record<string, string>>(file);
    return [role["secretAccessKey"], role["sessionToken"], role["accessKeyId"]];
  });
  return [accessToken, refreshToken, clientSecret, ...roles].filter(
    (secret) => secret !== undefined,
  );
}

describe("a trace", () => {
  test(
    "shows version, files, decisions and requests with host, path, status and time",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const { stderr, stdout } = await home.run(["whoami", "okta", "--json", "--debug"]);
      const lines = readTrace(stderr);
      expect(lines[0]).toMatch(/^latchkey\/\S+ \w+-\w+ (node|bun)-\S+$/);
      const text = lines.join("\n");
      expect(text).toContain(`read ${join("~", ".aws", "config")}: `);
      expect(text).toMatch(/^read ~[\\/].+[\\/]settings\.json: absent$/m);
      expect(text).toMatch(/^token of corp: use, since it is good for /m);
      expect(text).toMatch(
        /ViewOnlyAccess in 100000000001 of corp: fetch, since nothing is cached$/m,
      );
      expect(text).toMatch(
        /^GET http:\/\/127\.0\.0\.1:\d+\/federation\/credentials direct: HTTP 200, \d+ ms$/m,
      );
      expect(text).toMatch(/^lock on the role .*: taken after \d+ ms$/m);
      expect(JSON.parse(stdout)).toMatchObject({ roleName: "ViewOnlyAccess" });
      // Nothing else is on stderr, and no line is torn.
      expect(stderr.trimEnd().split("\n")).toHaveLength(lines.length);
    },
  );

  test.each([
    ["a word", ["whoami", "okta"], {}, ["profile okta: as named; its session corp"]],
    ["a part of a name", ["whoami", "okt"], {}, ['"okt" means the profile okta']],
    ["a flag", ["export", "--profile", "okta"], {}, ["profile okta: as named; its session corp"]],
    [
      "AWS_PROFILE",
      ["whoami"],
      { AWS_PROFILE: "okta" },
      ["profile okta: by AWS_PROFILE; its session corp"],
    ],
    [
      "AWS_DEFAULT_PROFILE",
      ["exec", "--", "true"],
      { AWS_DEFAULT_PROFILE: "okta" },
      ["profile okta: by AWS_DEFAULT_PROFILE; its session corp"],
    ],
    ["nothing", ["whoami"], {}, ["profile default: since no other is named; its session corp"]],
    [
      "keys in the environment",
      ["whoami", "--offline"],
      { AWS_ACCESS_KEY_ID: "AKIDX", AWS_SECRET_ACCESS_KEY: "SKX", AWS_PROFILE: "okta" },
      ["no profile: AWS_ACCESS_KEY_ID goes before any"],
    ],
    ["the only session", ["accounts"], {}, ["session corp: the only one of the config"]],
    ["a session's flag", ["login", "--sso-session", "corp"], {}, ["session corp: as named"]],
    [
      "a session's word",
      ["login", "cor"],
      {},
      ['"cor" means the session corp', "session corp: as named"],
    ],
    [
      "the session of a profile",
      ["login", "okta"],
      {},
      ['"okta" means the profile okta', "session corp: of the profile okta, as named"],
    ],
    [
      "the session of AWS_PROFILE",
      ["roles"],
      { AWS_PROFILE: "okta" },
      ["session corp: of the profile okta, by AWS_PROFILE"],
    ],
  ])(
    "names the profile, the session and their source: %s",
    { tags: ["long"] },
    async (_, argv, env, lines) => {
      const home = await createSignedInHome();
      if (lines[0]?.includes("default:") === true)
        home.write(".aws/config", SESSION_CONFIG.replace("[profile okta]", "[default]"));
      const { stderr } = await home.run(argv, { env: { ...DEBUG, ...env } });
      expect(readTrace(stderr)).toEqual(expect.arrayContaining(lines));
      expect(stderr).not.toContain("SKX");
    },
  );

  test.each([
    ["by default", [], undefined, "device, by default"],
    ["a setting", [], "pkce", "pkce, by the setting login-flow"],
    ["auto", [], "auto", /(device|pkce), by the setting login-flow \(auto\)/],
    ["a flag that wins", ["--use-device-code"], "pkce", "device, by a flag"],
  ])(
    "names the method of a sign-in and its reason: %s",
    { tags: ["long"] },
    async (_, flags, setting, words) => {
      const home = await createSignedInHome();
      if (setting !== undefined) await home.run(["settings", "login-flow", setting]);
      // If nothing can be registered, the sign-in ends before it waits for a person.
      home.emulator.setFault({ route: "RegisterClient", status: 400 });
      home.emulator.setFault({ route: "StartDeviceAuthorization", status: 400 });
      const argv = ["login", "--force", "--no-browser", ...flags];
      const text = readTrace((await home.run(argv, { env: DEBUG })).stderr).join("\n");
      expect(text).toMatch(words);
      expect(text).toMatch(/^sign-in to corp: .*; opens no browser \([a-z-]+\)$/m);
    },
  );

  test("is printed by credential-process too, whose answer stays the same, cached or not", async () => {
    const home = await createSignedInHome();
    const cold = await home.run(PROCESS, { env: DEBUG });
    const cached = await home.run(PROCESS, { env: DEBUG });
    expect(readTrace(cold.stderr).join("\n")).toContain("fetch, since nothing is cached");
    expect(readTrace(cached.stderr).join("\n")).toContain("use the cached credentials, until ");
    expect(cached.stdout).toBe(cold.stdout);
    expect(await home.run(PROCESS)).toEqual({ ...cached, stderr: "" });
  });

  test.each(["0", "", "false", "no", "off"])("is off if LATCHKEY_DEBUG is %j", async (value) => {
    const home = await createSignedInHome();
    const result = await home.run(["status"], { env: { LATCHKEY_DEBUG: value } });
    expect(result.stderr).not.toContain("latchkey: debug:");
  });

  test("names the proxy without its login, and the exit code of a run", async () => {
    const home = await createSignedInHome();
    const proxy = await startConnectProxy(1, "403 Forbidden");
    const env = {
      ...DEBUG,
      AWS_ENDPOINT_URL_SSO: "https://portal.example",
      HTTPS_PROXY: `http://me:hunter2@${proxy.host}`,
    };
    const { stderr } = await home.run(["accounts", "--timeout", "2"], { env });
    const text = readTrace(stderr).join("\n");
    expect(text).toContain(`through the proxy ${proxy.host}: ERR_PROXY_TUNNEL, `);
    expect(text).toContain("ends with 6 (UNREACHABLE)");
    expect(stderr).not.toMatch(/hunter2|me:/);
  });

  test(
    "contains no secret of a sign-in, a refresh, the roles and a logout",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const secrets = new Set(listSecrets(home));
      const runs: string[] = [];
      for (const argv of [
        ["login", "--force", "--no-browser"],
        ["roles", "--csv"],
        ["export", "okta"],
        ["console", "okta", "--print"],
        ["exec", "okta", "--", "true"],
        PROCESS,
        ["doctor"],
        ["status", "--verify"],
      ]) {
        const { stderr } = await home.run(argv, { env: DEBUG });
        runs.push(stderr);
        for (const secret of listSecrets(home)) secrets.add(secret);
      }
      home.emulator.expireAccessTokens();
      runs.push((await home.run(["accounts"], { env: DEBUG })).stderr);
      for (const secret of listSecrets(home)) secrets.add(secret);
      runs.push((await home.run(["logout"], { env: DEBUG })).stderr);
      const text = runs.join("\n");
      expect(secrets.size).toBeGreaterThan(8);
      expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
      expect(readTrace(text).filter((line) => /\b[A-Z]{4}-[A-Z]{4}\b|\?/.test(line))).toEqual([]);
      expect(text).not.toContain(home.path);
    },
  );
});
