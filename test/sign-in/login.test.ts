import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { acquireLock } from "../../src/fs/lock.ts";
import { login } from "../../src/sign-in/login.ts";
import { tokenLockName } from "../../src/token/refresh.ts";
import { createContext } from "../support/context.ts";
import { CORP_TOKEN, createEmulatedHome, SESSION_CONFIG } from "../support/emulated-home.ts";
import { writeTokenFile } from "../support/federation.ts";

const CORP = {
  name: "corp",
  startUrl: "https://emu.awsapps.com/start",
  region: "us-east-1",
  registrationScopes: ["sso:account:access"],
};

test(
  "a login does not write its token while a refresh holds the lock of the old one",
  { tags: ["long"] },
  async () => {
    const home = await createEmulatedHome();
    home.write(".aws/config", SESSION_CONFIG);
    await writeTokenFile(home);
    const before = home.read(CORP_TOKEN);
    home.emulator.autoApprove(0);
    const refresh = await acquireLock(home.path, tokenLockName(CORP), {
      timeoutMilliseconds: 0,
      monotonic: () => performance.now(),
      sleep,
    });
    home.emulator.journal.clear();
    // A wait that takes no time would let nothing else run.
    const wait = (milliseconds: number): Promise<void> => sleep(milliseconds);
    const signingIn = login({ ...createContext(home), sleep: wait }, CORP, {
      force: true,
      openBrowser: false,
    });
    await home.emulator.journal.waitFor("CreateToken");
    // A login that does not wait would need only some milliseconds for the rest.
    expect(await Promise.race([signingIn, sleep(500, "it waits")])).toBe("it waits");
    expect(home.read(CORP_TOKEN)).toBe(before);
    refresh.release();
    expect(await signingIn).toMatchObject({ alreadySignedIn: false });
    expect(home.read(CORP_TOKEN)).not.toBe(before);
  },
);
