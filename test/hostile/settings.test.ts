import { chmodSync, chownSync } from "node:fs";
import { expect, test } from "vitest";
import type { Diagnosis } from "../../src/doctor/findings.ts";
import { CORP_TOKEN, parseOutput, testOnPosixOnly, type Home } from "../support/home.ts";
import { createPlainHome, giveAway, NOBODY, runAs, testAsRoot } from "../support/places.ts";
import { createConfiguredHome, readMode } from "../support/secrets.ts";
import { NO_MODES } from "../support/windows.ts";

/** Kind 3: settings that other users wrote or can write. */

const SETTINGS = ".config/latchkey/settings.json";
const MALLORY = 12_345;

/** Writes settings whose browser leaves a file when it is started. */
function writeSettings(home: Home): string {
  const browser = home.write("bin/browser", `#!/bin/sh\necho "$@" >> ${home.path}/opened\n`, 0o755);
  return home.write(SETTINGS, JSON.stringify({ browser, "default-region": "eu-west-1" }));
}

testOnPosixOnly(NO_MODES)(
  "3.25: settings that only the user can write are used (the control)",
  async () => {
    for (const mode of [0o600, 0o644]) {
      const home = await createConfiguredHome();
      chmodSync(writeSettings(home), mode);
      const { stderr } = await home.run(["login"]);
      expect(stderr).not.toContain("latchkey ignores it");
      expect(home.exists("opened")).toBe(true);
    }
  },
);

test.each(["620", "602", "777"])(
  "3.26: settings of mode %s start no browser; the command and the doctor report it once",
  async (mode) => {
    const home = await createConfiguredHome();
    const path = writeSettings(home);
    chmodSync(path, parseInt(mode, 8));
    const login = await home.run(["login"]);
    expect(login).toMatchObject({ exitCode: 0 });
    expect(login.stderr.match(/settings\.json can be written by others/g)).toHaveLength(1);
    expect(login.stderr).toContain(`Cure: chmod 600 ${path}`);
    expect(home.exists("opened")).toBe(false);
    expect(home.exists(CORP_TOKEN)).toBe(true);
    const doctor = await home.run(["doctor", "--offline", "--json"]);
    expect(parseOutput<Diagnosis>(doctor).findings.map(({ id }) => id)).toContain(
      "settings-not-believed",
    );
    expect((await home.run(["settings", "default-region"])).stdout).toBe("");
  },
);

testOnPosixOnly(NO_MODES)(
  "3.27: a change does not make ignored settings effective: they are kept beside the new file",
  async () => {
    const home = await createConfiguredHome();
    const path = writeSettings(home);
    const before = home.read(SETTINGS);
    chmodSync(path, 0o666);
    expect(await home.run(["settings", "time", "12h"])).toMatchObject({
      exitCode: 0,
      stdout: "12h\n",
    });
    expect(home.readJson(SETTINGS)).toEqual({ time: "12h" });
    expect(readMode(path)).toBe("600");
    expect(home.read(`${SETTINGS}.not-believed`)).toBe(before);
  },
);

testAsRoot("3.28: settings that another user owns are neither used nor written", async () => {
  const home = await createPlainHome();
  const path = writeSettings(home);
  chmodSync(path, 0o644);
  giveAway(home.path, NOBODY);
  for (const owner of [MALLORY, 0]) {
    chownSync(path, owner, owner);
    const before = home.read(SETTINGS);
    const login = await runAs(NOBODY, home, ["login", "--force"]);
    expect(login, login.stderr).toMatchObject({ exitCode: 0 });
    expect(login.stderr.match(/settings\.json belongs to/g)).toHaveLength(1);
    expect(home.exists("opened")).toBe(false);
    const doctor = await runAs(NOBODY, home, ["doctor", "--offline"]);
    expect(doctor.stdout).toContain("settings-not-believed");
    const change = await runAs(NOBODY, home, ["settings", "time", "12h"]);
    expect(change).toMatchObject({ exitCode: 8 });
    expect(change.stderr).toContain(`sudo chown nobody ${path}`);
    expect(home.read(SETTINGS)).toBe(before);
  }
});

testAsRoot(
  "3.29: root uses the settings of the home's owner, who stays their owner, and no other user's",
  async () => {
    const home = await createPlainHome();
    const path = writeSettings(home);
    giveAway(home.path, NOBODY);
    expect(await runAs(0, home, ["settings", "default-region"])).toMatchObject({
      stdout: "eu-west-1\n",
    });
    expect(await runAs(0, home, ["settings", "time", "12h"])).toMatchObject({ exitCode: 0 });
    expect(await runAs(NOBODY, home, ["settings", "time"])).toMatchObject({
      stdout: "12h\n",
      stderr: "",
    });
    chownSync(path, MALLORY, MALLORY);
    const { stdout, stderr } = await runAs(0, home, ["settings", "default-region"]);
    expect(stdout).toBe("");
    expect(stderr).toContain("latchkey ignores it");
  },
);
