import { rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { EmulatorJson } from "../../src/commands/emulator.ts";
import { createHome, PROGRAM, runProgram, SESSION_CONFIG } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { isOnWindows } from "../support/windows.ts";

describe("demo and emulator", () => {
  test(
    "the demo ends with the caller identity from the emulated STS",
    { tags: ["long"], timeout: patience(120_000) },
    async () => {
      const home = await createHome();
      const result = await home.run(["demo"]);
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stdout.trimEnd().split("\n").at(-1)).toMatch(
        /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/,
      );
      expect(home.list(".")).toEqual([]);
    },
  );

  test(
    "if the role is removed, the demo's last step exits 5",
    { tags: ["long"], timeout: patience(120_000) },
    async () => {
      const home = await createHome();
      const result = await home.run(["demo", "--refused"]);
      expect(result.exitCode).toBe(5);
      expect(result.stderr).toMatch(
        /The role ViewOnlyAccess in 100000000001 \(\S+\) is not assigned to you\./,
      );
    },
  );

  test(
    "the emulator prints its address in one JSON line and ends on SIGINT",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const child = spawn(
        PROGRAM[0],
        [...PROGRAM.slice(1), "emulator", "--accounts", "7", "--auto-approve"],
        { env: home.env, stdio: ["ignore", "pipe", "inherit"] },
      );
      const line = await new Promise<string>((resolve) =>
        child.stdout.setEncoding("utf8").once("data", resolve),
      );
      const { url, startUrl, region, env } = JSON.parse(line) as EmulatorJson;
      expect({ startUrl, region }).toEqual({
        startUrl: "https://emu.awsapps.com/start",
        region: "us-east-1",
      });
      home.write(".aws/config", SESSION_CONFIG);
      expect(
        await runProgram([...PROGRAM, "login", "--no-browser"], { ...home.env, ...env }),
      ).toMatchObject({ exitCode: 0 });
      const accounts = await runProgram([...PROGRAM, "accounts", "--json"], {
        ...home.env,
        ...env,
      });
      expect(JSON.parse(accounts.stdout)).toHaveLength(7);
      expect((await fetch(`${url}/_emu/journal`)).status).toBe(200);
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGINT");
      // On Windows a signal kills the process, and Node gives no exit code.
      expect(await ended).toBe(isOnWindows ? null : 130);
      rmSync(join(home.path, ".aws"), { recursive: true });
    },
  );
});
