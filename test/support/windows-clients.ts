import { join } from "node:path";
import { CHECKOUT } from "./program.ts";

/** AWS clients for Windows, built by scripts/tools/windows/clients.ts in the folder that the variable contains. */

const FOLDER = process.env["LATCHKEY_WINDOWS_CLIENTS"] ?? "";

export const WINDOWS_PYTHON = join(FOLDER, "python", "python.exe");
export const PYTHON_VARIABLES = {
  PYTHONPATH: join(FOLDER, "python-packages"),
};

/** The command of each client. It takes a profile as its last argument and prints the ARN. */
export const WINDOWS_CLIENTS: Readonly<Record<string, readonly string[]>> = {
  "the SDK for JavaScript": [process.execPath, locate("javascript-witness.mjs"), "identity"],
  boto3: [WINDOWS_PYTHON, locate("boto3_witness.py"), "identity"],
  "the SDK for Go v2": [join(FOLDER, "witness.exe"), "identity"],
};

function locate(name: string): string {
  return join(CHECKOUT, "test", "interop", "clients", name);
}
