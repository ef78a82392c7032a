import { expect } from "vitest";
import { parseOutput, type Home } from "../../support/home.ts";
import { OKTA_ROLE } from "../../support/session-config.ts";
import type { Root } from "./root.ts";

/** Tests the daily use of a package's installed program. */

/** The path of the installed program. */
const PROGRAM = "/usr/bin/latchkey";

export async function expectProgramToWork(
  root: Root,
  home: Home,
  installedBy: string,
): Promise<void> {
  const latchkey = async (...argv: string[]): Promise<string> =>
    (await root.succeed(["latchkey", ...argv])).stdout;

  expect(await latchkey("--version")).toMatch(/^latchkey\/\S+ linux-\w+ bun-\S+\n$/);
  expect(JSON.parse(await latchkey("update", "--json"))).toMatchObject({ installedBy });
  expect((await latchkey("demo")).trimEnd().split("\n").at(-1)).toMatch(
    /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_/,
  );

  await latchkey(...configure(home));
  expect(home.read(".aws/config")).toContain(
    `credential_process = ${PROGRAM} credential-process --sso-session corp`,
  );
  await latchkey("login", "--sso-session", "corp", "--no-browser");
  await latchkey("settings", "default-region", "eu-west-1");
  expect(await latchkey("settings")).toMatch(/^default-region +eu-west-1 +setting /m);

  const line = /^credential_process = (.*)$/m.exec(home.read(".aws/config"))?.[1] ?? "";
  const credentials = await root.succeed(line.split(" "));
  expect(parseOutput(credentials)).toMatchObject({ Version: 1, AccessKeyId: expect.any(String) });
  expect(await latchkey("whoami", "--profile", "okta")).toContain("AWSReservedSSO_ViewOnlyAccess_");
}

function configure({ emulator }: Home): string[] {
  const session = [...OKTA_ROLE, "--start-url", emulator.startUrl, "--sso-region", emulator.region];
  const form = ["--form", "credential-process", "--yes"];
  return ["configure", "--profile", "okta", ...session, ...form];
}

export async function expectManPages(root: Root): Promise<void> {
  const asked = { env: { MANPAGER: "cat", MANWIDTH: "80" } };
  expect((await root.succeed(["man", "latchkey"], asked)).stdout).toContain("NAME");
  expect((await root.succeed(["man", "latchkey-login"], asked)).stdout).toMatch(/--sso-session/);
}

/**
 * Expects that each shell finds its completion file at the distribution's path.
 * @param zshFolder the folder that zsh reads on the package's distribution, if it differs from Debian's
 */
export async function expectCompletions(root: Root, zshFolder = ""): Promise<void> {
  expect((await root.succeed(["bash", "--norc", "-c", BASH])).stdout).toBe("whoami\n");
  expect((await root.succeed(["zsh", "-f", "-c", ZSH, "zsh", zshFolder])).stdout).toBe(
    "_latchkey\n",
  );
  const fish = await root.succeed(["fish", "-c", 'complete -C "latchkey whoa"']);
  expect(fish.stdout).toMatch(/^whoami\t/);
}

/** Does the same as Tab after `latchkey whoa`. */
const BASH = `
. /usr/share/bash-completion/bash_completion
{ _comp_load latchkey || _completion_loader latchkey; } 2>/dev/null
COMP_LINE='latchkey whoa' COMP_POINT=13 COMP_WORDS=(latchkey whoa) COMP_CWORD=1
_latchkey
printf '%s\\n' "\${COMPREPLY[@]%% }"`;

const ZSH = "fpath+=($1); autoload -Uz compinit && compinit -D && print $_comps[latchkey]";
