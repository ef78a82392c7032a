import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createHome,
  createSignedInHome,
  isOnWindows,
  PROGRAM,
  SESSION_CONFIG,
  testOnPosixOnly,
} from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

/** The variable that names the home. */
const HOME = isOnWindows ? "USERPROFILE" : "HOME";

describe("the process and its environment", () => {
  test.each([[""], ["relative/home"]])(
    "the home %j exits 7 and nothing is read from the current directory",
    async (relative) => {
      const home = await createHome();
      const trap = join(home.path, "trap");
      mkdirSync(join(trap, ".aws"), { recursive: true });
      writeFileSync(join(trap, ".aws", "config"), SESSION_CONFIG);
      const result = await home.run(["status"], {
        env: { [HOME]: relative },
        cwd: trap,
      });
      expect(result).toMatchObject({ exitCode: 7, stdout: "" });
      expect(result.stderr).toContain(HOME);
    },
  );

  test(
    "DEBUG, which many shells set for other programs, prints none of the typed words",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      home.write(".aws/config", SESSION_CONFIG);
      for (const words of [["status"], ["configure", "--help"], ["whoami", "nobody"], ["stauts"]]) {
        const [quiet, debugged] = [
          await home.run(words),
          await home.run(words, { env: { DEBUG: "*" } }),
        ];
        expect(debugged).toEqual(quiet);
      }
    },
  );

  test("without HOME the home directory comes from the user database", async () => {
    const home = await createHome();
    expect((await home.run(["--version"], { env: { [HOME]: undefined } })).exitCode).toBe(0);
  });

  testOnPosixOnly("/dev/full and a pipe of bash")(
    "a full stdout exits 8, hot and cold, and a closed pipe exits 141 silently",
    async () => {
      const home = await createSignedInHome();
      const role = ["credential-process", ...OKTA_ROLE];
      for (let time = 0; time < 2; time += 1) {
        const full = openSync("/dev/full", "w");
        const result = await home.run(role, { stdout: full });
        closeSync(full);
        expect(result.exitCode).toBe(8);
        expect(result.stderr).toContain("ENOSPC");
      }
      for (const argv of [role, ["accounts", "--json"]]) {
        const closed = await runWithClosedPipe([...PROGRAM, ...argv], home.env);
        expect(closed).toEqual({ code: 141, stderr: "" });
      }
    },
  );

  test("an endpoint that is neither https nor this machine is refused before any request", async () => {
    const home = await createSignedInHome();
    const result = await home.run(["accounts"], {
      env: { AWS_ENDPOINT_URL_SSO: "http://10.0.0.1" },
    });
    expect(result).toMatchObject({ exitCode: 7 });
    expect(result.stderr).toContain("AWS_ENDPOINT_URL_SSO");
  });

  test("an unreachable service exits 6 and names the host", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const result = await home.run(["accounts"], {
      env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" },
    });
    expect(result).toMatchObject({ exitCode: 6, stdout: "" });
    expect(result.stderr).toContain("127.0.0.1:1");
  });

  testOnPosixOnly("signals")(
    "Ctrl-C while waiting for approval exits 130 at once and leaves no token",
    async () => {
      const home = await createHome();
      home.write(".aws/config", SESSION_CONFIG);
      const started = Date.now();
      const result = await new Promise<number | null>((resolve) => {
        const child = spawn(PROGRAM[0], [...PROGRAM.slice(1), "login", "--no-browser"], {
          env: home.env,
          stdio: ["ignore", "ignore", "pipe"],
        });
        child.stderr
          .setEncoding("utf8")
          .on(
            "data",
            (text: string) => text.includes("Code") && setTimeout(() => child.kill("SIGINT"), 300),
          );
        child.once("close", (code) => resolve(code));
      });
      expect(result).toBe(130);
      expect(Date.now() - started).toBeLessThan(20_000);
      expect(home.list(".aws/sso/cache")).toEqual([]);
    },
  );
});

function runWithClosedPipe(
  [program = "", ...args]: string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve) => {
    // The shell's reader ends before the program writes. The program's exit code arrives through a file descriptor.
    const child = spawn(
      "bash",
      ["-c", '{ "$@"; echo "exit $?" >&3; } | true', "sh", program, ...args],
      { env, stdio: ["ignore", "ignore", "pipe", "pipe"] },
    );
    let stderr = "";
    let report = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdio[3]?.on("data", (chunk: Buffer) => (report += chunk.toString("utf8")));
    child.once("close", () => resolve({ code: Number(/exit (\d+)/.exec(report)?.[1]), stderr }));
  });
}
