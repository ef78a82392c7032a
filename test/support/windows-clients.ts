import { join } from "node:path";
import { CHECKOUT } from "./program.ts";

/** Windows' own clients, which scripts/tools/windows/clients.ts made in the folder that the variable names. */

const FOLDER = process.env["LATCHKEY_WINDOWS_CLIENTS"] ?? "";

export const WINDOWS_PYTHON = join(FOLDER, "python", "python.exe");
export const PYTHON_VARIABLES = {
  PYTHONPATH: join(FOLDER, "python-packages"),
};

/** The words after which each client takes a profile, and prints its ARN. */
export const WINDOWS_CLIENTS: Readonly<Record<string, readonly string[]>> = {
  "the SDK for JavaScript": [process.execPath, locate("javascript-witness.mjs"), "identity"],
  boto3: [WINDOWS_PYTHON, locate("boto3_witness.py"), "identity"],
  "the SDK for Go v2": [join(FOLDER, "witness.exe"), "identity"],
};

function locate(name: string): string {
  return join(CHECKOUT, "test", "interop", "clients", name);
}
