// Prints one table, measured in one run: what a start of the program costs beside a start of Node alone.
// hyperfine (Debian's package) where it is on PATH, else a plain loop here. Every sample checks exit code and output.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const program = join(root, "bin", "run.js");
const runs = Number(process.argv.includes("--quick") ? 5 : 15);
const home = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
const emulator = spawn(process.execPath, [program, "emulator", "--auto-approve"], { stdio: ["ignore", "pipe", "inherit"] });

try {
  const ready = await new Promise((resolve, reject) => {
    emulator.stdout.once("data", (line) => resolve(JSON.parse(String(line))));
    emulator.once("exit", () => reject(new Error("the emulator did not start")));
  });
  const env = { PATH: process.env.PATH, HOME: home, ...ready.env };
  const latchkey = (...argv) => execFileSync(process.execPath, [program, ...argv], { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const role = ["--sso-session", "corp", "--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
  latchkey("configure", "--profile", "okta", ...role, "--start-url", ready.startUrl, "--sso-region", ready.region, "--yes");
  latchkey("login", "--no-browser");
  latchkey("credential-process", ...role);

  const dropRoles = () => rmSync(join(home, ".aws", "latchkey", "role-credentials"), { recursive: true, force: true });
  const expireToken = () => {
    dropRoles();
    const path = join(home, ".aws", "sso", "cache", "ee0bfd2552fbd840c02cc48b6e823320543c450f.json");
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), expiresAt: "2020-01-01T00:00:00Z" }));
  };
  const isCredentials = (text) => typeof JSON.parse(text).AccessKeyId === "string";
  const rows = [
    ["node -e 0", ["-e", "0"], undefined, () => true],
    ["credential-process, hot", [program, "credential-process", ...role], undefined, isCredentials],
    ["credential-process, cold: role credentials", [program, "credential-process", ...role], dropRoles, isCredentials],
    ["credential-process, cold: token and role credentials", [program, "credential-process", ...role], expireToken, isCredentials],
    ["whoami", [program, "whoami", "--profile", "okta", "--json"], undefined, (text) => typeof JSON.parse(text).arn === "string"],
    ["accounts", [program, "accounts", "--json"], undefined, (text) => JSON.parse(text).length === 3],
  ];

  const medians = rows.map(([name, argv, prepare, isGood]) => [name, median(argv, env, prepare, isGood)]);
  const bare = medians[0][1];
  console.log(`\n${process.version}, ${runs} runs each, in turn; whole process, median\n`);
  console.log("| | ms | × bare Node |\n|---|---:|---:|");
  for (const [name, ms] of medians) console.log(`| ${name} | ${ms === undefined ? "failed" : ms.toFixed(0)} | ${ms === undefined ? "" : (ms / bare).toFixed(2)} |`);
} finally {
  emulator.kill("SIGINT");
  rmSync(home, { recursive: true, force: true });
}

/** The median of whole runs in milliseconds, or undefined where one of them did not give what it should. */
function median(argv, env, prepare, isGood) {
  const samples = [];
  for (let run = 0; run < runs + 1; run += 1) {
    prepare?.();
    const started = process.hrtime.bigint();
    const { status, stdout } = spawnSync(process.execPath, argv, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const elapsed = Number(process.hrtime.bigint() - started) / 1e6;
    if (status !== 0 || !isGood(stdout)) return undefined;
    // The first run fills the page cache and the compile cache.
    if (run > 0) samples.push(elapsed);
  }
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)];
}
