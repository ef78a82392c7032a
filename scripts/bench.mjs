// Prints two tables, measured in one run: what a start of the program costs beside a start of Node alone, and how long a
// listing takes beside what the service's rate limit allows. --quick: few runs, a small org. --only TEXT: the rows whose
// name has that text, and bare Node. Every sample is a whole process, and counts only if its exit code and its output are what they should be.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Bench } from "tinybench";
import { benchListings } from "./bench-listing.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const program = join(root, "bin", "run.js");
const quick = process.argv.includes("--quick");
const iterations = quick ? 5 : 20;
const accounts = quick ? 200 : 1_000;
const only = process.argv.includes("--only") ? (process.argv[process.argv.indexOf("--only") + 1] ?? "") : "";
const isWanted = ({ name }) => name.includes(only);
const home = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
const bigConfig = join(home, "big-config");
const PROFILES = 10_000;
const READ_AND_HASHED = "a config of 10 MB: read and hashed by bare Node";
writeFileSync(bigConfig, configText(PROFILES));
const smallConfig = join(home, "small-config");
writeFileSync(smallConfig, configText(1));
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
  // The same program on a small and on a large file: the one is what its start costs, and what is more is the file's.
  const onConfig = (size, file, profiles) => {
    const middle = `account-${String(Math.floor(profiles / 2)).padStart(5, "0")}`;
    return [
      { name: `a config of ${size}: profiles`, argv: [program, "profiles", "--json"], prepare: nothing, isGood: (text) => JSON.parse(text).length === profiles, variables: { AWS_CONFIG_FILE: file } },
      { name: `a config of ${size}: configure`, argv: [program, "configure", "--profile", middle, ...role.slice(0, 4), "--json", "--yes", "--role-name"], prepare: nothing, isGood: (text) => JSON.parse(text).changes.length === 1, variables: { AWS_CONFIG_FILE: file } },
    ];
  };
  const isCredentials = (text) => typeof JSON.parse(text).AccessKeyId === "string";
  const rows = [
    { name: "node -e 0", argv: ["-e", "0"], prepare: nothing, isGood: () => true },
    { name: "credential-process, hot", argv: [program, "credential-process", ...role], prepare: nothing, isGood: isCredentials },
    { name: "credential-process, cold: role credentials", argv: [program, "credential-process", ...role], prepare: dropRoles, isGood: isCredentials },
    { name: "credential-process, cold: token and role credentials", argv: [program, "credential-process", ...role], prepare: expireToken, isGood: isCredentials },
    { name: "whoami", argv: [program, "whoami", "--profile", "okta", "--json"], prepare: nothing, isGood: (text) => typeof JSON.parse(text).arn === "string" },
    { name: "accounts", argv: [program, "accounts", "--json"], prepare: nothing, isGood: (text) => JSON.parse(text).length === 3 },
    { name: "settings", argv: [program, "settings", "--json"], prepare: nothing, isGood: (text) => text.startsWith("{") },
    ...onConfig("one profile", smallConfig, 1),
    { name: READ_AND_HASHED, argv: ["-e", `const { readFileSync } = require("node:fs"); require("node:crypto").createHash("sha256").update(readFileSync(${JSON.stringify(bigConfig)})).digest()`], prepare: nothing, isGood: () => true },
    ...onConfig("10 MB", bigConfig, PROFILES),
  ];

  const bench = new Bench({ iterations, time: 0, warmupIterations: 2, warmupTime: 0 });
  const peaks = new Map();
  let edits = 0;
  for (const { name, argv, prepare, isGood, variables = {} } of rows.filter((row) => row === rows[0] || isWanted(row))) {
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
  const median = Object.fromEntries(medians);
  if (median[READ_AND_HASHED] !== undefined) tellLargeConfig(median);

  const org = `${accounts.toLocaleString("en-US")} accounts × 4 roles`;
  const listings = [
    { name: `roles of ${org}`, argv: ["roles", "--json"], isGood: (text, roles) => new Set(JSON.parse(text).map(({ accountId, roleName }) => `${accountId} ${roleName}`)).size === roles },
  ];
  const timed = await benchListings({ program, nodeFlags: ["--require", peakReporter], accounts, rows: listings.filter(isWanted) });
  if (timed.length > 0) console.log("\nwhole process, one run each, at the emulator's realistic rate limit\n\n| | s | × what the limit allows | peak MB |\n|---|---:|---:|---:|");
  for (const { name, seconds, allowedSeconds, peakMegabytes } of timed) console.log(seconds === undefined ? `| ${name} | failed | | |` : `| ${name} | ${seconds.toFixed(1)} | ${(seconds / allowedSeconds).toFixed(2)} | ${peakMegabytes.toFixed(0)} |`);
  if ([...medians.map(([, ms]) => ms), ...timed.map(({ seconds }) => seconds)].includes(undefined)) process.exitCode = 1;
} finally {
  emulator.kill("SIGINT");
  rmSync(home, { recursive: true, force: true });
}

/** The whole process against reading and hashing the file; a command that was left out of this run has no line. */
function tellLargeConfig(median) {
  console.log(`\n${READ_AND_HASHED}: ${median[READ_AND_HASHED]?.toFixed(0)} ms; against that\n`);
  console.log("| | whole process | without what a small config takes |\n|---|---:|---:|");
  for (const command of ["profiles", "configure"]) {
    const [small, large] = [median[`a config of one profile: ${command}`], median[`a config of 10 MB: ${command}`]];
    if (small !== undefined && large !== undefined) console.log(`| ${command} | ${(large / median[READ_AND_HASHED]).toFixed(2)} × | ${((large - small) / median[READ_AND_HASHED]).toFixed(2)} × |`);
  }
}

/** Profiles as people keep them: comments, blank lines, a nested block each; a kilobyte of text for one. */
function configText(profiles) {
  const session = `[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`;
  const profile = (index) =>
    `\n# ${"kept in step by hand, do not rename. ".repeat(21)}\n[profile account-${String(index).padStart(5, "0")}]\nsso_session = corp\nsso_account_id = 100000000001\n` +
    "sso_role_name = ViewOnlyAccess\nregion = eu-west-1\noutput = json\ns3 =\n  max_concurrent_requests = 20\n  addressing_style = path\n";
  return session + Array.from({ length: profiles }, (_, index) => profile(index)).join("");
}
