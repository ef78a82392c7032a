import { describe, expect, test } from "vitest";
import { SESSION_CONFIG } from "../support/home.ts";
import { createWizardHome } from "../support/wizard.ts";

describe("configure", () => {
  test(
    "--verify refuses a role that does not exist, and lists the existing ones",
    { tags: ["long"] },
    async () => {
      const home = await createWizardHome();
      const flags = [
        "configure",
        "--profile",
        "p",
        "--sso-session",
        "corp",
        "--start-url",
        "https://emu.awsapps.com/start",
        "--sso-region",
        "us-east-1",
        "--account-id",
        "100000000001",
        "--yes",
        "--verify",
        "--no-browser",
      ];
      // Without a terminal, no sign-in is required.
      expect(await home.run([...flags, "--role-name", "Billing"])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining(
          "Run it without --verify first, sign in (latchkey login --sso-session corp)",
        ),
      });
      expect(home.emulator.journal.entries()).toEqual([]);
      home.write(".aws/config", SESSION_CONFIG);
      await home.run(["login", "--no-browser"]);
      const written = home.read(".aws/config");
      const refused = await home.run([...flags, "--role-name", "ViewOnlyAcces"]);
      expect(refused).toMatchObject({
        exitCode: 5,
        stderr: expect.stringContaining("Your roles there: ViewOnlyAccess"),
      });
      expect(home.read(".aws/config")).toBe(written);
      expect(await home.run([...flags, "--role-name", "Billing"])).toMatchObject({ exitCode: 0 });
    },
  );
});
