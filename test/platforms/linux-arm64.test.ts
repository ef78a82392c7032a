import { expect } from "vitest";
import {
  createKeychainHome,
  openSealedToken,
  SEALED_TOKEN,
} from "../faults/support/sealed-home.ts";
import { startSecretService } from "../faults/support/secret-service.ts";
import { describeLinuxProgram, programWords, runIn, testInRoot } from "./support/linux.ts";

const PROGRAM = programWords("linux-arm64");
const LOGIN = [...PROGRAM, "login", "--no-browser"];

describeLinuxProgram({ target: "linux-arm64", platform: "linux-arm64" });

testInRoot("on ARM the keychain's native part reaches a Secret Service", async () => {
  const service = await startSecretService();
  try {
    const home = await createKeychainHome();
    const login = await runIn(home, LOGIN, { env: service.env });
    expect(login, login.stderr).toMatchObject({ exitCode: 0 });
    expect(home.exists(SEALED_TOKEN)).toBe(true);
    // This machine's own program finds the key, and it opens what the program for ARM has sealed.
    expect(await openSealedToken(home, service.env)).toMatchObject({
      accessToken: expect.any(String),
    });
  } finally {
    await service.stop();
  }
});

testInRoot("on ARM a missing Secret Service is reported with exit code 8", async () => {
  const home = await createKeychainHome();
  const { exitCode, stderr } = await runIn(home, LOGIN, {
    env: { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" },
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 8,
    stderr: expect.stringContaining("The OS keychain can't be used"),
  });
  expect(stderr).not.toMatch(/native (binding|part)/);
});
