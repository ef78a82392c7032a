import { expect, test } from "vitest";
import { createHome, SESSION_CONFIG } from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

const LINE = ["credential-process", ...OKTA_ROLE];

test("Windows' Credential Manager holds the key for login, credential-process cold and hot, and logout; no secret is in a file", async () => {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  home.write(".aws/config", SESSION_CONFIG);
  for (const argv of [
    ["settings", "storage", "keychain"],
    ["login", "--no-browser"],
  ])
    expect(await home.run(argv), argv.join(" ")).toMatchObject({ exitCode: 0 });
  expect(home.list(".aws/sso/cache")).toEqual([]);
  expect(home.list(".aws/latchkey/vault/tokens")).toHaveLength(1);
  home.emulator.journal.clear();
  const [cold, hot] = [await home.run(LINE), await home.run(LINE)];
  expect(cold).toMatchObject({ exitCode: 0, stderr: "" });
  expect(hot).toEqual(cold);
  expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
  const { SecretAccessKey } = JSON.parse(cold.stdout) as { SecretAccessKey: string };
  for (const folder of home.list(".aws/latchkey/vault/role-credentials"))
    for (const file of home.list(`.aws/latchkey/vault/role-credentials/${folder}`))
      expect(home.read(`.aws/latchkey/vault/role-credentials/${folder}/${file}`)).not.toContain(
        SecretAccessKey,
      );
  expect(await home.run(["logout"])).toMatchObject({ exitCode: 0 });
  expect(home.list(".aws/latchkey/vault/tokens")).toEqual([]);
  expect(await home.run(LINE)).toMatchObject({ exitCode: 4, stdout: "" });
});
