import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createHome, CORP_TOKEN, SESSION_CONFIG, type Home } from "../support/home.ts";
import { start, waitUntil } from "./support/child.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

/** The sign-in must not depend on a browser, since the code and the URL are on the screen. */

async function createHomeWithOpener(script: string | undefined): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 1 } });
  home.write(".aws/config", SESSION_CONFIG);
  if (script !== undefined) home.write("bin/opener", `#!/bin/sh\n${script}\n`, 0o755);
  return home;
}

async function expectSignedIn(home: Home, env: Record<string, string | undefined>): Promise<void> {
  const ended = await start(home, ["login"], { env }).ended;
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0, stdout: "" });
  expect(ended.stderr).toMatch(/Code {3}[A-Z]{4}-[A-Z]{4}\n {2}Open {3}http/);
  expect(ended.stderr).toContain("Signed in to corp.");
  expect(ended.stderr).not.toMatch(/ENOENT|spawn|noise of the opener/);
  expect(home.exists(CORP_TOKEN)).toBe(true);
}

for (const [what, script] of [
  ["fails at once", 'echo "$@" > "$HOME/opened"; echo noise of the opener >&2; exit 3'],
  ["hangs", 'echo "$@" > "$HOME/opened"; exec sleep 20'],
  [
    "is noisy",
    'echo "$@" > "$HOME/opened"; for i in $(seq 20000); do echo noise of the opener; echo noise of the opener >&2; done',
  ],
  ["kills itself", 'echo "$@" > "$HOME/opened"; kill -9 $$'],
] as const) {
  row(88, `an opener that ${what} neither delays nor disturbs the sign-in`, async () => {
    const home = await createHomeWithOpener(script);
    await expectSignedIn(home, { BROWSER: join(home.path, "bin/opener") });
    expect(
      await waitUntil("the opener's note", () => home.exists("opened") && home.read("opened")),
    ).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/start\/device\?user_code=/);
  });
}

row(
  88,
  "an opener that is missing or not a program does not affect the sign-in",
  async () => {
    for (const browser of ["/nowhere/opener", "opener-of-no-path", "/etc/passwd", "  ", "'", "%s"])
      await expectSignedIn(await createHomeWithOpener(undefined), { BROWSER: browser });
  },
  patience(120_000),
);

row(
  88,
  "with no opener on PATH, over SSH and in a container, the code on the screen is enough",
  async () => {
    const home = await createHomeWithOpener(undefined);
    mkdirSync(join(home.path, "empty"));
    symlinkSync("/bin/false", join(home.path, "empty/uname"));
    await expectSignedIn(home, {
      PATH: join(home.path, "empty"),
      BROWSER: undefined,
      SSH_CONNECTION: "10.0.0.1 22 10.0.0.2 22",
      SSH_TTY: "/dev/pts/9",
      DISPLAY: undefined,
      container: "docker",
    });
  },
);

row(
  88,
  "a link that is not a web address is never passed to an opener",
  async () => {
    for (const verificationUriComplete of [
      "file:///etc/passwd",
      "javascript:alert(1)",
      "--user-data-dir=/tmp",
      "http://10.0.0.1/device",
      "https://a.example/\nb",
    ]) {
      const home = await createHomeWithOpener('echo "$@" > "$HOME/opened"');
      home.emulator.setFault({
        route: "StartDeviceAuthorization",
        body: {
          deviceCode: "code",
          userCode: "ABCD-EFGH",
          verificationUri: verificationUriComplete,
          verificationUriComplete,
          expiresIn: 2,
          interval: 1,
        },
      });
      const ended = await start(home, ["login"], {
        env: { BROWSER: join(home.path, "bin/opener") },
      }).ended;
      expect(ended.exitCode, ended.stderr).not.toBe(0);
      expect(home.exists("opened")).toBe(false);
    }
  },
  patience(120_000),
);
