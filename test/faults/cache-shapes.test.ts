import { spawn } from "node:child_process";
import { closeSync, ftruncateSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { CORP_TOKEN, createSignedInHome } from "../support/home.ts";
import { expectInvariant, takeSnapshot } from "./support/invariant.ts";
import { runInShell, ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/** Returns a new role for each index, so that no cached role credentials are served without the token. */
const roleNumber = (index: number): string[] => [...ROLE.slice(0, 6), `Role${index}`];

describe("token files in every state", () => {
  row(
    16,
    "a token file that is empty, cut or with trailing bytes: latchkey waits, exits 4 and never changes it",
    async () => {
      const home = await createSignedInHome();
      const text = home.read(CORP_TOKEN);
      const cuts = [0, 1, 2, 14, 60, Math.floor(text.length / 2), text.length - 1].map((length) =>
        text.slice(0, length),
      );
      for (const damaged of [...cuts, `${text}}`, `${text}"old bytes"}`]) {
        home.write(CORP_TOKEN, damaged);
        const before = takeSnapshot(home);
        const started = Date.now();
        const result = await home.run(ROLE);
        expect(result, damaged.slice(0, 20)).toMatchObject({
          exitCode: 4,
          stdout: "",
          stderr: expect.stringContaining("latchkey login --sso-session corp"),
        });
        expect(Date.now() - started).toBeGreaterThanOrEqual(500);
        expect(home.read(CORP_TOKEN)).toBe(damaged);
        expectInvariant(home, before, result);
      }
    },
  );

  row(
    17,
    "no reader fails while a writer truncates and rewrites the file again and again",
    async () => {
      leaveOutOnWindows("a writer in Linux's Python");
      const home = await createSignedInHome({ org: { accounts: 1, roles: 40 } });
      const script =
        "import sys, time\npath = sys.argv[1]\ntext = open(path).read()\nfor _ in range(400):\n    f = open(path, 'r+'); f.truncate(0); f.flush(); time.sleep(0.05); f.write(text); f.close(); time.sleep(0.01)\n";
      const writer = spawn("python3", ["-c", script, join(home.path, CORP_TOKEN)], {
        stdio: "ignore",
      });
      try {
        const roles: Array<{ roleName: string }> = [];
        let torn = 0;
        for (let tries = 0; tries < 100; tries += 1) {
          if (home.read(CORP_TOKEN) === "") torn += 1;
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
        expect(torn, "the writer is seen at work").toBeGreaterThan(0);
        for (let batch = 0; batch < 3; batch += 1) {
          const results = await Promise.all(
            Array.from({ length: 5 }, () => home.run(["roles", "--json"])),
          );
          for (const { exitCode, stdout, stderr } of results) {
            expect(exitCode, stderr).toBe(0);
            roles.push(...(JSON.parse(stdout) as typeof roles));
          }
        }
        expect(roles).toHaveLength(15 * 40);
        expect(writer.exitCode).toBeNull();
      } finally {
        writer.kill("SIGKILL");
      }
    },
    patience(120_000),
  );

  row(
    18,
    "a giant, a deeply nested and a prototype-polluting token file: exit 4 with little memory",
    async () => {
      leaveOutOnWindows("memory as Linux measures it");
      const home = await createSignedInHome();
      const giant = openSync(join(home.path, CORP_TOKEN), "w");
      ftruncateSync(giant, 200 * 1024 * 1024);
      closeSync(giant);
      const peak = 'python3 "$HOME/peak.py" "$@"';
      home.write(
        "peak.py",
        "import os, resource, subprocess, sys\ncode = subprocess.run(sys.argv[1:]).returncode\nopen(os.environ['HOME'] + '/peak', 'w').write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\nsys.exit(code)\n",
      );
      expect(await runInShell(home, peak, ROLE)).toMatchObject({ exitCode: 4 });
      expect(Number(home.read("peak"))).toBeLessThan(200 * 1024);
      home.write(CORP_TOKEN, `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`);
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 4 });
      home.write(
        CORP_TOKEN,
        '{"__proto__": {"accessToken": "polluted-token", "expiresAt": "2099-01-01T00:00:00Z"}}',
      );
      home.emulator.journal.clear();
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 4 });
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );

  row(
    19,
    "valid JSON of thirty wrong shapes counts as no token, and no request is sent with it",
    async () => {
      const home = await createSignedInHome();
      const good = JSON.parse(home.read(CORP_TOKEN)) as Record<string, unknown>;
      const wrong: unknown[] = [
        null,
        true,
        7,
        "text",
        [],
        [good],
        {},
        { accessToken: good["accessToken"] },
        { expiresAt: good["expiresAt"] },
      ];
      for (const value of [null, 7, true, [], {}, "", "a b", "a\r\nx: y", "\u0000"])
        wrong.push({ ...good, accessToken: value });
      for (const value of [
        null,
        7,
        "",
        "soon",
        "2026",
        "2026-13-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "9999-01-01T00:00:00Z",
        "2026-11-24",
      ])
        wrong.push({ ...good, expiresAt: value });
      wrong.push(
        { ...good, startUrl: "https://evil.awsapps.com/start" },
        { ...good, region: "eu-west-1" },
        { ...good, startUrl: 7 },
      );
      expect(wrong).toHaveLength(30);
      home.emulator.journal.clear();
      for (const stored of wrong) {
        home.write(CORP_TOKEN, JSON.stringify(stored));
        expect(await home.run(ROLE), JSON.stringify(stored).slice(0, 60)).toMatchObject({
          exitCode: 4,
          stdout: "",
        });
      }
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );

  row(
    20,
    "an expiry in other clients' forms is read: Z, UTC, milliseconds, an offset; nonsense is ignored",
    async () => {
      const home = await createSignedInHome({
        org: {
          accounts: [
            { accountId: "100000000001", roles: [0, 1, 2, 3, 4].map((index) => `Role${index}`) },
          ],
        },
      });
      const stored = JSON.parse(home.read(CORP_TOKEN)) as Record<string, unknown>;
      const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
      const spelt = [
        inAnHour.replace(/\.\d+Z/, "Z"),
        inAnHour.replace(/\.\d+Z/, "UTC"),
        inAnHour,
        inAnHour.replace("Z", "+00:00"),
        "in an hour",
      ];
      const exits: number[] = [];
      for (const [index, expiresAt] of spelt.entries()) {
        home.write(CORP_TOKEN, JSON.stringify({ ...stored, expiresAt }));
        exits.push((await home.run(roleNumber(index))).exitCode);
      }
      expect(exits).toEqual([0, 0, 0, 0, 4]);
    },
  );

  row(21, "latchkey's rewrite keeps keys that another tool added, in their place", async () => {
    const home = await createSignedInHome();
    const stored = JSON.parse(home.read(CORP_TOKEN)) as Record<string, unknown>;
    home.write(
      CORP_TOKEN,
      JSON.stringify({
        "x-first": 1,
        ...stored,
        expiresAt: "2020-01-01T00:00:00Z",
        extra: { deep: ["é", null] },
      }),
    );
    expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
    const after = JSON.parse(home.read(CORP_TOKEN)) as Record<string, unknown>;
    expect(Object.keys(after)).toEqual(["x-first", ...Object.keys(stored), "extra"]);
    expect(after).toMatchObject({ "x-first": 1, extra: { deep: ["é", null] } });
    expect(after["accessToken"]).not.toBe(stored["accessToken"]);
  });
});
