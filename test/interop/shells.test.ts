import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { formatChanges } from "../../src/text/shell-words.ts";
import { requireParts } from "../support/interop-parts.ts";
import {
  createHome,
  parseOutput,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { ENTER, startTerminal } from "../support/pty.ts";
import { CANARY, listHostileTexts, installProgram } from "../support/shell.ts";
import { AWS, clientEnvironment } from "./clients.ts";
import type { ProcessCredentialsJson } from "../../src/model/role.ts";
import { patience } from "../support/patience.ts";

/** Debian's real shells, each in a terminal with the hook in its start file. */
interface RealShell {
  readonly name: "bash" | "zsh" | "fish";
  readonly program: string;
  readonly startFile: string;
  readonly start: string;
  readonly argv: readonly string[];
}

const PROMPT = "READY> ";
const SHELLS: readonly RealShell[] = [
  {
    name: "bash",
    program: "/bin/bash",
    startFile: ".bashrc",
    start: `PS1='$(latchkey_prompt) ${PROMPT}'\neval "$(latchkey shell-init bash)"\n`,
    argv: ["--noprofile", "-i"],
  },
  {
    name: "zsh",
    program: "/usr/bin/zsh",
    startFile: ".zshrc",
    start: `setopt prompt_subst rc_quotes\nPROMPT='$(latchkey_prompt) ${PROMPT}'\neval "$(latchkey shell-init zsh)"\n`,
    argv: ["-i"],
  },
  {
    name: "fish",
    program: "/usr/bin/fish",
    startFile: ".config/fish/config.fish",
    start: `set -g fish_greeting\nlatchkey shell-init fish | source\nfunction fish_prompt; printf '%s ${PROMPT}' (latchkey_prompt); end\n`,
    argv: ["-i"],
  },
];

beforeAll(() => {
  requireParts(AWS, ...SHELLS.map(({ program }) => program), "/usr/bin/dash");
});

/** Returns an environment in which `aws` is Debian's, without AWS_REGION, which the shell will set. */
function shellEnvironment(home: Home): Record<string, string> {
  const { AWS_REGION: _region, ...env } = clientEnvironment(home);
  const path = installProgram(home);
  symlinkSync(AWS, join(home.path, "bin", "aws"));
  return { ...env, PATH: path, TERM: "xterm" };
}

async function begin(home: Home, shell: RealShell) {
  mkdirSync(join(home.path, ".config/fish"), { recursive: true });
  home.write(shell.startFile, shell.start);
  const session = startTerminal(home, [shell.program, ...shell.argv], 160, shellEnvironment(home));
  await session.see(PROMPT);
  const say = async (line: string, words: RegExp | string): Promise<void> => {
    session.type(`${line}${ENTER}`);
    await session.see(words);
    await session.see(PROMPT);
  };
  return { session, say };
}

const PROD =
  "[profile prod]\nsso_session = corp\nsso_account_id = 100000000002\nsso_role_name = AdministratorAccess\nregion = us-east-2\n";
const WHO = "aws sts get-caller-identity --query Arn --output text";

describe.each(SHELLS)("$name with the hook in $startFile", (shell) => {
  test(
    "use okta; aws sts get-caller-identity answers as that role; use - goes back",
    { timeout: patience(120_000) },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", `${SESSION_CONFIG}${PROD}`);
      const { session, say } = await begin(home, shell);
      await say(
        `latchkey use prod; ${WHO}`,
        /assumed-role\/AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}\/okta\.user/,
      );
      await say(
        `latchkey use okta; ${WHO}`,
        /arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user/,
      );
      await say("", "aws:okta@eu-west-1");
      await say(
        `latchkey use -; echo "=$AWS_PROFILE=$AWS_REGION=$AWS_DEFAULT_REGION="`,
        "=prod=us-east-2=us-east-2=",
      );
      await say(WHO, /arn:aws:sts::100000000002:assumed-role\/AWSReservedSSO_AdministratorAccess_/);
      await say(`latchkey use --unset; echo "=$AWS_PROFILE=$AWS_REGION="`, "===");
      await say(
        `latchkey use nope; echo "code $${shell.name === "fish" ? "status" : "?"}"`,
        "code 7",
      );
      await say(`latchkey use --help`, "Switch the profile of this shell");
      expect(
        home.emulator.journal
          .entries({ route: "GetCallerIdentity", status: 200 })
          .map(({ arn }) => /_(\w+)_/.exec(arn?.replace(/^.*SSO/, "") ?? "")?.[1]),
      ).toEqual(["AdministratorAccess", "ViewOnlyAccess", "AdministratorAccess"]);
      session.type(`exit 0${ENTER}`);
      expect(await session.ended).toBe(0);
      expect(home.list(".").filter((name) => name.startsWith("latchkey."))).toEqual([]);
    },
  );

  test(
    "shows the picker, and runs no part of hostile names, from the file to the prompt",
    { timeout: patience(120_000) },
    async () => {
      const home = await createHome();
      const canary = join(home.path, CANARY);
      const names = [
        `$(touch ${canary})`,
        `\`touch ${canary}\``,
        `';touch ${canary};'`,
        `";touch ${canary};"`,
        `\\';touch ${canary}`,
        `%{$(touch ${canary})%}%n`,
        "it's \\ %",
      ];
      home.write(".aws/config", "");
      home.write(
        ".aws/credentials",
        names
          .map((name) => `[${name}]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n`)
          .join(""),
      );
      const { session, say } = await begin(home, shell);
      for (const [index, name] of names.entries()) {
        session.type(`latchkey use${ENTER}`);
        await session.see("Profile");
        session.type(name);
        await new Promise((resolve) => setTimeout(resolve, 300));
        session.type(ENTER);
        await session.see("This shell uses");
        // The prompt shows the name itself, and every command line after it still works.
        await session.see(`aws:${name} ${PROMPT}`);
        await say(`printf '=%s=%s=\\n' ${index} "$AWS_PROFILE"`, `=${index}=${name}=`);
      }
      expect(home.exists(CANARY)).toBe(false);
      session.type(`exit 0${ENTER}`);
      expect(await session.ended).toBe(0);
    },
  );
});

describe.each([
  ["bash", "bash"],
  ["dash", "bash"],
  ["zsh", "zsh"],
  ["fish", "fish"],
] as const)("%s", (program, shell) => {
  test("returns every hostile text unchanged", async () => {
    const home = await createHome();
    const texts = listHostileTexts(home);
    const script = texts
      .map((text) => `${formatChanges(shell, new Map([["VALUE", text]]))}printf '%s\\0' "$VALUE"\n`)
      .join("");
    for (const options of program === "zsh"
      ? [[], ["-o", "rc_quotes"], ["-o", "ksh_arrays", "-o", "sh_word_split"]]
      : [[]]) {
      const out = execFileSync(program, [...options, "-c", script], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
        env: { PATH: process.env["PATH"], HOME: home.path },
      });
      expect(out.split("\0").slice(0, -1)).toEqual(texts);
    }
    expect(home.exists(CANARY)).toBe(false);
  });

  test("evaluates what export prints for it", async () => {
    const home = await createSignedInHome();
    const { stdout } = await home.run([
      "export",
      "okta",
      "--format",
      shell === "fish" ? "fish" : "env",
    ]);
    const seen = execFileSync(
      program,
      ["-c", `${stdout}printf '%s %s' "$AWS_ACCESS_KEY_ID" "$AWS_CREDENTIAL_EXPIRATION"`],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
        env: { PATH: process.env["PATH"], HOME: home.path },
      },
    );
    const { AccessKeyId, Expiration } = parseOutput<ProcessCredentialsJson>(
      await home.run(["export", "okta"]),
    );
    expect(seen).toBe(`${AccessKeyId} ${Expiration}`);
  });
});
