import { chmodSync } from "node:fs";
import { expect } from "vitest";
import type { Context } from "../../src/context.ts";
import { configureProfile } from "../../src/configure/configure.ts";
import { importProfiles } from "../../src/import/import.ts";
import { syncHeldRoles } from "../../src/sync/sync.ts";
import { createContext } from "../support/context.ts";
import { createEmulatedHome, SESSION_CONFIG, type EmulatedHome } from "../support/emulated-home.ts";
import { NO_SHELL, testOnPosixOnly } from "../support/windows.ts";

/** On Windows cmd.exe tells the short name of the program's folder, which takes time. Here a script stands for it. */

const SHORT = "C:\\PROGRA~1\\latchkey.exe";

function createWindowsContext(home: EmulatedHome): Context {
  const utf16 = SHORT.replaceAll("\\", "\\\\").replace(/\\\\|./g, "$&\\000");
  const ComSpec = home.write(
    "cmd",
    `#!/bin/sh\necho asked >> '${home.path}/asked'\nprintf '${utf16}'\n`,
  );
  chmodSync(ComSpec, 0o755);
  return {
    ...createContext(home, { ComSpec }),
    platform: "win32",
    program: ["C:\\Program Files\\latchkey.exe"],
  };
}

const OPTIONS = { yes: true, force: false, show: () => undefined } as const;
const CREDENTIAL_PROCESS = { form: "credential-process", region: undefined } as const;
const GRANTED = `[profile theirs]
granted_sso_start_url = https://emu.awsapps.com/start
granted_sso_region = us-east-1
granted_sso_account_id = 100000000002
granted_sso_role_name = ViewOnlyAccess
credential_process = granted credential-process --profile theirs
`;

const WRITERS: Readonly<Record<string, (context: Context) => Promise<unknown>>> = {
  configure: (context) =>
    configureProfile(
      context,
      {
        ...CREDENTIAL_PROCESS,
        profile: "new",
        ssoSession: "corp",
        accountId: "100000000001",
        roleName: "ViewOnlyAccess",
      },
      { ...OPTIONS, verify: false, openBrowser: false },
    ),
  "profiles sync": (context) =>
    syncHeldRoles(
      context,
      { form: "credential-process", ssoSession: "corp" },
      {
        items: [
          {
            account: { accountId: "100000000003", accountName: "new", emailAddress: undefined },
            roleName: "ViewOnlyAccess",
          },
        ],
        isWhole: true,
      },
      { ...OPTIONS, prune: false, rename: false, dryRun: false },
    ),
  import: (context) =>
    importProfiles(context, "granted", CREDENTIAL_PROCESS, { ...OPTIONS, dryRun: false }),
};

for (const [command, write] of Object.entries(WRITERS))
  testOnPosixOnly(NO_SHELL)(`${command} asks cmd.exe once`, async () => {
    const home = await createEmulatedHome();
    home.write(".aws/config", `${SESSION_CONFIG}${GRANTED}`);
    await write(createWindowsContext(home));
    expect(home.read(".aws/config")).toContain(
      `credential_process = ${SHORT} credential-process --sso-session `,
    );
    expect(home.read("asked")).toBe("asked\n");
  });
