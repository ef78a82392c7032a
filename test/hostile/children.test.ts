import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { copyText } from "../../src/terminal/desktop/clipboard.ts";
import { startSilentBus } from "../faults/support/secret-service.ts";
import { start } from "../faults/support/child.ts";
import { createSignedInHome, isStandalone, testOnPosixOnly, type Home } from "../support/home.ts";
import { NO_SHELL } from "../support/windows.ts";
import { quoteShellWord } from "../../src/text/shell-words.ts";

/** Kind 3, children: programs that latchkey starts get neither its secrets nor credentials that they do not need. */

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "AKIASTALE",
  AWS_SECRET_ACCESS_KEY: "stale-secret",
  AWS_SESSION_TOKEN: "stale-token",
  AWS_SECURITY_TOKEN: "stale-token",
  AWS_BEARER_TOKEN_BEDROCK: "stale-bearer",
  AWS_CONTAINER_AUTHORIZATION_TOKEN: "stale-container",
};
/** Variables that Bun obeys. The standalone program refuses some of them; Bun applies others before the program starts. */
const ORDERS = {
  ...(isStandalone ? {} : { BUN_INSPECT: "127.0.0.1:1", BUN_INSPECT_PRELOAD: "/nowhere.js" }),
  BUN_INSPECT_NOTIFY: "unix:///nowhere",
  BUN_OPTIONS: "--smol",
};
const KEPT = { NODE_EXTRA_CA_CERTS: "", NODE_OPTIONS: "--no-warnings", OTHER_TOKEN: "theirs" };
const SET = { ...CREDENTIALS, ...ORDERS, ...KEPT, LATCHKEY_SCIM_TOKEN: "scim-CANARY" };

/** Creates a program that writes its environment to a file in the home. */
function createDumper(home: Home, name: string): string {
  const script = `#!/bin/sh\nenv >"${home.path}/dumped.part"; mv "${home.path}/dumped.part" "${home.path}/dumped"\necho 1.0\n`;
  const path = home.write(`dump/${name}`, script);
  chmodSync(path, 0o755);
  return path;
}

const withDumper = (home: Home): string =>
  `${join(home.path, "dump")}${delimiter}${home.env["PATH"]}`;

async function readDumped(home: Home): Promise<Record<string, string>> {
  for (let attempt = 0; attempt < 200 && !home.exists("dumped"); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return parseEnvironment(home.read("dumped"));
}

function parseEnvironment(text: string): Record<string, string> {
  const pairs = text
    .split(/[\n\0]/)
    .map((line): [string, string] => [line.split("=")[0] ?? "", line.slice(line.indexOf("=") + 1)]);
  return Object.fromEntries(pairs);
}

function expectWithheld(found: Record<string, string>, names: readonly string[]): void {
  expect(found["PATH"]).toBeDefined();
  expect(Object.keys(found).filter((name) => names.includes(name))).toEqual([]);
  expect(JSON.stringify(found)).not.toContain("scim-CANARY");
}

const OWN = ["LATCHKEY_SCIM_TOKEN", ...Object.keys(ORDERS), "BUN_INSPECT"];
const ALL = [...OWN, ...Object.keys(CREDENTIALS)];

testOnPosixOnly(NO_SHELL)(
  "3.35: the browser from BROWSER gets no secret and no credentials",
  async () => {
    const home = await createSignedInHome();
    const env = { ...SET, BROWSER: createDumper(home, "browser") };
    await home.run(["login", "--sso-session", "corp", "--force"], { env });
    const found = await readDumped(home);
    expectWithheld(found, ALL);
    expect(found).toMatchObject({ OTHER_TOKEN: "theirs" });
  },
);

/** Linux only: the openers of macOS and Windows can't be replaced in a test. */
test.runIf(process.platform === "linux")(
  "3.36: the desktop's own opener gets none either",
  async () => {
    const home = await createSignedInHome();
    for (const name of ["xdg-open", "gio"]) createDumper(home, name);
    const env = { ...SET, DISPLAY: ":99", XDG_CURRENT_DESKTOP: "GNOME", PATH: withDumper(home) };
    const result = await home.run(["console", "okta", "--shortcut"], { env });
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expectWithheld(await readDumped(home), ALL);
  },
);

testOnPosixOnly(NO_SHELL)(
  "3.37: programs that latchkey asks for a version or passes a text get none either",
  async () => {
    const home = await createSignedInHome();
    createDumper(home, "aws");
    await home.run(["doctor"], { env: { ...SET, PATH: withDumper(home) } });
    expectWithheld(await readDumped(home), ALL);

    const other = await createSignedInHome();
    createDumper(other, "wl-copy");
    const env = { ...SET, PATH: withDumper(other), WAYLAND_DISPLAY: "w" };
    await copyText("x", { env, platform: "linux", writeTerminal: undefined });
    expectWithheld(await readDumped(other), ALL);
  },
);

testOnPosixOnly(NO_SHELL)(
  "3.38: the child of exec gets the credentials of its role only, and the variables set for Node",
  async () => {
    const home = await createSignedInHome();
    const dumper = createDumper(home, "dumper");
    const result = await home.run(["exec", "okta", "--", dumper], { env: SET });
    expect(result).toMatchObject({ exitCode: 0 });
    const found = await readDumped(home);
    expectWithheld(found, [
      ...OWN,
      "AWS_SECURITY_TOKEN",
      "AWS_BEARER_TOKEN_BEDROCK",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    ]);
    expect(JSON.stringify(found)).not.toContain("stale");
    expect(found).toMatchObject({ ...KEPT, AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/) });
  },
);

testOnPosixOnly(NO_SHELL)(
  "3.39: another tool's credential_process gets none of latchkey's secrets",
  async () => {
    const home = await createSignedInHome();
    const dumper = createDumper(home, "dumper");
    home.write(".aws/config", `[profile other]\ncredential_process = ${quoteShellWord(dumper)}\n`);
    await home.run(["export", "other"], { env: SET });
    expectWithheld(await readDumped(home), OWN);
  },
);

test.runIf(existsSync("/proc/self/environ"))(
  "3.40: the process that asks the keychain gets no secret, and no variable that its runtime obeys",
  async () => {
    const home = await createSignedInHome();
    await home.run(["settings", "storage", "keychain"]);
    const bus = await startSilentBus();
    const running = start(
      home,
      [
        "credential-process",
        "--sso-session",
        "corp",
        "--account-id",
        "100000000001",
        "--role-name",
        "ViewOnlyAccess",
      ],
      { env: { ...SET, ...bus.env } },
    );
    let found: Record<string, string> | undefined;
    for (let attempt = 0; attempt < 200 && found === undefined; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      found = findChild(running.pid);
    }
    expectWithheld(found ?? {}, [
      ...ALL,
      ...Object.keys(KEPT).filter((name) => name.startsWith("NODE_")),
    ]);
    await running.ended;
    bus.stop();
  },
);

/** Returns the environment of the child that asks the keychain. */
function findChild(parent: number): Record<string, string> | undefined {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const isOurs = stat.slice(stat.lastIndexOf(")")).split(" ")[2] === String(parent);
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (isOurs && words.includes("keychain-child"))
        return parseEnvironment(readFileSync(`/proc/${pid}/environ`, "utf8"));
    } catch {
      // The process has ended in the meantime.
    }
  return undefined;
}

test.each([
  ["user information", "https://amazon.com@127.0.0.1:1/device"],
  ["another scheme", "file:///etc/passwd"],
  ["a quote", 'https://example.com/";id;"'],
  ["a control character", "https://example.com/\u0007"],
])("8.1: a verification URL with %s is not opened", async (what, url) => {
  const home = await createSignedInHome();
  const env = { BROWSER: createDumper(home, "browser") };
  home.emulator.setFault({
    route: "StartDeviceAuthorization",
    status: 200,
    body: {
      deviceCode: "d",
      userCode: "ABCD-EFGH",
      verificationUri: url,
      verificationUriComplete: url,
      expiresIn: 1,
      interval: 1,
    },
  });
  const result = await home.run(["login", "--sso-session", "corp", "--force"], { env });
  expect(result.exitCode, result.stderr).not.toBe(0);
  expect(home.exists("dumped"), what).toBe(false);
});
