import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVERY_COMMAND } from "../support/each-command.ts";
import { CORP_TOKEN, createSignedInHome } from "../support/home.ts";
import { CHECKOUT } from "../support/program.ts";

/** Runs every command on Windows. */

test("the table has every command", () => {
  const manifest = JSON.parse(readFileSync(join(CHECKOUT, "oclif.manifest.json"), "utf8")) as {
    readonly commands: Readonly<Record<string, unknown>>;
  };
  expect(EVERY_COMMAND.map(([id]) => id).toSorted()).toEqual(
    Object.keys(manifest.commands).toSorted(),
  );
});

test("each command exits and prints as the table has it", { timeout: 300_000 }, async () => {
  const home = await createSignedInHome();
  const failures: object[] = [];
  for (const [id, words, exitCode, says] of EVERY_COMMAND) {
    const result = await home.run([...id.split(":"), ...words]);
    if (result.exitCode !== exitCode || !says.test(result.stdout + result.stderr))
      failures.push({ id, ...result });
  }
  expect(failures).toEqual([]);
  expect(home.exists(CORP_TOKEN)).toBe(true);
});
