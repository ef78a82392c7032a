import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROGRAM, createSignedInHome, type Home, parseOutput } from "../support/home.ts";
import { CTRL_C, startSession } from "../support/pty.ts";
import type { RoleJson } from "../../src/commands/roles.ts";
import type { ErrorJson } from "../../src/errors.ts";
import { patience } from "../support/patience.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/** Long listings: at the service's rate, after its 429s, and continued after an interruption. */

const ACCESS = ".aws/latchkey/access/ee0bfd2552fbd840c02cc48b6e823320543c450f";
const PART = `${ACCESS}/roles.part`;
const HOUR_MILLISECONDS = 3_600_000;

/** How often each account's roles were answered, by account id. */
function countAnswers(home: Home): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { query } of home.emulator.journal.entries({
    route: "ListAccountRoles",
    status: 200,
  })) {
    const id = query["account_id"] ?? "";
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function readPartLines(home: Home): string[] {
  return home.exists(PART) ? home.read(PART).trimEnd().split("\n").slice(1) : [];
}

async function waitUntil(what: string, condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !condition();) {
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface InterruptedListing {
  readonly home: Home;
  readonly done: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** A listing of 30 accounts that gets no more answers after about half of them, and then the signal. */
async function interruptListing(signal: "SIGKILL" | "SIGINT"): Promise<InterruptedListing> {
  const home = await createSignedInHome({ org: { accounts: 30, roles: 2 } });
  const child = spawn(PROGRAM[0], [...PROGRAM.slice(1), "roles"], {
    env: home.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await home.emulator.journal.waitFor("ListAccountRoles", 12, patience(20_000));
  home.emulator.setFault({ route: "ListAccountRoles", delayMs: 60_000 });
  await waitUntil(
    "an answer kept for each that was given",
    () => readPartLines(home).length === countAnswers(home).size,
  );
  child.kill(signal);
  const exitCode = await ended;
  home.emulator.clearFaults();
  return { home, done: countAnswers(home).size, stdout, stderr, exitCode };
}

describe("the request rate", () => {
  test(
    "is found automatically: no account is lost to 429s, and hardly any time",
    { tags: ["long"], timeout: patience(60_000) },
    async () => {
      const [perSecond, accounts] = [20, 160];
      const home = await createSignedInHome({
        org: { accounts, roles: 4 },
        rate: { burst: perSecond, refillPerSecond: perSecond },
      });
      expect(await home.runJson(["roles"])).toHaveLength(4 * accounts);
      expect([...countAnswers(home).values()]).toEqual(Array.from({ length: accounts }, () => 1));
      const listing = home.emulator.journal.entries(({ route }) => route.startsWith("List"));
      const served = listing.filter(({ status }) => status === 200);
      const seconds = ((served.at(-1)?.arrivedAtMs ?? 0) - (served[0]?.arrivedAtMs ?? 0)) / 1000;
      // The first seconds search for the rate. test/access/rate.test.ts checks 1.2 on a fake clock, also at other rates.
      expect(seconds / ((served.length - perSecond) / perSecond)).toBeLessThan(1.6);
      expect((listing.length - served.length) / served.length).toBeLessThan(0.25);
    },
  );

  test(
    "a Retry-After delays every request of the listing, whatever page comes with the 429",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 30, roles: 1 } });
      home.emulator.setFault({
        route: "ListAccountRoles",
        status: 429,
        html: true,
        headers: { "Retry-After": "3" },
        times: 1,
      });
      expect(await home.runJson(["roles"])).toHaveLength(30);
      const asked = home.emulator.journal.entries({ route: "ListAccountRoles" });
      const refusedAt = asked.find(({ status }) => status === 429)?.arrivedAtMs ?? 0;
      // Requests that were already sent still arrive.
      expect(
        asked.filter(
          ({ arrivedAtMs }) => arrivedAtMs > refusedAt + 500 && arrivedAtMs < refusedAt + 2_900,
        ),
      ).toEqual([]);
      expect(
        asked.filter(({ arrivedAtMs }) => arrivedAtMs >= refusedAt + 2_900).length,
      ).toBeGreaterThan(0);
    },
  );

  test("a service that answers Retry-After with an hour is an error at once", async () => {
    const home = await createSignedInHome();
    home.emulator.setFault({
      route: "ListAccountRoles",
      status: 429,
      headers: { "Retry-After": "3600" },
    });
    expect(await home.run(["roles"])).toMatchObject({
      exitCode: 6,
      stdout: "",
      stderr: expect.stringContaining("is throttling requests (HTTP 429)"),
    });
  });

  test(
    "accounts with more roles than a page are listed completely",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 2, roles: 150 } });
      expect(await home.runJson(["roles"])).toHaveLength(300);
      expect([...countAnswers(home).values()]).toEqual([2, 2]);
    },
  );
});

describe("an interrupted listing", { timeout: patience(120_000) }, () => {
  test.each(["SIGKILL", "SIGINT"] as const)(
    "continues after %s where it stopped: no account is answered twice",
    { tags: ["long"] },
    async (signal) => {
      if (signal === "SIGINT") leaveOutOnWindows("signals");
      const { home, done, stdout, stderr, exitCode } = await interruptListing(signal);
      expect({ stdout, exitCode }).toEqual({
        stdout: "",
        exitCode: signal === "SIGINT" ? 130 : null,
      });
      if (signal === "SIGINT")
        expect(stderr).toBe(
          `latchkey: notice: ${done} of 30 accounts are listed; the next listing continues from there.\nlatchkey: error: Cancelled.\n`,
        );
      expect(done).toBeGreaterThanOrEqual(12);
      expect(done).toBeLessThan(30);
      expect(home.exists(`${ACCESS}/roles.json`)).toBe(false);
      const rest = await home.run(["roles", "--json"]);
      expect(parseOutput<RoleJson[]>(rest)).toHaveLength(60);
      expect(rest.stderr).toMatch(
        new RegExp(
          `^latchkey: notice: continuing an interrupted listing: ${done} of 30 accounts are done, from \\d\\d:\\d\\d \\(\\d+ s ago\\)\\.\\n$`,
        ),
      );
      expect([...countAnswers(home).values()]).toEqual(Array.from({ length: 30 }, () => 1));
      expect(home.emulator.journal.count("ListAccounts")).toBe(1);
      expect(home.list(ACCESS)).toEqual([
        "accounts.json",
        "notes.json",
        "roles.json",
        "sign-in.json",
      ]);
      expect((await home.run(["roles", "--cached", "--json"])).stdout).toBe(rest.stdout);
    },
  );

  test(
    "asks again for entries that are torn or over an hour old, and for everything after a new login",
    { tags: ["long"] },
    async () => {
      const { home, done } = await interruptListing("SIGKILL");
      const [header = "", torn = "", old = "", ...others] = home.read(PART).trimEnd().split("\n");
      const anHourAgo = new Date(Date.now() - HOUR_MILLISECONDS).toISOString().slice(0, 19);
      const aged = old.replace(/"listedAt":"[^Z]*Z/, `"listedAt":"${anHourAgo}Z`);
      home.write(
        PART,
        [
          header,
          torn.slice(0, 30),
          aged,
          '{"listedAt":7,"accountId":"100000000009","roleNames":["Forged"]}',
          "nonsense",
          ...others,
          "",
        ].join("\n"),
      );
      appendFileSync(join(home.path, PART), '{"listedAt":');
      expect(await home.runJson(["roles"])).toHaveLength(60);
      expect([...countAnswers(home).values()].filter((count) => count === 2)).toHaveLength(2);
      expect(done).toBeGreaterThan(2);
      const again = await interruptListing("SIGKILL");
      await again.home.run(["login", "--force", "--no-browser"]);
      again.home.emulator.journal.clear();
      expect(await again.home.runJson(["roles"])).toHaveLength(60);
      expect(countAnswers(again.home).size).toBe(30);
    },
  );

  test(
    "a page that fails in the middle is an error: nothing is printed, and the stored listing is unchanged",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 5, roles: 150 } });
      await home.run(["roles"]);
      const before = [
        home.read(`${ACCESS}/roles.json`),
        home.read(`${ACCESS}/accounts.json`),
        home.read(".aws/config"),
      ];
      home.emulator.assign("100000000003", "AnotherRole");
      home.emulator.setFault({
        route: "ListAccountRoles",
        match: { accountId: "100000000003" },
        every: 2,
        html: true,
      });
      for (const argv of [["roles"], ["roles", "--json"], ["roles", "--csv"]]) {
        const failed = await home.run(argv);
        expect(failed.exitCode).toBe(6);
        expect(
          argv.includes("--json") ? Object.keys(parseOutput<ErrorJson>(failed)) : failed.stdout,
        ).toEqual(argv.includes("--json") ? ["error"] : "");
        expect([
          home.read(`${ACCESS}/roles.json`),
          home.read(`${ACCESS}/accounts.json`),
          home.read(".aws/config"),
        ]).toEqual(before);
      }
      home.emulator.clearFaults();
      const whole = await home.run(["roles"]);
      expect(whole.stderr).toMatch(
        /751 roles in corp\nSince .*\n {2}\+ .*\(100000000003\): AnotherRole\n$/,
      );
    },
  );
});

describe("on a terminal", () => {
  test(
    "a listing shows its progress, rate and remaining time, and removes that line at the end",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 30, roles: 1 } });
      const session = startSession(home, ["roles"]);
      await session.see(/Roles {2}[█░]{20} {2}\d+\/30 accounts · \d+(\.\d)?\/s · \d+ s left/);
      expect(await session.ended).toBe(0);
      const lines = session.readRaw().split("\r\n");
      expect(lines.at(-2)).toBe("30 roles in corp");
      expect(
        lines.filter((line) => /Roles {2}/.test(line.split("\r\u001b[2K").at(-1) ?? "")),
      ).toEqual([]);
      expect(session.readRaw().match(/Roles {2}/g)?.length).toBeLessThan(20);
    },
  );

  test(
    "with --json no progress is drawn, and Ctrl-C reports what is done",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: { accounts: 60, roles: 1 } });
      const session = startSession(home, ["roles", "--json"]);
      await home.emulator.journal.waitFor("ListAccountRoles", 15, patience(20_000));
      session.type(CTRL_C);
      expect(await session.ended).toBe(130);
      expect(session.readRaw()).not.toMatch(/Roles|Accounts/);
      expect(session.readRaw()).toMatch(
        /\d+ of 60 accounts are listed; the next listing continues from there/,
      );
    },
  );
});
