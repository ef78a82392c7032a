import { describe, expect } from "vitest";
import {
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  letRenewalsComeDue,
  runProgram,
  SESSION_CONFIG,
  signedInHome,
  type Home,
} from "../support/home.ts";
import { expectInvariant, snapshot } from "./support/invariant.ts";
import { movableClock, ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";

const arrivals = (home: Home): number[] =>
  home.emulator.journal
    .entries({ route: "GetRoleCredentials" })
    .map(({ arrivedAtMs }) => arrivedAtMs);

async function timed(
  home: Home,
  argv = ROLE,
): Promise<{ exitCode: number; stdout: string; stderr: string; seconds: number }> {
  const started = performance.now();
  return { ...(await home.run(argv)), seconds: (performance.now() - started) / 1000 };
}

describe("clocks", () => {
  row(
    22,
    "our clock two hours ahead: at most one refresh, and the hint says by how much",
    async () => {
      const home = await signedInHome();
      home.emulator.clock.set(new Date(Date.now() - 7_200_000));
      home.emulator.journal.clear();
      const result = await home.run(ROLE);
      expect(result).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr: expect.stringContaining("it is 2 h ahead of the service's"),
      });
      expect(home.emulator.journal.count("CreateToken")).toBeLessThanOrEqual(1);
      expect(home.emulator.journal.count("GetRoleCredentials")).toBeLessThanOrEqual(2);
      expect(home.list(".aws/latchkey/role-credentials")).toEqual([]);
    },
  );

  row(
    23,
    "our clock two hours behind: the token looks good and is refused, one refresh, then served",
    async () => {
      const home = await signedInHome();
      home.emulator.clock.advance(7_200_000);
      home.emulator.journal.clear();
      expect(await home.run(ROLE)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("ASIA"),
      });
      expect(
        home.emulator.journal.entries().map(({ route, status }) => `${route} ${status}`),
      ).toEqual(["GetRoleCredentials 401", "CreateToken 200", "GetRoleCredentials 200"]);
    },
  );
});

describe("a clock that steps", () => {
  row(
    24,
    "set back five hours in the middle of a device login: the code is waited for no longer than it is good",
    async () => {
      const home = await createHome({ lifetimes: { deviceCodeSeconds: 6 } });
      home.write(".aws/config", SESSION_CONFIG);
      const file = home.write("clock", "+0\n");
      // The emulator would let the code run out by itself: here only the program's own clock can end the wait.
      home.emulator.setFault({
        route: "CreateToken",
        status: 400,
        error: "AuthorizationPendingException",
      });
      const started = performance.now();
      const running = home.run(["login", "--no-browser"], { env: movableClock(file) });
      await home.emulator.journal.waitFor("CreateToken", 2, 20_000);
      home.write("clock", "-5h\n");
      expect(await running).toMatchObject({
        exitCode: 9,
        stderr: expect.stringContaining("ran out"),
      });
      expect((performance.now() - started) / 1000).toBeLessThan(25);
      const shifted = await runProgram([process.execPath, "-e", "console.log(Date.now())"], {
        ...home.env,
        ...movableClock(file),
      });
      expect(Date.now() - Number(shifted.stdout)).toBeGreaterThan(4 * 3_600_000);
    },
    60_000,
  );
});

describe("a service that is busy or in trouble", () => {
  row(25, "429 with Retry-After: 2: waits that long, then goes on", async () => {
    const home = await signedInHome();
    home.emulator.setFault({
      route: "GetRoleCredentials",
      status: 429,
      headers: { "Retry-After": "2" },
      times: 1,
    });
    expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
    const [first = 0, second = 0] = arrivals(home);
    expect(second - first).toBeGreaterThanOrEqual(2000);
  });

  row(
    26,
    "429 without a word, then good: backs off, in another rhythm in every process",
    async () => {
      const home = await signedInHome({ org: { accounts: 12 } });
      home.emulator.setFault({ route: "GetRoleCredentials", status: 429, every: 1, times: 12 });
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          home.run([
            ...ROLE.slice(0, 4),
            `1000000000${String(index + 1).padStart(2, "0")}`,
            ...ROLE.slice(5),
          ]),
        ),
      );
      expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(home.emulator.journal.count("GetRoleCredentials", { status: 429 })).toBe(12);
    },
  );

  row(
    27,
    "429 without end: exit 6 within 45 s; with credentials that last, exit 0 within a few",
    async () => {
      const home = await signedInHome({ lifetimes: { roleCredentialsSeconds: 600 } });
      const before = snapshot(home);
      home.emulator.setFault({ route: "GetRoleCredentials", status: 429 });
      const refused = await timed(home);
      expect(refused).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr: expect.stringContaining("HTTP 429"),
      });
      expect(refused.seconds).toBeLessThan(45);
      expectInvariant(home, before, refused);
      home.emulator.clearFaults();
      const served = await home.run(ROLE);
      age(home);
      home.emulator.setFault({ route: "GetRoleCredentials", status: 429 });
      const again = await timed(home);
      expect(again).toMatchObject({ exitCode: 0, stdout: served.stdout });
      expect(again.seconds).toBeLessThan(15);
    },
    120_000,
  );

  row(
    28,
    "Retry-After beyond all patience, negative, a date or nonsense: at once, ignored, read, ignored",
    async () => {
      const home = await signedInHome();
      home.emulator.setFault({
        route: "GetRoleCredentials",
        status: 429,
        headers: { "Retry-After": "99999" },
      });
      const hopeless = await timed(home);
      expect(hopeless).toMatchObject({ exitCode: 6 });
      expect(arrivals(home)).toHaveLength(1);
      for (const value of ["-1", "soon", new Date(Date.now() + 3_000).toUTCString()]) {
        const fresh = await signedInHome();
        fresh.emulator.setFault({
          route: "GetRoleCredentials",
          status: 429,
          headers: { "Retry-After": value },
          times: 1,
        });
        expect(await fresh.run(ROLE), value).toMatchObject({ exitCode: 0 });
        expect(arrivals(fresh), value).toHaveLength(2);
      }
    },
    120_000,
  );

  row(
    29,
    "5xx three times, then good; 5xx without end: exit 6",
    async () => {
      const home = await signedInHome();
      home.emulator.setFault({ route: "GetRoleCredentials", status: 500, times: 2 });
      home.emulator.setFault({ route: "GetRoleCredentials", status: 503, times: 1 });
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(arrivals(home).length).toBeGreaterThanOrEqual(3);
      home.emulator.setFault({ route: "GetRoleCredentials", status: 502 });
      const failed = await timed(home, [...ROLE.slice(0, 4), "100000000002", ...ROLE.slice(5)]);
      expect(failed).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr: expect.stringContaining("HTTP 502"),
      });
      expect(failed.seconds).toBeLessThan(45);
    },
    120_000,
  );
});

describe("device authorization", () => {
  const waiting = async (options: Parameters<typeof createHome>[0]): Promise<Home> => {
    const home = await createHome(options);
    home.write(".aws/config", SESSION_CONFIG);
    return home;
  };
  const polls = (home: Home) => home.emulator.journal.entries({ route: "CreateToken" });

  row(
    37,
    "nobody ever approves: ends with the code, exit 9, no more questions than the pace allows",
    async () => {
      const home = await waiting({ lifetimes: { deviceCodeSeconds: 4, intervalSeconds: 1 } });
      const result = await timed(home, ["login", "--no-browser"]);
      expect(result).toMatchObject({ exitCode: 9, stderr: expect.stringContaining("ran out") });
      expect(polls(home).length).toBeLessThanOrEqual(5);
      expect(home.exists(CORP_TOKEN)).toBe(false);
    },
  );

  row(
    38,
    "slow_down twice: five seconds more each time, for good",
    async () => {
      const home = await waiting({ autoApprove: { afterPolls: 1 }, slowDown: { next: 2 } });
      expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
      const times = polls(home).map(({ arrivedAtMs }) => arrivedAtMs);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(gaps[0]).toBeGreaterThanOrEqual(5_900);
      expect(gaps[1]).toBeGreaterThanOrEqual(10_900);
    },
    90_000,
  );

  row(
    39,
    "an interval that is missing, zero or absurd: five seconds, one second, no more than a minute",
    async () => {
      const pause = async (intervalSeconds: number | null): Promise<number> => {
        const home = await waiting({
          autoApprove: { afterPolls: 1 },
          lifetimes: { intervalSeconds },
        });
        expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
        const [first, second] = polls(home);
        return (second?.arrivedAtMs ?? 0) - (first?.arrivedAtMs ?? 0);
      };
      expect(await pause(null)).toBeGreaterThanOrEqual(4_900);
      expect(await pause(0)).toBeGreaterThanOrEqual(4_900);
      expect(await pause(0.01)).toBeGreaterThanOrEqual(900);
    },
    90_000,
  );

  row(40, "expired_token: exit 9, start again; it does not start by itself", async () => {
    const home = await waiting({});
    home.emulator.setFault({ route: "CreateToken", status: 400, error: "ExpiredTokenException" });
    expect(await home.run(["login", "--no-browser"])).toMatchObject({
      exitCode: 9,
      stderr: expect.stringContaining("latchkey: hint: Start again: latchkey login"),
    });
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
    expect(polls(home)).toHaveLength(1);
  });

  row(41, "access_denied: exit 9 at once", async () => {
    const home = await waiting({});
    home.emulator.setFault({ route: "CreateToken", status: 400, error: "AccessDeniedException" });
    expect(await home.run(["login", "--no-browser"])).toMatchObject({
      exitCode: 9,
      stderr: expect.stringContaining("refused"),
    });
    expect(polls(home)).toHaveLength(1);
  });

  row(
    42,
    "the network goes for a while during the poll: the pace is halved and it goes on",
    async () => {
      const home = await waiting({ autoApprove: { afterPolls: 0 } });
      home.emulator.setFault({ route: "CreateToken", drop: "before", times: 2 });
      expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
      const times = polls(home).map(({ arrivedAtMs }) => arrivedAtMs);
      expect(times).toHaveLength(3);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_900);
      expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(3_900);
    },
  );
});

/** As if what is cached had been fetched long ago, and were still good for a while. */
function age(home: Home): void {
  letRenewalsComeDue(home);
  expireTokenFile(home, CORP_TOKEN, 3_000);
}
