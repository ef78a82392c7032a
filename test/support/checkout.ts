import { join, resolve } from "node:path";

/** The checkout that tests and scripts work in. */
export const CHECKOUT = resolve(import.meta.dirname, "..", "..");

/** The program's entry file for Node. */
export const ENTRY = join(CHECKOUT, "bin", "run.js");
