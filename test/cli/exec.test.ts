import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createHome,
  PROGRAM,
  SESSION_CONFIG,
  createSignedInHome,
  parseOutput,
} from "../support/home.ts";
import { startWithPipes } from "../support/piped-child.ts";
import { CTRL_C, ENTER, startSession } from "../support/pty.ts";
import type { ProcessCredentialsJson } from "../../src/model/role.ts";
import type { Settings } from "../../src/settings/settings.ts";
import { patience } from "../support/patience.ts";
import { COPY_STDIN, printVariables, runScript, showEnvironment } from "../support/commands.ts";
import { isOnWindows, leaveOutOnWindows, testOnPosixOnly } from "../support/windows.ts";

const SHOW_AWS = showEnvironment(/^(AWS|LATCHKEY)_(?!.*ENDPOINT)/);

describe("exec", () => {
  test("gives the command the credentials, their expiry and both regions, and removes any other identity", async () => {
    const home = await createSignedInHome();
    const stale = {
      AWS_PROFILE: "nope",
      AWS_DEFAULT_PROFILE: "nope",
      AWS_ACCESS_KEY_ID: "old",
      AWS_SECRET_ACCESS_KEY: "old",
      AWS_SESSION_TOKEN: "old",
      AWS_SECURITY_TOKEN: "old",
      AWS_CREDENTIAL_EXPIRATION: "old",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "old",
      AWS_ACCESS_KEY: "old",
      AWS_SECRET_KEY: "old",
      AMAZON_ACCESS_KEY_ID: "old",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "old",
      AWS_CREDENTIAL_SCOPE: "old",
      AWS_VAULT: "old",
      AWS_SSO_PROFILE: "old",
    };
    const { stdout, exitCode, stderr } = await home.run(["exec", "okta", "--", ...SHOW_AWS], {
      env: stale,
    });
    expect([exitCode, stderr]).toEqual([0, ""]);
    const seen = Object.fromEntries(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    expect(seen).toEqual({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      AWS_ACCOUNT_ID: "100000000001",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      LATCHKEY_EXEC: "okta",
      LATCHKEY_SET_REGION: "eu-west-1",
    });
    expect(seen).toMatchObject({
      AWS_ACCESS_KEY_ID: parseOutput<ProcessCredentialsJson>(await home.run(["export", "okta"]))
        .AccessKeyId,
    });
  });

  test("takes the profile from the flag or AWS_PROFILE, and the region from the flag, a user's AWS_REGION or the profile", async () => {
    const home = await createSignedInHome();
    const region = printVariables("LATCHKEY_EXEC", "AWS_REGION", "AWS_DEFAULT_REGION");
    expect((await home.run(["exec", "-p", "okta", "--", ...region])).stdout).toBe(
      "okta eu-west-1 eu-west-1\n",
    );
    expect(
      (
        await home.run(["exec", "--", ...region], {
          env: { AWS_PROFILE: "okta", AWS_REGION: "us-west-2" },
        })
      ).stdout,
    ).toBe("okta us-west-2 us-west-2\n");
    expect(
      (
        await home.run(["exec", "--region", "ap-south-1", "okta", "--", ...region], {
          env: { AWS_REGION: "us-west-2" },
        })
      ).stdout,
    ).toBe("okta ap-south-1 ap-south-1\n");
    expect(await home.run(["exec", "--", ...region])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining("Which profile?"),
    });
  });

  test("passes the command its own flags, also those that latchkey has too, --help and further --", async () => {
    const home = await createSignedInHome();
    const { stdout } = await home.run([
      "exec",
      "okta",
      "--",
      ...runScript('for (const word of words) console.log("<" + word + ">");'),
      ...["--json", "--help", "--", "--profile", "x", "", "a b", "login"],
    ]);
    expect(stdout).toBe("<--json>\n<--help>\n<-->\n<--profile>\n<x>\n<>\n<a b>\n<login>\n");
  });

  test("exits as the command does, 127 and 126 if it can't be started, and runs no command without credentials", async () => {
    const home = await createSignedInHome();
    expect(
      await home.run([
        ...["exec", "okta", "--"],
        ...runScript('console.log("out"); console.error("err"); process.exitCode = 7;'),
      ]),
    ).toEqual({ exitCode: 7, stdout: "out\n", stderr: "err\n" });
    expect(await home.run(["exec", "okta", "--", "no-such-program"])).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining("no-such-program was not found."),
    });
    const plain = home.write("plain-file", "text");
    // Windows reports such a file as not found.
    expect(await home.run(["exec", "okta", "--", plain])).toMatchObject({
      exitCode: isOnWindows ? 127 : 126,
    });
    if (!isOnWindows)
      expect(await home.run(["exec", "okta", "--", "sh", "-c", "kill -KILL $$"])).toMatchObject({
        exitCode: 137,
      });
    const signedOut = await createHome();
    signedOut.write(".aws/config", SESSION_CONFIG);
    expect(
      await signedOut.run([
        ...["exec", "okta", "--"],
        ...runScript(
          'require("node:fs").writeFileSync(words[0], "");',
          join(signedOut.path, "ran"),
        ),
      ]),
    ).toMatchObject({ exitCode: 4 });
    expect(signedOut.exists("ran")).toBe(false);
  });

  test("stdin is read by the command only, also if no profile is named", async () => {
    const home = await createSignedInHome();
    expect(
      await home.run(["exec", "--", ...COPY_STDIN], {
        input: "nobody\n",
        env: { AWS_PROFILE: "okta" },
      }),
    ).toEqual({ exitCode: 0, stdout: "nobody\n", stderr: "" });
    expect(await home.run(["settings", "browser"], { input: "evil-browser\n" })).toMatchObject({
      exitCode: 0,
    });
    expect(await home.runJson<Settings>(["settings"])).not.toMatchObject({
      browser: "evil-browser",
    });
  });

  testOnPosixOnly("cksum")("stdin passes through, whole", async () => {
    const home = await createSignedInHome();
    const run = startWithPipes(home, ["exec", "okta", "--", "cksum"]);
    const bytes = Buffer.alloc(3_000_000, "latchkey\n");
    run.child.stdin.end(bytes);
    expect(await run.ended).toBe(0);
    const alone = spawn("cksum", { stdio: ["pipe", "pipe", "inherit"] });
    alone.stdin.end(bytes);
    expect(run.stdout()).toBe(
      await new Promise((resolve) => alone.stdout.setEncoding("utf8").once("data", resolve)),
    );
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
    "%s is forwarded to the command, every time, and latchkey waits for it",
    async (signal) => {
      leaveOutOnWindows("signals");
      const home = await createSignedInHome();
      const name = signal.slice(3);
      const run = startWithPipes(home, [
        "exec",
        "okta",
        "--",
        "sh",
        "-c",
        `n=0; trap 'n=$((n+1)); echo "got $n"' ${name}; echo ready; while [ "$n" -lt 3 ]; do sleep 0.05; done; exit 9`,
      ]);
      await run.see("ready");
      for (let count = 1; count <= 3; count += 1) {
        run.child.kill(signal);
        await run.see(`got ${count}`);
      }
      expect(await run.ended, run.stderr()).toBe(9);
    },
  );

  testOnPosixOnly("signals")(
    "a command that is killed by a signal makes latchkey exit with 128 + that signal",
    async () => {
      const home = await createSignedInHome();
      for (const [signal, code] of [
        ["SIGTERM", 143],
        ["SIGINT", 130],
        ["SIGHUP", 129],
      ] as const) {
        const run = startWithPipes(home, [
          "exec",
          "okta",
          "--",
          "sh",
          "-c",
          "echo ready; exec sleep 60",
        ]);
        await run.see("ready");
        run.child.kill(signal);
        expect(await run.ended, signal).toBe(code);
      }
    },
  );

  test(
    "Ctrl-C at a terminal reaches the command once, not twice",
    { timeout: patience(60_000) },
    async () => {
      const home = await createSignedInHome();
      const session = startSession(home, [
        "exec",
        "okta",
        "--",
        "sh",
        "-c",
        `n=0; trap 'n=$((n+1)); echo "got $n"' INT; trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done`,
      ]);
      await session.see("ready");
      session.type(CTRL_C);
      await session.see("got 1");
      await new Promise((resolve) => setTimeout(resolve, 500));
      session.type(CTRL_C);
      await session.see("got 2");
      expect(session.readText()).not.toContain("got 3");
      session.type("\u001c");
      await session.ended;
    },
  );

  test(
    "after the picker every key goes to the command",
    { timeout: patience(60_000) },
    async () => {
      const home = await createSignedInHome();
      const session = startSession(home, [
        "exec",
        "--",
        "sh",
        "-c",
        'stty -a | grep -o " .\\?icanon"; read line; echo "read <$line>"',
      ]);
      await session.see("Profile");
      session.type(ENTER);
      await session.see(/[^-]icanon/);
      session.type(`every key${ENTER}`);
      await session.see("read <every key>");
      expect(await session.ended).toBe(0);
    },
  );

  test("an exec inside an exec prints a notice, and its command has the inner credentials and region", async () => {
    const home = await createSignedInHome();
    home.write(
      ".aws/config",
      `${SESSION_CONFIG}[profile prod]\nsso_session = corp\nsso_account_id = 100000000002\nsso_role_name = AdministratorAccess\nregion = us-east-2\n`,
    );
    const { stdout, stderr } = await home.run([
      "exec",
      "okta",
      "--",
      ...PROGRAM,
      "exec",
      "prod",
      "--",
      ...printVariables("LATCHKEY_EXEC", "AWS_REGION"),
    ]);
    expect(stdout).toBe("prod us-east-2\n");
    expect(stderr).toBe(
      "latchkey: notice: already inside latchkey exec okta: this command runs with the credentials of prod instead\n",
    );
  });

  testOnPosixOnly("modes")(
    "a command without permission to run is reported with its name escaped",
    async () => {
      const home = await createSignedInHome();
      const program = home.write("bad\u001b]52;c;x\u0007", "#!/bin/sh\n");
      chmodSync(program, 0o600);
      const { exitCode, stderr } = await home.run(["exec", "okta", "--", program]);
      expect([exitCode, stderr.includes("\u001b")]).toEqual([126, false]);
    },
  );
});
