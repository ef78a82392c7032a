import { describe, expect, test } from "vitest";
import { listCachedRoleFiles, createHome, sessionConfig, SESSION_CONFIG } from "../support/home.ts";

const CONFIG = ".aws/config";
const SESSION = ["configure", "session", "--sso-session", "corp"];
const ROLE = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
const CREDENTIALS = ["credential-process", "--sso-session", "corp", ...ROLE];

describe("profiles undo of a changed session", () => {
  test.each([
    ["to another start URL", sessionConfig("100000000001", "https://other.awsapps.com/start"), 4],
    ["to another region", SESSION_CONFIG.replace("sso_region = us", "sso_region = sa"), 4],
    ["to no session", "[default]\nregion = x\n", 7],
  ])(
    "%s deletes the cached roles of the undone target, and serves none of them",
    { tags: ["long"] },
    async (_, before, exitCode) => {
      const home = await createHome({ autoApprove: { afterPolls: 0 } });
      home.write(CONFIG, before);
      const here = ["--start-url", "https://emu.awsapps.com/start", "--sso-region", "us-east-1"];
      const moved = await home.run([...SESSION, ...here, "--force", "--yes"]);
      expect(moved, moved.stderr).toMatchObject({ exitCode: 0 });
      await home.run(["login", "--no-browser"]);
      const served = await home.run(CREDENTIALS);
      expect(served, served.stderr).toMatchObject({ exitCode: 0 });
      expect(listCachedRoleFiles(home)).toHaveLength(1);
      expect(await home.runJson(["profiles", "undo"])).toMatchObject({ restored: true });
      expect(home.read(CONFIG)).toBe(before);
      expect(listCachedRoleFiles(home)).toEqual([]);
      expect(await home.run(CREDENTIALS)).toMatchObject({ exitCode, stdout: "" });
    },
  );

  test("keeps the cached roles of a session that does not change", { tags: ["long"] }, async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(CONFIG, SESSION_CONFIG);
    await home.run(["login", "--no-browser"]);
    const served = await home.run(CREDENTIALS);
    const scopes = ["--sso-registration-scopes", "sso:account:access,other:scope"];
    const changed = await home.run([...SESSION, ...scopes, "--force", "--yes"]);
    expect(changed, changed.stderr).toMatchObject({ exitCode: 0 });
    expect(await home.runJson(["profiles", "undo"])).toMatchObject({ restored: true });
    expect(home.read(CONFIG)).toBe(SESSION_CONFIG);
    expect(listCachedRoleFiles(home)).toHaveLength(1);
    expect(await home.run(CREDENTIALS)).toEqual(served);
  });
});
