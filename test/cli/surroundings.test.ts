import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createHome,
  isStandalone,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";
import { isOnWindows, leaveOutOnWindows } from "../support/windows.ts";

/** The current directory, and variables for a runtime in the environment, must not affect the program. */

const ROLE = ["credential-process", ...OKTA_ROLE];

/** A directory prepared by an attacker: settings and modules that runtimes load from the current directory. */
function createTraps(home: Home): string {
  const createTrap = (file: string, text: string): string => home.write(`trap/${file}`, text);
  const evil = 'require("node:fs").writeFileSync(process.env.TRAP_NOTE ?? "/dev/null", "sprung");';
  const variables = `HOME=${home.path}/trap\nAWS_CONFIG_FILE=${home.path}/trap/config\nAWS_ENDPOINT_URL_SSO=http://127.0.0.1:9\nAWS_PROFILE=evil\nNODE_OPTIONS=--require=./evil.cjs\n`;
  for (const name of [
    ".env",
    ".env.local",
    ".env.production",
    ".env.production.local",
    ".env.development",
  ])
    createTrap(name, variables);
  createTrap("bunfig.toml", 'preload = ["./evil.cjs"]\n[run]\npreload = ["./evil.cjs"]\n');
  createTrap("evil.cjs", evil);
  createTrap("tsconfig.json", '{"compilerOptions":{"paths":{"*":["./evil.cjs"]}}}');
  createTrap(
    "package.json",
    '{"name":"latchkey","type":"commonjs","imports":{"#*":"./evil.cjs"},"oclif":{"plugins":["./evil.cjs"]}}',
  );
  createTrap("oclif.manifest.json", '{"version":"0.1.0","commands":{}}');
  for (const name of [
    "@oclif/core",
    "@napi-rs/keyring",
    "@napi-rs/keyring-linux-x64-gnu",
    "semver",
    "open",
    "wsl-utils",
    "ts-node",
  ]) {
    createTrap(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: "99.0.0", main: "index.js" }),
    );
    createTrap(`node_modules/${name}/index.js`, evil);
  }
  return join(home.path, "trap");
}

describe("a directory full of traps", () => {
  test(
    "does not change the program's behaviour, and none of its code is run",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const cwd = createTraps(home);
      const env = { TRAP_NOTE: join(home.path, "note") };
      const elsewhere = await home.run(["status", "--json"]);
      for (const argv of [
        ["--version"],
        ["--help"],
        ROLE,
        ROLE,
        ["accounts"],
        ["whoami", "okta"],
        ["settings", "default-region", "eu-west-1"],
      ]) {
        const ended = await home.run(argv, { cwd, env });
        expect(ended, `${argv.join(" ")}: ${ended.stderr}`).toMatchObject({ exitCode: 0 });
      }
      expect(await home.run(["status", "--json"], { cwd, env })).toEqual(elsewhere);
      const keychain = await home.run(["login", "--no-browser"], {
        cwd,
        env: { ...env, DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" },
      });
      expect(keychain, keychain.stderr).toMatchObject({ exitCode: 0 });
      await home.run(["settings", "storage", "keychain"], { cwd, env });
      const asked = await home.run(["login", "--no-browser"], {
        cwd,
        env: { ...env, DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" },
      });
      // Windows' Credential Manager needs no session bus.
      expect(asked).toMatchObject(
        isOnWindows
          ? { exitCode: 0 }
          : { exitCode: 8, stderr: expect.stringContaining("keychain") },
      );
      expect(home.exists("note")).toBe(false);
      expect(home.list("trap/.aws")).toEqual([]);
    },
  );

  test("would work if the environment told the runtime to load it: these variables can't be blocked", async () => {
    const home = await createHome();
    const cwd = createTraps(home);
    const orders = isStandalone
      ? [{ BUN_OPTIONS: "--preload=./evil.cjs" }, { BUN_BE_BUN: "1" }]
      : [{ NODE_OPTIONS: "--require ./evil.cjs" }];
    for (const order of orders) {
      const note = join(home.path, Object.keys(order).join());
      // As Bun, the executable runs a script; the traps run before it.
      await home.run("BUN_BE_BUN" in order ? ["-e", "0"] : ["--version"], {
        cwd,
        env: { ...order, TRAP_NOTE: note },
      });
      expect(home.exists(Object.keys(order).join()), JSON.stringify(order)).toBe(true);
    }
  });
});

describe("variables for another runtime", () => {
  /** A program that records the environment that it was started with. */
  function createListener(home: Home, name: string, answer: string): string {
    leaveOutOnWindows("a program that is a script of sh");
    const path = home.write(
      name,
      `#!/bin/sh\nenv > ${home.path}/${name}.env.part\nmv ${home.path}/${name}.env.part ${home.path}/${name}.env\n${answer}\n`,
    );
    chmodSync(path, 0o700);
    return path;
  }

  /** BUN_BE_BUN would turn the standalone executable itself into Bun, before any code of latchkey runs. */
  const orders = {
    BUN_OPTIONS: "--smol",
    ...(isStandalone ? {} : { BUN_BE_BUN: "1" }),
    MARK: "inherited",
  };

  test(
    "are inherited neither by the browser nor by another tool's credential_process",
    { tags: ["long"] },
    async () => {
      const home = await createHome({ autoApprove: { afterPolls: 1 } });
      const browser = createListener(home, "browser", "");
      const tool = createListener(
        home,
        "tool",
        `echo '{"Version":1,"AccessKeyId":"ASIAEXAMPLE000000000","SecretAccessKey":"x","SessionToken":"y"}'`,
      );
      home.write(".aws/config", `${SESSION_CONFIG}[profile other]\ncredential_process = ${tool}\n`);
      expect(await home.run(["login"], { env: { ...orders, BROWSER: browser } })).toMatchObject({
        exitCode: 0,
      });
      await home.run(["whoami", "other"], { env: orders });
      await expect.poll(() => home.exists("browser.env"), { timeout: 5_000 }).toBe(true);
      for (const name of ["browser.env", "tool.env"]) {
        expect(home.read(name), name).toContain("MARK=inherited");
        expect(home.read(name), name).not.toMatch(/^BUN_/m);
      }
    },
  );
});
