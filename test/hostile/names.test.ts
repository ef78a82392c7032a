import { expect, test } from "vitest";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { createSignedInHome, runProgram, SESSION_CONFIG } from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";
import { FOREIGN_ROLES } from "../sync/foreign-roles.ts";

/** Kind 1: names that others choose, in lines that a shell runs. */

test.each(["z|>canary", "$(id)", "a`id`", "b;id>x", "a b"])(
  "1.1: the role name %j, which AWS doesn't allow, is refused in every input, and never written",
  async (name) => {
    const home = await createSignedInHome();
    const before = home.read(".aws/config");
    const role = ["--sso-session", "corp", "--account-id", "100000000001", "--role-name", name];
    for (const argv of [
      ["configure", "--profile", "x", ...role, "--form", "credential-process", "--yes"],
      ["credential-process", ...OKTA_ROLE.slice(0, -1), name],
    ]) {
      const result = await home.run(argv);
      expect(result, argv.join(" ")).toMatchObject({ stdout: "" });
      expect([2, 7]).toContain(result.exitCode);
    }
    expect(home.read(".aws/config")).toBe(before);
  },
);

test("1.2: a listed role whose name AWS doesn't allow gets no profile in any form; the others become profiles", async () => {
  const accounts = [
    { accountId: "100000000001", accountName: "a", roles: [...FOREIGN_ROLES, "ViewOnlyAccess"] },
  ];
  for (const form of ["credential-process", "sso-session"]) {
    const home = await createSignedInHome({ org: { accounts } });
    const { add } = await home.runJson<SyncJson>(["profiles", "sync", "--form", form, "--yes"]);
    expect(add.map(({ roleName }) => roleName)).toEqual(["ViewOnlyAccess"]);
    for (const name of FOREIGN_ROLES) expect(home.read(".aws/config")).not.toContain(name);
  }
});

test("1.3: a session name that a shell would run is one word in the written line, for sh and for latchkey", async () => {
  const home = await createSignedInHome();
  const name = "b;echo x>canary";
  home.write(".aws/config", SESSION_CONFIG.replaceAll("corp", name));
  const role = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
  const form = ["--form", "credential-process", "--yes"];
  const argv = ["configure", "--profile", "x", "--sso-session", name, ...role, ...form];
  const configured = await home.run(argv);
  const [, line] =
    /\[profile x\][^[]*credential_process = (.*)/.exec(home.read(".aws/config")) ?? [];
  if (line === undefined) expect(configured).toMatchObject({ exitCode: 2, stdout: "" });
  else await runProgram(["sh", "-c", line], home.env, { cwd: home.path });
  expect(home.exists("canary")).toBe(false);
});
