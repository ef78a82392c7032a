import { describe, expect } from "vitest";
import { createHome, runProgram, SESSION_CONFIG, createSignedInHome } from "../support/home.ts";
import { createMovableClock, ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

describe("clocks", () => {
  row(
    22,
    "the local clock is two hours fast: at most one refresh, and the hint has the difference",
    async () => {
      const home = await createSignedInHome();
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
    "the local clock is two hours slow: the token looks valid and is refused; one refresh, then served",
    async () => {
      const home = await createSignedInHome();
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

describe("a clock that jumps", () => {
  row(
    24,
    "set back five hours during a device login: latchkey waits no longer than the code is valid",
    async () => {
      const home = await createHome({ lifetimes: { deviceCodeSeconds: 6 } });
      home.write(".aws/config", SESSION_CONFIG);
      const file = home.write("clock", "+0\n");
      // The emulator would end the code itself. With this fault only the program's own clock can end the wait.
      home.emulator.setFault({
        route: "CreateToken",
        status: 400,
        error: "AuthorizationPendingException",
      });
      const started = performance.now();
      const running = home.run(["login", "--no-browser"], { env: createMovableClock(file) });
      await home.emulator.journal.waitFor("CreateToken", 2, patience(20_000));
      home.write("clock", "-5h\n");
      expect(await running).toMatchObject({
        exitCode: 9,
        stderr: expect.stringContaining("The code expired"),
      });
      expect((performance.now() - started) / 1000).toBeLessThan(patience(25));
      const shifted = await runProgram([process.execPath, "-e", "console.log(Date.now())"], {
        ...home.env,
        ...createMovableClock(file),
      });
      expect(Date.now() - Number(shifted.stdout)).toBeGreaterThan(4 * 3_600_000);
    },
    patience(60_000),
  );
});
