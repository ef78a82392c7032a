import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { listReadmeLines } from "../support/examples.ts";
import { createHome, runProgram } from "../support/home.ts";
import { patience } from "../support/patience.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** Files of a clone, with only one test file: this test is for the README's lines, the tests have their own runs. */
const CLONE = [
  "bin",
  "dist",
  "docs",
  "scripts",
  "src",
  "test/support",
  "test/text/redact.test.ts",
  "LICENSE",
  "README.md",
  "oclif.manifest.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "vitest.config.ts",
];

test(
  "the README's npm lines work in a clone in their order: the demo, the tests, the package, and an installation of it",
  { timeout: patience(900_000) },
  async () => {
    const home = await createHome();
    const clone = join(home.path, "clone");
    mkdirSync(clone);
    for (const path of CLONE) cpSync(join(ROOT, path), join(clone, path), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(clone, "node_modules"));
    const prefix = join(home.path, "installed");
    const env = {
      PATH: home.env["PATH"] ?? "",
      HOME: home.path,
      LANG: "C.UTF-8",
      npm_config_prefix: prefix,
      npm_config_prefer_offline: "true",
      npm_config_update_notifier: "false",
      ...registryVariables(),
    };
    const lines = listReadmeLines()
      .filter(({ line }) => line.startsWith("npm "))
      .map(({ line }) => line);
    expect(lines).toHaveLength(5);
    for (const line of lines) {
      const { stdout, stderr, exitCode } = await runProgram(["sh", "-c", line], env, {
        cwd: clone,
      });
      expect({ line, exitCode }, stderr.slice(-2000)).toEqual({ line, exitCode: 0 });
      expect(`${stdout}${stderr}`.trim(), line).not.toBe("");
    }
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      version: string;
    };
    const installed = await runProgram(
      [
        process.execPath,
        join(prefix, "lib", "node_modules", "latchkey", "bin", "run.js"),
        "--version",
      ],
      env,
    );
    expect(installed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(`^latchkey/${version.replaceAll(".", "\\.")} `),
    });
  },
);

/** Returns npm's registry, CA certificates and cache of this machine, since the test's home has no such settings. */
function registryVariables(): Record<string, string> {
  const asked = ["registry", "cafile", "cache", "userconfig"].map(
    (key) =>
      [
        `npm_config_${key}`,
        execFileSync("npm", ["config", "get", key], { encoding: "utf8" }).trim(),
      ] as const,
  );
  const trusted = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY"].map(
    (name) => [name, process.env[name] ?? ""] as const,
  );
  return Object.fromEntries(
    [...asked, ...trusted].filter(([, value]) => value !== "" && value !== "null"),
  );
}
