// Prints one table, measured in one run: what a start of the program costs beside a start of Node alone.
// Every sample is a whole process, and counts only if its exit code and its output are what they should be.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Bench } from "tinybench";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const program = join(root, "bin", "run.js");
const iterations = process.argv.includes("--quick") ? 5 : 20;
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

  const nothing = () => undefined;
  const dropRoles = () => rmSync(join(home, ".aws", "latchkey", "role-credentials"), { recursive: true, force: true });
  const expireToken = () => {
    dropRoles();
    // sha1("corp"): the token file's name in every AWS client.
    const path = join(home, ".aws", "sso", "cache", "ee0bfd2552fbd840c02cc48b6e823320543c450f.json");
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), expiresAt: "2020-01-01T00:00:00Z" }));
  };
  const isCredentials = (text) => typeof JSON.parse(text).AccessKeyId === "string";
  const rows = [
    ["node -e 0", ["-e", "0"], nothing, () => true],
    ["credential-process, hot", [program, "credential-process", ...role], nothing, isCredentials],
    ["credential-process, cold: role credentials", [program, "credential-process", ...role], dropRoles, isCredentials],
    ["credential-process, cold: token and role credentials", [program, "credential-process", ...role], expireToken, isCredentials],
    ["whoami", [program, "whoami", "--profile", "okta", "--json"], nothing, (text) => typeof JSON.parse(text).arn === "string"],
    ["accounts", [program, "accounts", "--json"], nothing, (text) => JSON.parse(text).length === 3],
  ];

  const bench = new Bench({ iterations, time: 0, warmupIterations: 2, warmupTime: 0 });
  for (const [name, argv, beforeEach, isGood] of rows) {
    const run = () => {
      const { status, stdout } = spawnSync(process.execPath, argv, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      if (status !== 0 || !isGood(stdout)) throw new Error(`${name}: exit ${status}`);
    };
    bench.add(name, run, { beforeEach });
  }
  await bench.run();

  const medians = bench.tasks.map(({ name, result }) => [name, result.state === "completed" ? result.latency.p50 : undefined]);
  const bare = medians[0][1];
  console.log(`\n${process.version}, ${iterations} runs each; whole process, median\n`);
  console.log("| | ms | × bare Node |\n|---|---:|---:|");
  for (const [name, ms] of medians) console.log(ms === undefined ? `| ${name} | failed | |` : `| ${name} | ${ms.toFixed(0)} | ${(ms / bare).toFixed(2)} |`);
  if (medians.some(([, ms]) => ms === undefined)) process.exitCode = 1;
} finally {
  emulator.kill("SIGINT");
  rmSync(home, { recursive: true, force: true });
}
