import { afterEach, describe, expect } from "vitest";
import { type Home } from "../support/home.ts";
import { row } from "./support/row.ts";
import {
  createKeychainHome,
  SEALED_TOKEN,
  createSignedInKeychainHome,
} from "./support/sealed-home.ts";
import {
  startLockedSecretService,
  startSecretService,
  startSilentBus,
} from "./support/secret-service.ts";
import { patience } from "../support/patience.ts";

const ROLE = [
  "--sso-session",
  "corp",
  "--account-id",
  "100000000001",
  "--role-name",
  "ViewOnlyAccess",
];
type Env = Readonly<Record<string, string>>;

const stops: Array<() => unknown> = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Expects exit 8 with a cure, in time, with no request to the service and no secret stored in plain text. */
async function expectRefusals(
  home: Home,
  env: Env,
  seconds: number,
  message: RegExp,
): Promise<void> {
  const before = home.emulator.journal.entries().length;
  for (const argv of [["credential-process", ...ROLE], ["login", "--no-browser"], ["accounts"]]) {
    const started = performance.now();
    const result = await home.run(argv, { env });
    expect(result).toMatchObject({
      exitCode: 8,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
    expect(result.stderr).toContain("latchkey settings storage file");
    expect((performance.now() - started) / 1000, argv[0]).toBeLessThan(patience(seconds));
  }
  expect(home.emulator.journal.entries()).toHaveLength(before);
  expect([...home.list(".aws/sso/cache"), ...home.list(".aws/latchkey/role-credentials")]).toEqual(
    [],
  );
}

/** Expects that status and logout work without the keychain. */
async function expectStatusAndLogout(home: Home, env: Env): Promise<void> {
  expect(await home.run(["status"], { env })).toMatchObject({
    exitCode: 4,
    stdout: expect.stringContaining("unreadable"),
    stderr: expect.stringContaining("keychain"),
  });
  expect(await home.run(["logout"], { env })).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining("did not confirm"),
  });
  expect(home.exists(SEALED_TOKEN)).toBe(false);
}

describe("a keychain that fails", () => {
  row(
    91,
    "a Secret Service that never answers ends in exit 8 within seconds",
    async () => {
      const service = await startSecretService();
      stops.push(() => service.stop());
      const home = await createSignedInKeychainHome(service.env);
      service.suspend();
      await expectRefusals(
        home,
        service.env,
        10,
        /keychain (has not answered within 3 s|can't be used)/,
      );
      await expectStatusAndLogout(home, service.env);
    },
    patience(120_000),
  );

  row(
    91,
    "latchkey gives up after 3 s on a bus that accepts connections and never answers",
    async () => {
      const bus = await startSilentBus();
      stops.push(() => bus.stop());
      const home = await createKeychainHome();
      await expectRefusals(home, bus.env, 10, /keychain has not answered within 3 s/);
      expect(bus.connections()).toBe(3);
    },
    patience(120_000),
  );

  row(91, "a missing keychain is reported at once", async () => {
    const home = await createKeychainHome();
    await expectRefusals(home, {}, 5, /keychain can't be used: /);
    expect(
      await home.run(["settings", "--sso-session", "corp", "storage", "keychain"]),
    ).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("nothing can be kept there yet"),
    });
    expect(await home.run(["settings", "--sso-session", "corp", "storage", "file"])).toMatchObject({
      exitCode: 0,
    });
    expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
  });

  row(91, "a locked keychain with no one to unlock it ends in exit 8", async () => {
    const service = await startLockedSecretService();
    stops.push(() => service.stop());
    await expectRefusals(
      await createKeychainHome(),
      service.env,
      10,
      /keychain (has not answered within 3 s|can't be used)/,
    );
  });

  row(
    91,
    "a storage setting that this version does not support is refused, not read as files",
    async () => {
      const home = await createKeychainHome();
      home.write(".config/latchkey/settings.json", JSON.stringify({ storage: "keychian" }));
      for (const argv of [
        ["credential-process", ...ROLE],
        ["login", "--no-browser"],
      ]) {
        expect(await home.run(argv)).toMatchObject({
          exitCode: 7,
          stderr: expect.stringContaining("keychian"),
        });
      }
      expect(await home.run(["settings", "storage", "file"])).toMatchObject({ exitCode: 0 });
      expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
    },
  );
});
