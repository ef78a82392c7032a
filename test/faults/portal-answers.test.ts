import { describe, expect } from "vitest";
import { createHome, SESSION_CONFIG, createSignedInHome } from "../support/home.ts";
import { expectInvariant, takeSnapshot } from "./support/invariant.ts";
import { ROLE } from "./support/injection.ts";
import { startHttpServer } from "./support/raw-servers.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

describe("answers of the portal that are not what they should be", () => {
  row(
    51,
    "role credentials that are missing, null, expired, or with times in seconds: exit 6, nothing kept",
    async () => {
      const home = await createSignedInHome();
      const before = takeSnapshot(home);
      const good = {
        accessKeyId: "ASIAEXAMPLE",
        secretAccessKey: "s".repeat(40),
        sessionToken: "t".repeat(100),
        expiration: Date.now() + 3_600_000,
      };
      const bodies = [
        {},
        { roleCredentials: null },
        { roleCredentials: {} },
        { roleCredentials: { ...good, accessKeyId: null } },
        { roleCredentials: { ...good, secretAccessKey: "" } },
        { roleCredentials: { ...good, sessionToken: "a\r\nb" } },
        { roleCredentials: { ...good, expiration: Date.now() - 1000 } },
        { roleCredentials: { ...good, expiration: Math.floor(Date.now() / 1000) + 3600 } },
        { roleCredentials: { ...good, expiration: 0 } },
        [],
      ];
      for (const body of bodies) {
        home.emulator.clearFaults();
        home.emulator.setFault({ route: "GetRoleCredentials", status: 200, body });
        const result = await home.run(ROLE);
        expect(result, JSON.stringify(body)).toMatchObject({ exitCode: 6, stdout: "" });
        expectInvariant(home, before, result);
      }
      expect(
        home.emulator.journal.count("GetRoleCredentials", { status: 200 }),
      ).toBeGreaterThanOrEqual(bodies.length);
      expect(home.list(".aws/latchkey/role-credentials")).toEqual([]);
    },
  );

  row(
    52,
    "if one page of a listing fails, the whole listing fails, with no stdout and no write",
    async () => {
      const home = await createSignedInHome({ org: { accounts: 350 } });
      const before = takeSnapshot(home);
      home.emulator.setFault({ route: "ListAccounts", status: 500, every: 3 });
      home.emulator.setFault({
        route: "ListAccounts",
        status: 400,
        error: "InvalidRequestException",
        every: 3,
      });
      const result = await home.run(["accounts", "--json"]);
      if (result.exitCode !== 0)
        expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: "BAD_RESPONSE" } });
      home.emulator.clearFaults();
      home.emulator.setFault({ route: "ListAccounts", drop: "mid-body", every: 2 });
      home.emulator.setFault({ route: "ListAccounts", status: 403, every: 2 });
      const plain = await home.run(["accounts"]);
      expect(plain).toMatchObject({ exitCode: 5, stdout: "" });
      expect(
        home
          .list(".aws/latchkey/access")
          .flatMap((name) => home.list(`.aws/latchkey/access/${name}`)),
      ).toEqual(["sign-in.json"]);
      expectInvariant(home, before, plain);
    },
  );

  row(53, "the same page token twice is an error, an empty page with a token is not", async () => {
    const looping = await createSignedInHome({
      org: { accounts: 250 },
      paging: { repeatToken: true },
    });
    expect(await looping.run(["accounts"])).toMatchObject({
      exitCode: 6,
      stdout: "",
      stderr: expect.stringContaining("the same page twice"),
    });
    const gappy = await createSignedInHome({
      org: { accounts: 250 },
      paging: { emptyPages: true },
    });
    expect(await gappy.runJson(["accounts"])).toHaveLength(250);
    expect(gappy.emulator.journal.count("ListAccounts")).toBeGreaterThan(3);
  });

  row(
    54,
    "665 accounts under the quota: all of them, 429s borne, no more than the quota asked in a second",
    async () => {
      const home = await createSignedInHome({
        org: { accounts: 665, roles: 2 },
        rate: { burst: 20, refillPerSecond: 20 },
      });
      home.emulator.journal.clear();
      expect(await home.runJson(["roles"])).toHaveLength(1330);
      const served = home.emulator.journal.entries({ route: "ListAccountRoles", status: 200 });
      expect(served).toHaveLength(665);
      const seconds = (served.at(-1)?.arrivedAtMs ?? 0) - (served[0]?.arrivedAtMs ?? 0);
      expect(665 / (seconds / 1000)).toBeLessThan(22);
    },
    patience(180_000),
  );

  row(77, "a session of another region: exit 6, and the hint is to check the region", async () => {
    const home = await createHome({ startUrls: { allow: ["https://other.awsapps.com/start"] } });
    home.write(".aws/config", SESSION_CONFIG);
    const result = await home.run(["login", "--no-browser"]);
    expect(result).toMatchObject({
      exitCode: 6,
      stdout: "",
      stderr: expect.stringMatching(/start URL and the region of the session/),
    });
    expect(
      home.emulator.journal.count("StartDeviceAuthorization", ({ status }) => status >= 400),
    ).toBe(1);
  });

  row(92, "latchkey's own files full of nonsense: a cache miss, written again", async () => {
    const home = await createSignedInHome();
    const first = await home.run(ROLE);
    const paths = [...takeSnapshot(home).keys()].filter(
      (path) =>
        path.startsWith(".aws/latchkey/") &&
        !path.includes("/locks/") &&
        !path.includes("/backups/"),
    );
    expect(paths.length).toBeGreaterThan(1);
    for (const path of paths)
      home.write(
        path,
        Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 97) % 256)).toString(
          "latin1",
        ),
      );
    const again = await home.run(ROLE);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stdout).not.toBe(first.stdout);
    expect(await home.run(["accounts"])).toMatchObject({ exitCode: 0 });
    expect(await home.run(["login", "--force", "--no-browser"])).toMatchObject({ exitCode: 0 });
  });

  row(
    95,
    "file times in the future do no harm: the token's causes one fetch, the others none",
    async () => {
      const home = await createSignedInHome();
      const { utimesSync } = await import("node:fs");
      const first = await home.run(ROLE);
      const future = new Date("2040-01-01");
      for (const path of takeSnapshot(home).keys())
        utimesSync(`${home.path}/${path}`, future, future);
      const second = await home.run(ROLE);
      expect(second).toMatchObject({ exitCode: 0, stderr: "" });
      expect(second.stdout).not.toBe(first.stdout);
      expect(await home.run(ROLE)).toEqual(second);
      expect(home.emulator.journal.count("GetRoleCredentials")).toBe(2);
      expect(await home.run(["accounts"])).toMatchObject({ exitCode: 0 });
    },
  );

  row(
    98,
    "a cache of a later version is a miss, and is only deleted when it is replaced",
    async () => {
      const home = await createSignedInHome();
      await home.run(ROLE);
      const [path = ""] = [...takeSnapshot(home).keys()].filter((candidate) =>
        candidate.includes("/role-credentials/"),
      );
      const later = JSON.stringify({ ...(JSON.parse(home.read(path)) as object), version: 99 });
      home.write(path, later);
      home.emulator.setFault({ route: "GetRoleCredentials", status: 403 });
      home.emulator.clearFaults();
      home.emulator.setFault({
        route: "GetRoleCredentials",
        status: 400,
        error: "InvalidRequestException",
        times: 1,
      });
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 6 });
      expect(home.read(path)).toBe(later);
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
      expect((JSON.parse(home.read(path)) as { version: number }).version).toBe(1);
    },
  );

  row(
    76,
    "FIPS endpoints are used if the environment selects them, and a missing endpoint is named",
    async () => {
      const home = await createSignedInHome();
      const { startConnectProxy } = await import("./support/raw-servers.ts");
      const proxy = await startConnectProxy(1, "502 Bad Gateway");
      const env = {
        AWS_ENDPOINT_URL_SSO: undefined,
        AWS_USE_FIPS_ENDPOINT: "true",
        HTTPS_PROXY: `http://${proxy.host}`,
      };
      const result = await home.run(ROLE, { env });
      expect(result).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr: expect.stringContaining("The access portal in us-east-1"),
      });
      expect(proxy.asked[0]?.target).toBe("portal.sso-fips.us-east-1.amazonaws.com:443");
    },
  );

  row(
    75,
    "a dual-stack instance is asked at its dual-stack host if the environment selects it",
    async () => {
      const home = await createHome();
      home.write(
        ".aws/config",
        SESSION_CONFIG.replace(
          "https://emu.awsapps.com/start",
          "https://ssoins-1234567890abcdef.portal.us-east-1.app.aws",
        ),
      );
      const { startConnectProxy } = await import("./support/raw-servers.ts");
      const proxy = await startConnectProxy(1, "502 Bad Gateway");
      const env = {
        AWS_ENDPOINT_URL_SSO_OIDC: undefined,
        AWS_USE_DUALSTACK_ENDPOINT: "true",
        HTTPS_PROXY: `http://${proxy.host}`,
      };
      expect(await home.run(["login", "--no-browser"], { env })).toMatchObject({ exitCode: 6 });
      expect(proxy.asked[0]?.target).toBe("oidc.us-east-1.api.aws:443");
    },
  );

  row(
    75,
    "an endpoint from the environment is used unchanged, whichever variant the environment selects",
    async () => {
      const home = await createSignedInHome();
      const env = { AWS_USE_DUALSTACK_ENDPOINT: "true", AWS_USE_FIPS_ENDPOINT: "true" };
      expect(await home.run(["login", "--force", "--no-browser"], { env })).toMatchObject({
        exitCode: 0,
      });
      expect(await home.run(["whoami", "okta"], { env })).toMatchObject({ exitCode: 0 });
    },
  );
});

describe("sizes", () => {
  row(18, "an answer of a hundred megabytes is cut off, exit 6", async () => {
    const home = await createSignedInHome();
    const huge = await startHttpServer(() => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: `{"accountList": [${'{"accountId": "100000000001", "accountName": "x"},'.repeat(200_000)}`,
    }));
    const result = await home.run(["accounts"], { env: { AWS_ENDPOINT_URL_SSO: huge.url } });
    expect(result).toMatchObject({
      exitCode: 6,
      stdout: "",
      stderr: expect.stringContaining("larger than any answer"),
    });
    expect(huge.seen).toHaveLength(1);
  });
});
