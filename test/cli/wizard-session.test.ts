import { describe, expect, test } from "vitest";
import { SESSION_CONFIG } from "../support/home.ts";
import { startSession } from "../support/pty.ts";
import { createWizardHome } from "../support/wizard.ts";

describe("the wizard of configure session", () => {
  test(
    "writes one session, and its values are the defaults the next time",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const first = startSession(home, ["configure", "sso-session"]);
      for (const [question, answer] of [
        ["SSO session name", "corp"],
        ["SSO start URL", "https://emu.awsapps.com/start"],
        ["SSO region", "us-east-1"],
        ["SSO registration scopes", ""],
        ["Write this to", "y"],
      ] as const)
        await first.answer(question, answer);
      expect(await first.ended).toBe(0);
      expect(home.read(".aws/config")).toBe(
        "[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n",
      );
      const second = startSession(home, ["configure", "session"]);
      for (const [question, answer] of [
        ["SSO session name", "corp"],
        ["(https://emu.awsapps.com/start)", ""],
        ["(us-east-1)", ""],
        ["(sso:account:access)", "sso:account:access, a:b"],
        ["Write this to", "y"],
      ] as const)
        await second.answer(question, answer);
      expect(await second.ended).toBe(0);
      expect(home.read(".aws/config")).toContain(
        "sso_registration_scopes = sso:account:access, a:b\n",
      );
    },
  );

  test(
    "by flags it moves a session only with --force, and then deletes its cached role credentials",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      home.write(".aws/config", SESSION_CONFIG);
      await home.run(["login", "--no-browser"]);
      await home.run(["credential-process", "--profile", "okta"]);
      const move = [
        "configure",
        "session",
        "--sso-session",
        "corp",
        "--sso-region",
        "eu-central-1",
        "--yes",
      ];
      expect(await home.run(move)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("--force"),
      });
      expect(home.list(".aws/latchkey/role-credentials")).toHaveLength(1);
      expect(await home.runJson([...move, "--force"])).toMatchObject({
        session: "corp",
        changes: [
          {
            section: "sso-session corp",
            key: "sso_region",
            before: "us-east-1",
            after: "eu-central-1",
          },
        ],
      });
      expect(home.list(".aws/latchkey/role-credentials")).toEqual([]);
      expect(await home.run(["configure", "session", "--yes"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("--sso-session"),
      });
    },
  );
});
