import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { transformSync } from "rolldown/utils";
import { expect, test } from "vitest";
import { CHECKOUT } from "../support/checkout.ts";

/** Node 10 and 12, which cannot be installed here, are replaced by their syntax and their modules. */

const ENTRY = join(CHECKOUT, "bin", "run.js");
const text = readFileSync(ENTRY, "utf8").replace(/^#!.*/, "");

test("bin/run.js has only syntax that Node 10 can read", () => {
  const translate = (target: string): string => transformSync(ENTRY, text, { target }).code;
  expect(translate("node10")).toBe(translate("esnext"));
  // The translation is not idle.
  expect(transformSync(ENTRY, "f(a ?? b)", { target: "node10" }).code).not.toContain("??");
});

test.each(["10.24.1", "12.22.9", "14.17.0", "20.20.2", "24.14.0", "25.9.0"])(
  "Node %s is refused with a hint, before any module of latchkey is loaded",
  (version) => {
    const written: string[] = [];
    const process = {
      versions: { node: version },
      version: `v${version}`,
      argv: ["node", ENTRY, "login"],
      stderr: { write: (line: string) => written.push(line) },
      exitCode: 0,
    };
    const load = (name: string): unknown => {
      // These versions have no names with the prefix node:.
      if (name === "path") return { join };
      throw new Error(`Cannot find module '${name}'`);
    };
    runInNewContext(text, { process, require: load });
    expect(process.exitCode).toBe(2);
    expect(written).toEqual([
      `latchkey: error: This Node is too old: v${version}.\nlatchkey: hint: latchkey needs Node 22.22, 24.15, or 26 and later.\n`,
    ]);
  },
);
