import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseOutput, PROGRAM, type Home } from "../support/home.ts";
import { GROUP, TOKEN, USER } from "../support/federation.ts";
import {
  runAsAdministrator,
  findCheck,
  createFederatedHome,
  checkArgv,
  parseStatuses,
} from "../support/federation-run.ts";
import type { ScimJson } from "../../src/commands/federation/scim.ts";
import { testOnPosixOnly } from "../support/windows.ts";

function runScim(home: Home, more: readonly string[] = [], token = TOKEN) {
  return home.run(["federation", "scim", "--json", "--user", USER, "--group", GROUP, ...more], {
    env: { LATCHKEY_SCIM_TOKEN: token },
  });
}

describe("federation scim", () => {
  test(
    "prints Okta's Base URL without the slash, and finds user, group and membership by SCIM alone",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome();
      const result = await runScim(home, [
        "--endpoint",
        home.emulator.scimEndpoint,
        "--token-created",
        "2098-01-01",
      ]);
      expect(result.exitCode, result.stdout).toBe(0);
      expect(parseOutput<ScimJson>(result)).toMatchObject({
        baseUrl: home.emulator.scimEndpoint.slice(0, -1),
        savedIn: null,
      });
      expect(parseStatuses(result)).toEqual({
        "scim-reach": "warn",
        "scim-token": "ok",
        user: "ok",
        group: "ok",
        member: "ok",
      });
      expect(findCheck(result, "scim-token").evidence["expiresAt"]).toBe("2099-01-01T00:00:00Z");
      expect(
        home.emulator.journal.entries().map(({ route, method }) => `${route} ${method}`),
      ).not.toContain("Scim POST");
    },
  );

  test(
    "stores endpoint and date with --save, so that a later run needs neither, and never the token",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome();
      const saved = await runScim(home, [
        "--endpoint",
        home.emulator.scimEndpoint,
        "--token-expires",
        "2099-01-01",
        "--save",
      ]);
      expect(saved.exitCode, saved.stderr).toBe(0);
      expect(home.read(".aws/latchkey/federation/scim.json")).not.toContain(TOKEN);
      const later = await runScim(home);
      expect(parseStatuses(later)).toEqual({
        "scim-reach": "ok",
        "scim-token": "ok",
        user: "ok",
        group: "ok",
        member: "ok",
      });
    },
  );

  test("does not save an endpoint that refuses the token", { tags: ["long"] }, async () => {
    const home = await createFederatedHome();
    const result = await runScim(
      home,
      ["--endpoint", home.emulator.scimEndpoint, "--save"],
      "wrong",
    );
    expect(result.exitCode).toBe(1);
    expect(findCheck(result, "scim-reach").summary).toMatch(
      /^HTTP 401 \(request [0-9a-f-]{36}\): the token is wrong, expired or revoked, or the tenant id/,
    );
    expect(home.exists(".aws/latchkey/federation/scim.json")).toBe(false);
  });

  test("retries after 429, and exits 3 if it does not end", { tags: ["long"] }, async () => {
    const home = await createFederatedHome(
      {},
      { faults: [{ route: "Scim", status: 429, times: 2 }] },
    );
    expect((await runScim(home, ["--endpoint", home.emulator.scimEndpoint])).exitCode).toBe(0);
    home.emulator.setFault({ route: "Scim", status: 429 });
    const result = await runScim(home, [
      "--endpoint",
      home.emulator.scimEndpoint,
      "--timeout",
      "3",
    ]);
    expect(result.exitCode).toBe(3);
    expect(findCheck(result, "scim-reach")).toMatchObject({
      status: "unknown",
      code: "FED-THROTTLED",
    });
  });

  test("reports the 429 if the timeout ends in a later attempt", { tags: ["long"] }, async () => {
    const home = await createFederatedHome(
      {},
      {
        faults: [
          { route: "Scim", status: 429, times: 1 },
          { route: "Scim", delayMs: 60_000 },
        ],
      },
    );
    const result = await runScim(home, [
      "--endpoint",
      home.emulator.scimEndpoint,
      "--timeout",
      "3",
    ]);
    expect(result.exitCode).toBe(3);
    expect(findCheck(result, "scim-reach")).toMatchObject({
      status: "unknown",
      code: "FED-THROTTLED",
    });
  });

  test.each<[string, readonly string[], string | undefined, RegExp]>([
    ["no endpoint", [], TOKEN, /Which SCIM endpoint\?/],
    [
      "no token",
      ["--endpoint", "https://scim.eu-west-1.amazonaws.com/t/scim/v2"],
      undefined,
      /LATCHKEY_SCIM_TOKEN/,
    ],
    [
      "a token with a blank",
      ["--endpoint", "https://scim.eu-west-1.amazonaws.com/t/scim/v2"],
      "two words",
      /blanks or control characters/,
    ],
    [
      "a date that does not exist",
      [
        "--endpoint",
        "https://scim.eu-west-1.amazonaws.com/t/scim/v2",
        "--token-created",
        "2026-02-30",
      ],
      TOKEN,
      /--token-created is not a day/,
    ],
  ])("with %s exits 2", { tags: ["long"] }, async (_, argv, token, words) => {
    const home = await createFederatedHome();
    const result = await home.run(["federation", "scim", ...argv], {
      env: { LATCHKEY_SCIM_TOKEN: token },
    });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(words);
    expect(result.stderr).not.toContain("two words");
  });

  test("has no flag that takes the token", { tags: ["long"] }, async () => {
    const home = await createFederatedHome();
    expect((await home.run(["federation", "scim", "--token", TOKEN])).exitCode).toBe(2);
    expect((await home.run(["federation", "scim", "--endpoint", TOKEN])).stderr).not.toContain(
      TOKEN,
    );
  });
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe("the SCIM token, a canary", () => {
  test(
    "appears in no argument, output, log or file, also after errors",
    { tags: ["long"] },
    async () => {
      const home = await createFederatedHome({ groups: [] });
      const endpoint = home.emulator.scimEndpoint;
      const outputs: string[] = [];
      const runs: ReadonlyArray<readonly [readonly string[], string]> = [
        [
          [
            "federation",
            "scim",
            "--endpoint",
            endpoint,
            "--user",
            USER,
            "--group",
            GROUP,
            "--save",
            "--debug",
          ],
          TOKEN,
        ],
        [["federation", "scim", "--endpoint", `${endpoint}x`, "--debug"], TOKEN],
        [["federation", "scim", "--endpoint", endpoint.replace("emu1", "emu2"), "--json"], TOKEN],
        [["federation", "scim", "--endpoint", TOKEN, "--debug"], TOKEN],
        [
          [
            "federation",
            "scim",
            "--endpoint",
            "http://127.0.0.1:9/t/scim/v2",
            "--timeout",
            "1",
            "--debug",
          ],
          TOKEN,
        ],
      ];
      for (const [argv, token] of runs) {
        const result = await home.run([...argv, "--token-stdin"], { input: `${token}\n` });
        outputs.push(result.stdout, result.stderr);
      }
      const full = await runAsAdministrator(home, [...checkArgv(home), "--debug"], {
        LATCHKEY_SCIM_TOKEN: TOKEN,
      });
      outputs.push(full.stdout, full.stderr, JSON.stringify(home.emulator.journal.entries()));
      expect(outputs.filter((text) => text.includes(TOKEN))).toEqual([]);
      expect(
        listFiles(home.path).filter((path) => readFileSync(path, "latin1").includes(TOKEN)),
      ).toEqual([]);
    },
  );

  testOnPosixOnly("/proc")(
    "is not in the command line, which other users of the machine can read",
    async () => {
      const home = await createFederatedHome({}, { faults: [{ route: "Scim", delayMs: 1500 }] });
      const child = spawn(
        PROGRAM[0],
        [
          ...PROGRAM.slice(1),
          "federation",
          "scim",
          "--endpoint",
          home.emulator.scimEndpoint,
          "--token-stdin",
        ],
        { env: { ...home.env }, stdio: ["pipe", "ignore", "ignore"] },
      );
      child.stdin.end(TOKEN);
      await new Promise((resolve) => setTimeout(resolve, 700));
      const commandLine = readFileSync(`/proc/${child.pid}/cmdline`, "latin1");
      await new Promise((resolve) => child.once("close", resolve));
      expect(commandLine).toContain("federation\0scim");
      expect(commandLine).not.toContain(TOKEN);
    },
  );
});
