import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import {
  listCachedRoleFiles,
  CORP_TOKEN,
  expireTokenFile,
  makeRenewalsDue,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { runInNamespace, ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

/** Holds a lock file as another latchkey would, until it is killed. */
const HOLD_LOCK = `
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(60)
`;

const countRefreshes = (home: Home): number =>
  home.emulator.journal.count("CreateToken", { grantType: "refresh_token" });

describe("refreshing", () => {
  row(
    43,
    "a caller with a refused refresh token does not wait for the lock to ask again: exit 4 at once",
    async () => {
      const home = await createSignedInHome();
      home.emulator.revokeSessions();
      expireTokenFile(home, CORP_TOKEN);
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 4 });
      const lock = createHash("sha256").update("the token of corp").digest("hex").slice(0, 32);
      const holder = spawn(
        "python3",
        ["-c", HOLD_LOCK, join(home.path, `.aws/latchkey/locks/${lock}.lock`)],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      try {
        await once(holder.stdout, "data");
        home.emulator.journal.clear();
        const started = performance.now();
        expect(await home.run(ROLE)).toMatchObject({
          exitCode: 4,
          stderr: expect.stringContaining("latchkey login --sso-session corp"),
        });
        expect(performance.now() - started).toBeLessThan(5_000);
        expect(home.emulator.journal.entries()).toEqual([]);
      } finally {
        holder.kill("SIGKILL");
      }
    },
  );

  row(
    44,
    "refused, but another client has just written a newer token: it is used, exit 0",
    async () => {
      const home = await createSignedInHome({ rotation: { mode: "reuse" } });
      const good = home.read(CORP_TOKEN);
      const dead = JSON.stringify({
        ...(JSON.parse(good) as object),
        expiresAt: "2020-01-01T00:00:00Z",
        refreshToken: "dead-refresh-token",
      });
      home.write(CORP_TOKEN, dead);
      home.emulator.journal.clear();
      const running = home.run(ROLE);
      await home.emulator.journal.waitFor("CreateToken", 1, patience(10_000));
      writeFileSync(join(home.path, CORP_TOKEN), good);
      expect(await running).toMatchObject({ exitCode: 0, stderr: "" });
      expect(
        home.emulator.journal.entries({ route: "CreateToken" }).map(({ status }) => status),
      ).toEqual([400]);
      expect(home.read(CORP_TOKEN)).toBe(good);
    },
  );

  row(45, "an answer without a refresh token: the old one is kept, and works again", async () => {
    const home = await createSignedInHome({
      omitRefreshToken: { omit: true },
      rotation: { mode: "reuse" },
    });
    const { refreshToken } = JSON.parse(home.read(CORP_TOKEN)) as { refreshToken: string };
    for (let time = 0; time < 2; time += 1) {
      expireTokenFile(home, CORP_TOKEN);
      expect(
        await home.run([...ROLE.slice(0, 4), `10000000000${time + 1}`, ...ROLE.slice(5)]),
      ).toMatchObject({ exitCode: 0 });
      expect((JSON.parse(home.read(CORP_TOKEN)) as { refreshToken: string }).refreshToken).toBe(
        refreshToken,
      );
    }
    expect(countRefreshes(home)).toBe(2);
  });

  row(
    46,
    "if the refresh fails while the token is still valid, it is used, exit 0, with a notice",
    async () => {
      const home = await createSignedInHome();
      expireTokenFile(home, CORP_TOKEN, 200);
      home.emulator.setFault({ route: "CreateToken", status: 500 });
      const result = await home.run(ROLE);
      expect(result).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("ASIA"),
        stderr: expect.stringMatching(
          /^latchkey: notice: the token of corp could not be renewed: /,
        ),
      });
      expect(home.emulator.journal.count("CreateToken", { status: 500 })).toBeGreaterThan(0);
    },
  );

  row(
    46,
    "latchkey waits for a slow refresh even if role credentials are left, since its answer may be the session",
    async () => {
      const home = await createSignedInHome({
        lifetimes: { roleCredentialsSeconds: 600 },
        rotation: { mode: "strict" },
      });
      await home.run(ROLE);
      makeRenewalsDue(home);
      expireTokenFile(home, CORP_TOKEN);
      const before = home.read(CORP_TOKEN);
      home.emulator.setFault({ route: "CreateToken", delayMs: 7_000, times: 1 });
      expect(await home.run(ROLE)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("ASIA"),
      });
      expect(home.read(CORP_TOKEN)).not.toBe(before);
      expect((JSON.parse(home.read(CORP_TOKEN)) as { refreshToken: string }).refreshToken).not.toBe(
        (JSON.parse(before) as { refreshToken: string }).refreshToken,
      );
      expect(await home.run(ROLE.with(4, "100000000002"))).toMatchObject({
        exitCode: 0,
        stderr: "",
      });
    },
  );

  row(
    46,
    "a slow refresh is not sent again without other credentials: strict rotation would end the session",
    async () => {
      const home = await createSignedInHome({ rotation: { mode: "strict" } });
      expireTokenFile(home, CORP_TOKEN);
      home.emulator.journal.clear();
      home.emulator.setFault({ route: "CreateToken", delayMs: 12_000, times: 1 });
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(countRefreshes(home)).toBe(1);
    },
  );

  row(47, "an expired registration: no refresh request, and a login registers again", async () => {
    const home = await createSignedInHome();
    const stored = JSON.parse(home.read(CORP_TOKEN)) as object;
    home.write(
      CORP_TOKEN,
      JSON.stringify({
        ...stored,
        expiresAt: "2020-01-01T00:00:00Z",
        registrationExpiresAt: "2020-01-01T00:00:00Z",
      }),
    );
    home.emulator.journal.clear();
    expect(await home.run(ROLE)).toMatchObject({ exitCode: 4 });
    expect(home.emulator.journal.entries()).toEqual([]);
    home.emulator.invalidateClient();
    expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
    expect(
      home.emulator.journal
        .entries()
        .map(({ route, status }) => `${route} ${status}`)
        .slice(0, 3),
    ).toEqual([
      "StartDeviceAuthorization 401",
      "RegisterClient 200",
      "StartDeviceAuthorization 200",
    ]);
  });

  row(
    48,
    "a revoked token that looks valid: one forced refresh and one more try; if that is refused too, exit 4",
    async () => {
      const home = await createSignedInHome();
      home.emulator.expireAccessTokens();
      home.emulator.journal.clear();
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
      home.emulator.setFault({ route: "GetRoleCredentials", status: 401 });
      home.emulator.journal.clear();
      const refused = await home.run([...ROLE.slice(0, 4), "100000000002", ...ROLE.slice(5)]);
      expect(refused).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("no longer accepted by AWS"),
      });
      expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual([
        "GetRoleCredentials",
        "CreateToken",
        "GetRoleCredentials",
      ]);
    },
  );

  row(
    49,
    "a role that was unassigned: exit 5 with its name, its cached credentials removed, no refresh and no login",
    async () => {
      const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 600 } });
      await home.run(ROLE);
      makeRenewalsDue(home);
      home.emulator.unassign("100000000001", "ViewOnlyAccess");
      home.emulator.journal.clear();
      expect(await home.run(ROLE)).toMatchObject({
        exitCode: 5,
        stdout: "",
        stderr: expect.stringMatching(/ViewOnlyAccess in 100000000001/),
      });
      expect(listCachedRoleFiles(home)).toEqual([]);
      const asked = home.emulator.journal
        .entries()
        .map(({ route, status }) => `${route} ${status}`);
      expect(asked[0]).toBe("GetRoleCredentials 403");
      expect(asked.slice(1).toSorted()).toEqual(["ListAccountRoles 200", "ListAccounts 200"]);
    },
  );

  row(
    49,
    "a role that was unassigned is reported even if the disk does not allow removal",
    async () => {
      const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 600 } });
      await home.run(ROLE);
      makeRenewalsDue(home);
      home.emulator.unassign("100000000001", "ViewOnlyAccess");
      const readOnly =
        'mount --bind "$HOME/.aws" "$HOME/.aws" && mount -o remount,ro,bind "$HOME/.aws" && exec "$@"';
      const refused = await runInNamespace(home, readOnly, ROLE);
      expect(refused).toMatchObject({
        exitCode: 5,
        stdout: "",
        stderr: expect.stringMatching(/could not be removed \(EROFS\)[^]*ViewOnlyAccess/),
      });
    },
  );

  row(50, "an account that no longer exists: exit 5 naming it", async () => {
    const home = await createSignedInHome();
    home.emulator.setFault({ route: "GetRoleCredentials", status: 404 });
    expect(await home.run(ROLE)).toMatchObject({
      exitCode: 5,
      stdout: "",
      stderr: expect.stringContaining("100000000001"),
    });
    expect(home.emulator.journal.count("GetRoleCredentials", { status: 404 })).toBe(1);
  });
});
