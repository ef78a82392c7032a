import { resolve } from "node:path";
import { CHECKOUT } from "./checkout.ts";

export { CHECKOUT } from "./checkout.ts";

/** The built program: a test that reaches this module starts it (unit-files.ts goes by that). */

/** The standalone executable to test in place of Node and bin/run.js, where the variable names one. */
const standalone = process.env["LATCHKEY_TEST_PROGRAM"];

/** The words that start the program as Node runs it; of another checkout, where the variable names one. */
export const NODE_PROGRAM: readonly [string, string] = [
  process.execPath,
  resolve(CHECKOUT, process.env["LATCHKEY_TEST_CHECKOUT"] ?? "", "bin", "run.js"),
];

/** The words that start the program under test. */
export const PROGRAM: readonly [string, ...string[]] =
  standalone === undefined ? NODE_PROGRAM : [resolve(CHECKOUT, standalone)];

export const isStandalone = standalone !== undefined;
