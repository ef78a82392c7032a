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
const bigConfig = join(home, "big-config");
const PROFILES = 10_000;
writeFileSync(bigConfig, bigConfigText());
// Every sample, bare Node's too, says at its end how much memory it had at the most.
const peakReporter = join(home, "peak.cjs");
writeFileSync(peakReporter, 'process.on("exit", () => require("node:fs").writeSync(2, `peak ${process.resourceUsage().maxRSS}\\n`));');
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
    { name: "node -e 0", argv: ["-e", "0"], prepare: nothing, isGood: () => true },
    { name: "credential-process, hot", argv: [program, "credential-process", ...role], prepare: nothing, isGood: isCredentials },
    { name: "credential-process, cold: role credentials", argv: [program, "credential-process", ...role], prepare: dropRoles, isGood: isCredentials },
    { name: "credential-process, cold: token and role credentials", argv: [program, "credential-process", ...role], prepare: expireToken, isGood: isCredentials },
    { name: "whoami", argv: [program, "whoami", "--profile", "okta", "--json"], prepare: nothing, isGood: (text) => typeof JSON.parse(text).arn === "string" },
    { name: "accounts", argv: [program, "accounts", "--json"], prepare: nothing, isGood: (text) => JSON.parse(text).length === 3 },
    { name: "completion of a profile's name", argv: [program, "__complete", "zsh", "whoami", "ok"], prepare: nothing, isGood: (text) => text.startsWith("okta\t") },
    { name: "settings (a start of oclif, and nothing else)", argv: [program, "settings", "--json"], prepare: nothing, isGood: (text) => text.startsWith("{") },
    { name: "a config of 10 MB: read and hashed by bare Node", argv: ["-e", `const { readFileSync } = require("node:fs"); require("node:crypto").createHash("sha256").update(readFileSync(${JSON.stringify(bigConfig)})).digest()`], prepare: nothing, isGood: () => true },
    { name: "a config of 10 MB: profiles", argv: [program, "profiles", "--json"], prepare: nothing, isGood: (text) => JSON.parse(text).length === PROFILES, variables: { AWS_CONFIG_FILE: bigConfig } },
    { name: "a config of 10 MB: configure", argv: [program, "configure", "--profile", "account-05000", ...role.slice(0, 4), "--json", "--yes", "--role-name"], prepare: nothing, isGood: (text) => JSON.parse(text).changes.length === 1, variables: { AWS_CONFIG_FILE: bigConfig } },
  ];

  const bench = new Bench({ iterations, time: 0, warmupIterations: 2, warmupTime: 0 });
  const peaks = new Map();
  let edits = 0;
  for (const { name, argv, prepare, isGood, variables = {} } of rows) {
    const run = () => {
      // An edit must be one: each names another role.
      const last = argv.at(-1) === "--role-name" ? [`Role${(edits += 1)}`] : [];
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", peakReporter, ...argv, ...last], { env: { ...env, ...variables }, encoding: "utf8", maxBuffer: 1e8, stdio: ["ignore", "pipe", "pipe"] });
      peaks.set(name, Math.max(peaks.get(name) ?? 0, Number(/^peak (\d+)$/m.exec(stderr)?.[1] ?? 0)));
      if (status !== 0 || !isGood(stdout)) throw new Error(`${name}: exit ${status}`);
    };
    bench.add(name, run, { beforeEach: prepare });
  }
  await bench.run();

  const medians = bench.tasks.map(({ name, result }) => [name, result.state === "completed" ? result.latency.p50 : undefined]);
  const bare = medians[0][1];
  console.log(`\n${process.version}, ${iterations} runs each; whole process, median\n`);
  console.log("| | ms | × bare Node | peak MB |\n|---|---:|---:|---:|");
  for (const [name, ms] of medians) console.log(ms === undefined ? `| ${name} | failed | | |` : `| ${name} | ${ms.toFixed(0)} | ${(ms / bare).toFixed(2)} | ${((peaks.get(name) ?? 0) / 1024).toFixed(0)} |`);
  if (medians.some(([, ms]) => ms === undefined)) process.exitCode = 1;
} finally {
  emulator.kill("SIGINT");
  rmSync(home, { recursive: true, force: true });
}

/** 10 MB of profiles as people keep them: comments, blank lines, a nested block each. */
function bigConfigText() {
  const session = `[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`;
  const profile = (index) =>
    `\n# ${"kept in step by hand, do not rename. ".repeat(21)}\n[profile account-${String(index).padStart(5, "0")}]\nsso_session = corp\nsso_account_id = 100000000001\n` +
    "sso_role_name = ViewOnlyAccess\nregion = eu-west-1\noutput = json\ns3 =\n  max_concurrent_requests = 20\n  addressing_style = path\n";
  return session + Array.from({ length: PROFILES }, (_, index) => profile(index)).join("");
}
