import { describe, expect } from "vitest";
import { CORP_TOKEN, createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { row } from "./support/row.ts";
import { timeRun } from "./support/timing.ts";
import { patience } from "../support/patience.ts";

describe("device authorization", () => {
  const createWaitingHome = async (options: Parameters<typeof createHome>[0]): Promise<Home> => {
    const home = await createHome(options);
    home.write(".aws/config", SESSION_CONFIG);
    return home;
  };
  const countPolls = (home: Home) => home.emulator.journal.entries({ route: "CreateToken" });

  row(
    37,
    "without an approval it ends when the code expires, exit 9, with no more polls than the interval allows",
    async () => {
      const home = await createWaitingHome({
        lifetimes: { deviceCodeSeconds: 4, intervalSeconds: 1 },
      });
      const result = await timeRun(home, ["login", "--no-browser"]);
      expect(result).toMatchObject({
        exitCode: 9,
        stderr: expect.stringContaining("The code expired"),
      });
      expect(countPolls(home).length).toBeLessThanOrEqual(5);
      expect(home.exists(CORP_TOKEN)).toBe(false);
    },
  );

  row(
    38,
    "slow_down twice: the interval grows by five seconds each time, permanently",
    async () => {
      const home = await createWaitingHome({
        autoApprove: { afterPolls: 1 },
        slowDown: { next: 2 },
      });
      expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
      const times = countPolls(home).map(({ arrivedAtMs }) => arrivedAtMs);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(gaps[0]).toBeGreaterThanOrEqual(5_900);
      expect(gaps[1]).toBeGreaterThanOrEqual(10_900);
    },
    patience(90_000),
  );

  row(
    39,
    "an interval that is missing, zero or absurd: five seconds, one second, at most a minute",
    async () => {
      const pause = async (intervalSeconds: number | null): Promise<number> => {
        const home = await createWaitingHome({
          autoApprove: { afterPolls: 1 },
          lifetimes: { intervalSeconds },
        });
        expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
        const [first, second] = countPolls(home);
        return (second?.arrivedAtMs ?? 0) - (first?.arrivedAtMs ?? 0);
      };
      expect(await pause(null)).toBeGreaterThanOrEqual(4_900);
      expect(await pause(0)).toBeGreaterThanOrEqual(4_900);
      expect(await pause(0.01)).toBeGreaterThanOrEqual(900);
    },
    patience(90_000),
  );

  row(
    40,
    "expired_token: exit 9 with the cure; it does not start again automatically",
    async () => {
      const home = await createWaitingHome({});
      home.emulator.setFault({ route: "CreateToken", status: 400, error: "ExpiredTokenException" });
      expect(await home.run(["login", "--no-browser"])).toMatchObject({
        exitCode: 9,
        stderr: expect.stringContaining("latchkey: hint: Start again: latchkey login"),
      });
      expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
      expect(countPolls(home)).toHaveLength(1);
    },
  );

  row(41, "access_denied: exit 9 at once", async () => {
    const home = await createWaitingHome({});
    home.emulator.setFault({ route: "CreateToken", status: 400, error: "AccessDeniedException" });
    expect(await home.run(["login", "--no-browser"])).toMatchObject({
      exitCode: 9,
      stderr: expect.stringContaining("refused on the approval page"),
    });
    expect(countPolls(home)).toHaveLength(1);
  });

  row(
    42,
    "the network fails for a while during the poll: it continues at half the rate",
    async () => {
      const home = await createWaitingHome({ autoApprove: { afterPolls: 0 } });
      home.emulator.setFault({ route: "CreateToken", drop: "before", times: 2 });
      expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
      const times = countPolls(home).map(({ arrivedAtMs }) => arrivedAtMs);
      expect(times).toHaveLength(3);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_900);
      expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(3_900);
    },
  );
});
