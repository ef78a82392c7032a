import { describe, expect } from "vitest";
import {
  CORP_TOKEN,
  expireTokenFile,
  makeRenewalsDue,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { expectInvariant, takeSnapshot } from "./support/invariant.ts";
import { ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { timeRun } from "./support/timing.ts";
import { patience } from "../support/patience.ts";

const listArrivals = (home: Home): number[] =>
  home.emulator.journal
    .entries({ route: "GetRoleCredentials" })
    .map(({ arrivedAtMs }) => arrivedAtMs);

describe("a service that is busy or in trouble", () => {
  row(25, "429 with Retry-After: 2: waits that long, then goes on", async () => {
    const home = await createSignedInHome();
    home.emulator.setFault({
      route: "GetRoleCredentials",
      status: 429,
      headers: { "Retry-After": "2" },
      times: 1,
    });
    expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
    const [first = 0, second = 0] = listArrivals(home);
    expect(second - first).toBeGreaterThanOrEqual(2000);
  });

  row(
    26,
    "429 without Retry-After, then success: twelve processes back off, and all are served",
    async () => {
      const home = await createSignedInHome({ org: { accounts: 12 } });
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
    "endless 429: exit 6 within 45 s; with valid cached credentials, exit 0 within a few seconds",
    async () => {
      const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 600 } });
      const before = takeSnapshot(home);
      home.emulator.setFault({ route: "GetRoleCredentials", status: 429 });
      const refused = await timeRun(home);
      expect(refused).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr: expect.stringContaining("HTTP 429"),
      });
      expect(refused.seconds).toBeLessThan(45);
      expectInvariant(home, before, refused);
      home.emulator.clearFaults();
      const served = await home.run(ROLE);
      ageCaches(home);
      home.emulator.setFault({ route: "GetRoleCredentials", status: 429 });
      const again = await timeRun(home);
      expect(again).toMatchObject({ exitCode: 0, stdout: served.stdout });
      expect(again.seconds).toBeLessThan(patience(15));
    },
    patience(120_000),
  );

  row(
    28,
    "Retry-After: too long fails at once, negative is ignored, a date is read, nonsense is ignored",
    async () => {
      const home = await createSignedInHome();
      home.emulator.setFault({
        route: "GetRoleCredentials",
        status: 429,
        headers: { "Retry-After": "99999" },
      });
      const hopeless = await timeRun(home);
      expect(hopeless).toMatchObject({ exitCode: 6 });
      expect(listArrivals(home)).toHaveLength(1);
      expect(hopeless.seconds).toBeLessThan(patience(5_000) / 1_000);
      // A date has whole seconds, and some time passes before latchkey asks the service.
      for (const [value, atLeast, lessThan] of [
        [new Date(Date.now() + 8_000).toUTCString(), 4_000, 9_000],
        ["-1", 0, 3_000],
        ["soon", 0, 3_000],
      ] as const) {
        const fresh = await createSignedInHome();
        fresh.emulator.setFault({
          route: "GetRoleCredentials",
          status: 429,
          headers: { "Retry-After": value },
          times: 1,
        });
        expect(await fresh.run(ROLE), value).toMatchObject({ exitCode: 0 });
        const [first = 0, second = 0, ...others] = listArrivals(fresh);
        expect(others, value).toEqual([]);
        expect(second - first, value).toBeGreaterThanOrEqual(atLeast);
        expect(second - first, value).toBeLessThan(patience(lessThan));
      }
    },
    patience(120_000),
  );

  row(
    29,
    "5xx three times, then success; endless 5xx: exit 6",
    async () => {
      const home = await createSignedInHome();
      home.emulator.setFault({ route: "GetRoleCredentials", status: 500, times: 2 });
      home.emulator.setFault({ route: "GetRoleCredentials", status: 503, times: 1 });
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(listArrivals(home).length).toBeGreaterThanOrEqual(3);
      home.emulator.setFault({ route: "GetRoleCredentials", status: 502 });
      const failed = await timeRun(home, [...ROLE.slice(0, 4), "100000000002", ...ROLE.slice(5)]);
      expect(failed).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr: expect.stringContaining("HTTP 502"),
      });
      expect(failed.seconds).toBeLessThan(45);
    },
    patience(120_000),
  );
});

/** Changes the caches as if they had been fetched long ago and were still valid for a while. */
function ageCaches(home: Home): void {
  makeRenewalsDue(home);
  expireTokenFile(home, CORP_TOKEN, 3_000);
}
