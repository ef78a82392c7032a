import { chmodSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createHome,
  runProgram,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { ENTER, startTerminal, type Session } from "../support/pty.ts";
import { CANARY, installProgram, runInBash } from "../support/shell.ts";
import { patience } from "../support/patience.ts";
import { isOnWindows } from "../support/windows.ts";

const TWO_PROFILES = `${SESSION_CONFIG}[profile prod]\nsso_session = corp\nsso_account_id = 100000000002\nsso_role_name = AdministratorAccess\nregion = us-east-2\n[profile plain]\nrole_arn = arn:aws:iam::100000000009:role/X\nsource_profile = okta\n`;

const SHOW = 'echo "${AWS_PROFILE-none} ${AWS_REGION-none} ${AWS_DEFAULT_REGION-none}"';

describe("use, in a shell with the hook", () => {
  test.each(["bash", "dash"])(
    "%s: sets the profile and both regions, goes back, and back to none",
    { tags: ["long"] },
    async (shell) => {
      const home = await createSignedInHome();
      home.write(".aws/config", TWO_PROFILES);
      const script = [
        "latchkey use okta",
        SHOW,
        "latchkey assume prod",
        SHOW,
        "latchkey use -",
        SHOW,
        "latchkey use plain",
        SHOW,
        "latchkey use --unset",
        SHOW,
        "latchkey use -",
        SHOW,
      ].join("\n");
      const { stdout, stderr, exitCode } = await runInBash(home, script, {}, shell);
      expect([exitCode, stdout.trimEnd().split("\n")], stderr).toEqual([
        0,
        [
          "okta eu-west-1 eu-west-1",
          "prod us-east-2 us-east-2",
          "okta eu-west-1 eu-west-1",
          "plain none none",
          "none none none",
          "plain none none",
        ],
      ]);
      expect(home.list(".").filter((name) => name.startsWith("latchkey."))).toEqual([]);
    },
  );

  test(
    "passes its exit code, --help, --json and every other command through, also under set -eu",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const { stdout, stderr } = await runInBash(
        home,
        `latchkey use nope; echo "code $?"; ${SHOW}; latchkey use --json okta; latchkey use --help | head -n 1; latchkey export nope; echo "code $?"; set -eu; latchkey use okta; ${SHOW}`,
      );
      expect(stdout).toBe(
        'code 7\nnone none none\n{\n  "profile": "okta"\n}\nSwitch the profile of this shell\ncode 7\nokta eu-west-1 eu-west-1\n',
      );
      expect(stderr).toContain("Known names: okta");
    },
  );

  test("keeps the region that a user has set if the profile has none", async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", TWO_PROFILES);
    expect(
      (await runInBash(home, `latchkey use plain; ${SHOW}`, { AWS_REGION: "ap-south-1" })).stdout,
    ).toBe("plain ap-south-1 none\n");
  });

  test(
    "reports credentials in the environment that would win, and unsets them on request",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const env = {
        AWS_ACCESS_KEY_ID: "AKIDOLD",
        AWS_SECRET_ACCESS_KEY: "old",
        AWS_SESSION_TOKEN: "old",
      };
      const keys = 'echo "${AWS_ACCESS_KEY_ID-none} ${AWS_SESSION_TOKEN-none}"';
      const warned = await runInBash(home, `latchkey use okta; ${keys}`, env);
      expect(warned.stdout).toBe("AKIDOLD old\n");
      expect(warned.stderr).toContain(
        "latchkey: notice: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN are set, and AWS clients take them before any profile. To unset them: latchkey use --unset-credentials",
      );
      expect(
        (await runInBash(home, `latchkey use okta --unset-credentials; ${keys}`, env)).stdout,
      ).toBe("none none\n");
    },
  );

  test(
    "reports if the session of the profile, or of its source profile, needs a sign-in",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      home.write(".aws/config", SESSION_CONFIG);
      const { stdout, stderr } = await runInBash(home, `latchkey use okta; ${SHOW}`);
      expect(stdout).toBe("okta eu-west-1 eu-west-1\n");
      const said = "latchkey: notice: not signed in: latchkey login --sso-session corp";
      expect(stderr).toContain(said);
      const role = "[profile deploy]\nrole_arn = arn:aws:iam::100000000003:role/Deploy\n";
      home.write(".aws/config", `${SESSION_CONFIG}${role}source_profile = okta\n`);
      expect((await runInBash(home, "latchkey use deploy")).stderr).toContain(said);
    },
  );

  test("runs nothing of a hostile name, and uses it unchanged", { tags: ["long"] }, async () => {
    const home = await createHome();
    const names = [
      `$(touch ${CANARY})`,
      `';touch ${CANARY};'`,
      `"; touch ${CANARY}; "`,
      `\`touch ${CANARY}\``,
      "it's",
      "a\\b",
    ];
    home.write(
      ".aws/credentials",
      names
        .map((name) => `[${name}]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n`)
        .join(""),
    );
    home.write(".aws/config", "");
    const directory = mkdtempSync(join(tmpdir(), "latchkey-cwd-"));
    try {
      for (const name of names) {
        const { stdout, stderr } = await runInBash(
          home,
          `cd ${directory}; latchkey use "$NAME" && [ "$AWS_PROFILE" = "$NAME" ] && echo same && latchkey_prompt`,
          { NAME: name },
        );
        expect(stdout, `${name}: ${stderr}`).toBe(`same\naws:${name}`);
      }
      expect([home.exists(CANARY), (await runProgram(["ls", directory], home.env)).stdout]).toEqual(
        [false, ""],
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe("use, without the hook", () => {
  test.each([
    ["/bin/bash", "~/.bashrc", 'eval "$(latchkey shell-init bash)"'],
    ["/usr/bin/zsh", "~/.zshrc", 'eval "$(latchkey shell-init zsh)"'],
    ["/usr/bin/fish", "~/.config/fish/config.fish", "latchkey shell-init fish | source"],
  ])("gives the line for %s, and exits 2", async (SHELL, file, line) => {
    const home = await createSignedInHome();
    const result = await home.run(["use", "okta"], { env: { SHELL } });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(
      `latchkey: hint: Put this line into ${file}, and run it once here: ${line}\n`,
    );
  });

  test(
    "writes only to an empty file of this user that the hook has made",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const precious = home.write("precious", "mine");
      // Creating a link needs a privilege on Windows.
      if (!isOnWindows) symlinkSync(precious, join(home.path, "link"));
      for (const [file, exitCode] of [
        [precious, 2],
        ...(isOnWindows ? [] : [[join(home.path, "link"), 8] as const]),
        [join(home.path, "absent"), 8],
      ] as const) {
        const env = { LATCHKEY_SHELL: "bash", LATCHKEY_SHELL_FILE: file };
        expect((await home.run(["use", "okta"], { env })).exitCode, file).toBe(exitCode);
      }
      expect(home.read("precious")).toBe("mine");
      expect(home.exists("absent")).toBe(false);
    },
  );

  test("shell-init accepts its shells only", { tags: ["long"] }, async () => {
    const home = await createHome();
    for (const shell of ["bash", "zsh", "fish", "powershell", "nushell"])
      expect(await home.run(["shell-init", shell]), shell).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("latchkey_prompt"),
      });
    expect(await home.run(["shell-init", "tcsh"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("bash, zsh, fish, powershell or nushell"),
    });
  });
});

describe("the picker", () => {
  const begin = async (
    home: Home,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Session> => {
    home.write("rc", 'PS1="READY> "\neval "$(latchkey shell-init bash)"\n');
    const shell = startTerminal(
      home,
      ["bash", "--noprofile", "--rcfile", join(home.path, "rc"), "-i"],
      100,
      { PATH: installProgram(home), ...env },
    );
    await shell.see("READY> ");
    return shell;
  };

  const waitForEnd = async (shell: Session): Promise<number> => {
    shell.type(`exit 0${ENTER}`);
    return shell.ended;
  };

  test(
    "filters by several words in any order, shows the matches, and lists the most and last used first",
    { tags: ["long"], timeout: patience(60_000) },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", TWO_PROFILES);
      await home.run(["accounts"]);
      const shell = await begin(home);
      shell.type(`latchkey use${ENTER}`);
      await shell.see(/okta +\S+ +ViewOnlyAccess +eu-west-1/);
      shell.type("east adm");
      await shell.see(/east adm[^]*prod +\S+ +AdministratorAccess +us-east-2/);
      // The line of the filter is drawn before the filtered list.
      await expect.poll(() => shell.readRaw()).toContain("\u001b[4mAdm\u001b[24m");
      shell.type(ENTER);
      await shell.see("This shell uses prod in us-east-2 now.");
      await shell.see("READY> ");
      shell.type(`echo "=$AWS_PROFILE=$AWS_REGION="${ENTER}`);
      await shell.see("=prod=us-east-2=");
      // Used once, prod is now listed before the first profile of the file.
      shell.type(`latchkey use${ENTER}`);
      await shell.see(/Profile[^]*prod [^]*okta /);
      expect(shell.readText()).toContain(">* prod");
      shell.type(ENTER);
      await shell.see("This shell uses prod in us-east-2 now.");
      expect(await waitForEnd(shell)).toBe(0);
      expect(JSON.parse(home.read(".aws/latchkey/usage/profiles.json"))).toMatchObject({
        version: 1,
        profiles: [{ profile: "prod", uses: 2 }],
      });
    },
  );

  test(
    "offers to unset the credentials that would win, and Ctrl-C changes nothing",
    { tags: ["long"], timeout: patience(60_000) },
    async () => {
      const home = await createSignedInHome();
      const shell = await begin(home, {
        AWS_ACCESS_KEY_ID: "AKIDOLD",
        AWS_SECRET_ACCESS_KEY: "old",
        PATH: installProgram(home),
      });
      shell.type(`latchkey use okta${ENTER}`);
      await shell.see("Unset them in this shell?");
      shell.type("\u0003");
      await shell.see("READY> ");
      shell.type(`echo "=$?=$AWS_ACCESS_KEY_ID=\${AWS_PROFILE-none}="${ENTER}`);
      await shell.see("=130=AKIDOLD=none=");
      shell.type(`latchkey use okta${ENTER}`);
      await shell.answer("Unset them in this shell?", "y");
      await shell.see("This shell uses okta in eu-west-1 now.");
      shell.type(`echo "=\${AWS_ACCESS_KEY_ID-none}=$AWS_PROFILE="${ENTER}`);
      await shell.see("=none=okta=");
      await waitForEnd(shell);
    },
  );

  test("works if it can't write any file of its own", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    home.write(".aws/latchkey/usage/profiles.json", "{ damaged");
    chmodSync(join(home.path, ".aws/latchkey/usage"), 0o500);
    const { exitCode, stdout } = await runInBash(home, `latchkey use okta; ${SHOW}`);
    expect([exitCode, stdout]).toEqual([0, "okta eu-west-1 eu-west-1\n"]);
  });
});
