import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import {
  createReturningBrowser,
  listCachedRoleFiles,
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  type Home,
  SESSION_CONFIG,
  createSignedInHome,
  type TokenFileJson,
} from "../support/home.ts";
import {
  start,
  listTemporaryFiles,
  findTokenBeingRenewed,
  startTracing,
  waitUntil,
} from "./support/child.ts";
import { ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import { patience } from "../support/patience.ts";

/** Commands that conflict with each other at the same time. */

for (const force of [false, true]) {
  row(
    60,
    `five logins at once${force ? " with --force" : ""}: one code, one browser page, one token, and all say that they are signed in`,
    async () => {
      const home = await createHome({ autoApprove: { afterPolls: 2 } });
      home.write(".aws/config", SESSION_CONFIG);
      const opener = home.write("bin/opener", '#!/bin/sh\necho "$@" >> "$HOME/opened"\n', 0o755);
      const argv = ["login", ...(force ? ["--force"] : [])];
      const running = Array.from({ length: 5 }, () =>
        start(home, argv, { env: { BROWSER: opener } }),
      );
      const ends = await Promise.all(running.map(({ ended }) => ended));
      expect(ends.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr)).toEqual([]);
      expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
      expect(home.read("opened").trim().split("\n")).toHaveLength(1);
      expect(ends.filter(({ stderr }) => /Code {3}/.test(stderr))).toHaveLength(1);
      expect(
        ends.filter(({ stderr }) => /another sign-in to corp is in progress/.test(stderr)).length,
      ).toBeGreaterThan(0);
      expect(ends.filter(({ stderr }) => /igned in to corp\./.test(stderr))).toHaveLength(5);
      const { accessToken } = home.readJson<TokenFileJson>(CORP_TOKEN);
      expect(typeof accessToken).toBe("string");
      expect(listTemporaryFiles(home)).toEqual([]);
    },
    patience(120_000),
  );
}

row(
  60,
  "five logins at once by the redirect: one port, one page, one code redeemed, and all report the sign-in",
  async () => {
    const home = await createHome({ authorize: { mode: "auto" } });
    home.write(".aws/config", SESSION_CONFIG);
    const browser = createReturningBrowser(home);
    const running = Array.from({ length: 5 }, () =>
      start(home, ["login", "--use-pkce"], { env: { BROWSER: browser } }),
    );
    const ends = await Promise.all(running.map(({ ended }) => ended));
    expect(ends.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr)).toEqual([]);
    expect(
      ["RegisterClient", "Authorize", "CreateToken"].map((route) =>
        home.emulator.journal.count(route as "Authorize"),
      ),
    ).toEqual([1, 1, 1]);
    expect(home.read("opened").trim().split("\n")).toHaveLength(1);
    expect(ends.filter(({ stderr }) => /igned in to corp\./.test(stderr))).toHaveLength(5);
  },
  patience(120_000),
);

for (const flow of ["device", "pkce"] as const) {
  row(
    60,
    `if the leader of five logins is killed (${flow}), another takes over and signs in all four`,
    async () => {
      const home = await createHome(flow === "pkce" ? { authorize: { mode: "never" } } : {});
      home.write(".aws/config", SESSION_CONFIG);
      const argv = ["login", ...(flow === "pkce" ? ["--use-pkce"] : [])];
      const running = Array.from({ length: 5 }, () =>
        start(home, argv, {
          env: { BROWSER: flow === "pkce" ? createReturningBrowser(home) : "/bin/true" },
        }),
      );
      const isWaiting = (one: (typeof running)[number]): boolean =>
        one.readStderr().includes("in progress");
      const leader = await waitUntil("one that leads", () =>
        running.find((one) => /Open {3}/.test(one.readStderr())),
      );
      const others = running.filter((one) => one !== leader);
      await waitUntil("the others waiting", () => others.every(isWaiting) || undefined, 40_000);
      // The leader's browser has connected and waits. The next leader's browser gets an answer.
      if (flow === "pkce")
        await waitUntil(
          "the leader's browser",
          () => home.emulator.journal.count("Authorize") === 1 || undefined,
        );
      if (flow === "pkce") home.emulator.turn("authorize", { mode: "auto" });
      else home.emulator.autoApprove(0);
      leader.kill("SIGKILL");
      const ends = await Promise.all(others.map(({ ended }) => ended));
      expect((await leader.ended).signal).toBe("SIGKILL");
      expect(ends.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr)).toEqual([]);
      expect(ends.filter(({ stderr }) => /Open {3}/.test(stderr))).toHaveLength(1);
      expect(
        home.emulator.journal.count(flow === "pkce" ? "Authorize" : "StartDeviceAuthorization"),
      ).toBe(2);
    },
    patience(120_000),
  );
}

row(60, "a login that waited for a refused one starts its own", async () => {
  const home = await createHome();
  home.write(".aws/config", SESSION_CONFIG);
  const findCode = (stderr: string): string | undefined => /Code {3}(\S+)/.exec(stderr)?.[1];
  const first = start(home, ["login", "--no-browser"]);
  const denied = await waitUntil("the first code", () => findCode(first.readStderr()));
  const second = start(home, ["login", "--no-browser"]);
  await waitUntil(
    "the second one waiting",
    () => second.readStderr().includes("in progress") || undefined,
  );
  home.emulator.denyDevice(denied);
  expect((await first.ended).exitCode).toBe(9);
  home.emulator.approveDevice(
    await waitUntil("the second code", () => findCode(second.readStderr())),
  );
  expect((await second.ended).exitCode).toBe(0);
});

/** Starts a caller whose refresh is answered only seconds later. */
async function startRefreshing(): Promise<{
  home: Home;
  running: ReturnType<typeof start>;
  sent: string;
}> {
  const home = await createSignedInHome({ rotation: { mode: "grace", graceMs: 60_000 } });
  await home.run(ROLE);
  for (const path of listCachedRoleFiles(home)) rmSync(join(home.path, path));
  expireTokenFile(home, CORP_TOKEN);
  const sent = home.readJson<TokenFileJson>(CORP_TOKEN).refreshToken;
  home.emulator.setFault({
    route: "CreateToken",
    match: { grantType: "refresh_token" },
    delayMs: 4_000,
    times: 1,
  });
  const running = start(home, ROLE);
  await waitUntil("the refresh", () => findTokenBeingRenewed(home));
  return { home, running, sent };
}

row(
  96,
  "a logout during a refresh waits for it, and then neither a token nor role credentials are left",
  async () => {
    const { home, running } = await startRefreshing();
    const logout = start(home, ["logout"]);
    const [served, gone] = [await running.ended, await logout.ended];
    expect(gone, gone.stderr).toMatchObject({ exitCode: 0 });
    expect([0, 4]).toContain(served.exitCode);
    expect(home.emulator.journal.count("Logout", { status: 200 })).toBe(1);
    expect(home.list(".aws/sso/cache")).toEqual([]);
    expect(listCachedRoleFiles(home)).toEqual([]);
    expect(await home.run(ROLE)).toMatchObject({ exitCode: 4, stdout: "" });
  },
);

row(96, "a token that another program removes during a refresh is not restored", async () => {
  const { home, running } = await startRefreshing();
  rmSync(join(home.path, CORP_TOKEN));
  const ended = await running.ended;
  expect(ended, ended.stderr).toMatchObject({ exitCode: 4, stdout: "" });
  expect(ended.stderr).toContain("signed out meanwhile");
  expect(home.list(".aws/sso/cache")).toEqual([]);
  expect(listCachedRoleFiles(home)).toEqual([]);
});

row(96, "a logout while the portal answers leaves no role credentials behind", async () => {
  const home = await createSignedInHome();
  // Writing the answer to the cache takes three seconds, since its first fsync is delayed.
  const trace = startTracing(home, ["fsync:delay_enter=3000000:when=1"]);
  const running = start(home, ROLE, { wrapper: trace.wrapper });
  await waitUntil("the credentials beside their place", () =>
    listCachedRoleFiles(home).find((path) => path.endsWith(".tmp")),
  );
  expect(await home.run(["logout"])).toMatchObject({ exitCode: 0 });
  expect(await running.ended).toMatchObject({ exitCode: 0 });
  expect(trace.readInjected().length).toBeGreaterThan(0);
  expect(listCachedRoleFiles(home)).toEqual([]);
  expect(await home.run(ROLE)).toMatchObject({ exitCode: 4, stdout: "" });
});

row(
  97,
  "another user's login during a refresh stays, and the token refreshed for the previous user is dropped",
  async () => {
    const { home, running, sent } = await startRefreshing();
    const theirs = {
      ...home.readJson<TokenFileJson>(CORP_TOKEN),
      accessToken: "somebody-elses-token",
      refreshToken: "somebody-elses-refresh-token",
      expiresAt: new Date(Date.now() + 3_000_000).toISOString().replace(/\.\d+Z/, "Z"),
    };
    const text = JSON.stringify(theirs);
    home.write(CORP_TOKEN, text);
    const ended = await running.ended;
    expect(sent).not.toBe(theirs.refreshToken);
    expect(
      home.emulator.journal.count("CreateToken", { grantType: "refresh_token" }),
    ).toBeGreaterThan(0);
    expect(home.readJson<TokenFileJson>(CORP_TOKEN).refreshToken).not.toBe(sent);
    expect(home.read(CORP_TOKEN)).toBe(text);
    // The emulator did not issue that token. The caller asked with it and was refused.
    expect(ended).toMatchObject({ exitCode: 4, stdout: "" });
    expect(listCachedRoleFiles(home)).toEqual([]);
  },
);

row(97, "the token of a login with --force during a refresh is the one that stays", async () => {
  const { home, running } = await startRefreshing();
  home.emulator.turn("identity", { username: "somebody.else@example.com" });
  const login = await home.run(["login", "--force", "--no-browser"]);
  expect(login, login.stderr).toMatchObject({ exitCode: 0 });
  await running.ended;
  const whoami = await home.runJson<WhoamiJson>(["whoami", "okta"]);
  expect(whoami.arn).toMatch(/somebody\.else@example\.com$/);
});

for (const [what, restores] of [
  ["finishes later", true],
  ["never finishes", false],
] as const) {
  row(
    59,
    `a write without a lock is half done when the refresh returns and ${what}: the new token is kept, and the user stays signed in`,
    async () => {
      const { home, running, sent } = await startRefreshing();
      const whole = home.read(CORP_TOKEN);
      home.write(CORP_TOKEN, whole.slice(0, 200));
      await home.emulator.journal.waitFor(
        "CreateToken",
        home.emulator.journal.count("CreateToken") + 1,
        patience(30_000),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (restores) home.write(CORP_TOKEN, whole);
      const ended = await running.ended;
      expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
      const kept = home.readJson<TokenFileJson>(CORP_TOKEN);
      expect(kept.refreshToken).not.toBe(sent);
      expect(Date.parse(kept.expiresAt)).toBeGreaterThan(Date.now());
    },
  );
}
