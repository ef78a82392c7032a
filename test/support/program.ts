import { resolve } from "node:path";
import { CHECKOUT } from "./checkout.ts";

export { CHECKOUT } from "./checkout.ts";

/** The built program. A test that imports this module, directly or not, is no unit test (see unit-files.ts). */

/** The standalone executable to test instead of Node and bin/run.js, if the variable is set. */
const standalone = process.env["LATCHKEY_TEST_PROGRAM"];

/** The arguments that start the program with Node, from another checkout if the variable is set. */
export const NODE_PROGRAM: readonly [string, string] = [
  process.execPath,
  resolve(CHECKOUT, process.env["LATCHKEY_TEST_CHECKOUT"] ?? "", "bin", "run.js"),
];

/** The arguments that start the program under test. */
export const PROGRAM: readonly [string, ...string[]] =
  standalone === undefined ? NODE_PROGRAM : [resolve(CHECKOUT, standalone)];

export const isStandalone = standalone !== undefined;
