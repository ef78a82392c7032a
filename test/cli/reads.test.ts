import { join } from "node:path";
import { describe, expect } from "vitest";
import {
  CORP_TOKEN,
  createSignedInHome,
  expireTokenFile,
  testOnNodeOnly,
  type Home,
} from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

const test = testOnNodeOnly(
  "opened files are recorded by a Node hook; both programs are bundled from the same modules",
);

const ROLE = ["credential-process", ...OKTA_ROLE];

/** How often one run opens each file below the home for reading. A hook around `node:fs` records every open. */
async function countReads(home: Home, argv: readonly string[]): Promise<Map<string, number>> {
  const spy = home.write(
    "spy.cjs",
    `
    const fs = require("node:fs");
    const { openSync, readFileSync, writeFileSync } = fs;
    const opened = [];
    const isRead = (flags) => flags === undefined || flags === "r" || (typeof flags === "number" && (flags & 3) === 0);
    fs.openSync = (path, flags, mode) => (isRead(flags) && opened.push(String(path)), openSync(path, flags, mode));
    fs.readFileSync = (path, options) => (typeof path !== "number" && opened.push(String(path)), readFileSync(path, options));
    require("node:module").syncBuiltinESMExports();
    process.on("exit", () => writeFileSync(process.env.SPY, opened.join("\\n")));
  `,
  );
  const env = { NODE_OPTIONS: `--require ${spy}`, SPY: join(home.path, "opened") };
  const { exitCode, stderr } = await home.run(argv, { env });
  expect(exitCode, stderr).toBe(0);
  const inHome = home
    .read("opened")
    .split("\n")
    .filter((path) => path.startsWith(`${home.path}/`))
    .map((path) => path.slice(home.path.length + 1));
  return new Map(
    [...Map.groupBy(inHome, (path) => path)].map(([path, { length }]) => [path, length]),
  );
}

const SETTINGS = ".config/latchkey/settings.json";

/** A home that also has a settings file. */
async function createHomeWithSettings(): Promise<Home> {
  const home = await createSignedInHome();
  home.write(SETTINGS, JSON.stringify({ "default-region": "eu-west-1" }));
  return home;
}

describe("the files that credential-process reads", () => {
  test("are the token once and the settings once without a refresh", async () => {
    const home = await createHomeWithSettings();
    const reads = await countReads(home, ROLE);
    expect(reads.get(CORP_TOKEN)).toBe(1);
    expect(reads.get(SETTINGS)).toBe(1);
    expect(reads.get(".aws/config")).toBe(1);
  });

  test("are the token four times with a refresh: before the lock, under it, before the rename, and before the role is cached", async () => {
    const home = await createHomeWithSettings();
    expireTokenFile(home, CORP_TOKEN);
    const reads = await countReads(home, ROLE);
    expect(reads.get(CORP_TOKEN)).toBe(4);
    expect(reads.get(SETTINGS)).toBe(1);
  });

  test("are only the role's cache when hot", async () => {
    const home = await createHomeWithSettings();
    await home.run(ROLE);
    const reads = await countReads(home, ROLE);
    expect([...reads].map(([path, times]) => [path.split("/")[2], times])).toEqual([
      ["role-credentials", 1],
    ]);
  });
});
