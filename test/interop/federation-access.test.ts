import { expect, test } from "vitest";
import { createBigOrganization } from "../support/federation.ts";
import { runAsAdministrator, createFederatedHome } from "../support/federation-run.ts";
import { patience } from "../support/patience.ts";

test(
  "the access of 200 users in 50 groups on 100 accounts is listed completely, each row once, with less than 20 requests in any second",
  { timeout: patience(300_000) },
  async () => {
    const { directory, org } = createBigOrganization();
    const home = await createFederatedHome(directory, { org });
    const result = await runAsAdministrator(home, ["federation", "access", "--csv"]);
    expect(result.exitCode, result.stderr).toBe(0);
    const [, ...rows] = result.stdout.trimEnd().split("\r\n");
    // 100 assignments to groups of four.
    expect(rows).toHaveLength(400);
    expect(new Set(rows).size).toBe(400);
    const times = home.emulator.journal.entries().map(({ arrivedAtMs }) => arrivedAtMs);
    const busiest = Math.max(
      ...times.map((start) => times.filter((time) => time >= start && time < start + 1000).length),
    );
    console.log(
      `access: ${times.length} requests in ${((Math.max(...times) - Math.min(...times)) / 1000).toFixed(1)} s, ${busiest} in the busiest second`,
    );
    expect(busiest).toBeLessThan(20);
  },
);
