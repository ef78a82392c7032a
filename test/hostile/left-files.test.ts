import { existsSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { CORP_TOKEN, type Home } from "../support/home.ts";
import {
  CONFIGURE,
  createConfiguredHome,
  expectSuccess,
  LOGIN,
  SETTING,
} from "../support/secrets.ts";

/** Kind 3: temporary files that a killed process leaves between a write and the rename. */

/** Creates a home with a temporary file of a token, as left between its write and its rename. */
async function createKilledHome(): Promise<{ home: Home; left: string }> {
  const home = await createConfiguredHome();
  await expectSuccess(home, LOGIN);
  const token = join(home.path, CORP_TOKEN);
  const left = join(dirname(token), `.${basename(token)}.0123456789abcdef.tmp`);
  renameSync(token, left);
  await expectSuccess(home, LOGIN);
  return { home, left };
}

test.each(["logout", "logout --forget", "logout --all", "logout --all --forget"])(
  "3.10: `%s` ends the token of a temporary file at the service, and removes the file",
  async (line) => {
    const { home, left } = await createKilledHome();
    await expectSuccess(home, line.split(" "));
    expect(home.emulator.journal.count("Logout", { status: 200 })).toBe(2);
    expect(existsSync(left)).toBe(false);
    expect(home.list(".aws/sso/cache")).toEqual([]);
  },
);

test("3.11: a sign-in of which only a temporary file is left is ended as well", async () => {
  const { home, left } = await createKilledHome();
  renameSync(join(home.path, CORP_TOKEN), left);
  const { exitCode, stdout, stderr } = await home.run(["logout", "--json"]);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    sessions: [{ session: "corp", revoked: true, removed: [left] }],
  });
  expect(home.emulator.journal.count("Logout", { status: 200 })).toBe(1);
});

test("3.12: a temporary file with an incomplete token, or of another portal, is not a token of the session", async () => {
  const { home, left } = await createKilledHome();
  writeFileSync(left, " ".repeat(500));
  const foreign = left.replace("0123456789abcdef", "fedcba9876543210");
  const text = home
    .read(CORP_TOKEN)
    .replace(home.emulator.startUrl, "https://other.awsapps.com/start");
  writeFileSync(foreign, text);
  await expectSuccess(home, ["logout"]);
  expect(home.emulator.journal.count("Logout")).toBe(1);
  expect(home.list(".aws/sso/cache")).toEqual([basename(foreign)]);
});

test("3.13: temporary files are removed by their names after an hour, also those of the settings library", async () => {
  const home = await createConfiguredHome();
  for (const argv of [LOGIN, SETTING, CONFIGURE]) await expectSuccess(home, argv);
  const hour = (Date.now() - 3_700_000) / 1000;
  const names = [
    ".config/latchkey/settings.json.tmp-1764468012a1b2c3",
    ".config/latchkey/.settings.json.0123456789abcdef.tmp",
    ".aws/.config.0123456789abcdef.tmp",
    ".aws/latchkey/backups/.config.20260101T000000Z.01234567.0123456789abcdef.tmp",
  ];
  const fresh = ".config/latchkey/settings.json.tmp-1764468012ffffff";
  for (const name of [...names, fresh]) home.write(name, "x");
  for (const name of names) utimesSync(join(home.path, name), hour, hour);
  for (const argv of [SETTING, ["profiles", "rm", "new", "--yes"]]) await expectSuccess(home, argv);
  expect(names.filter((name) => home.exists(name))).toEqual([]);
  expect(home.exists(fresh)).toBe(true);
});
