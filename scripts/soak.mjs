// Storms with random faults for a time given in minutes: `npm run soak -- 5`. Prints calls, faults and losses.
// A loss is a caller that got nothing, although the session could be refreshed and every fault was one that passes.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const minutes = Number(process.argv[2] ?? 1);
if (!(minutes > 0)) throw new Error("usage: npm run soak -- MINUTES");

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const program = join(root, "bin", "run.js");
const home = mkdtempSync(join(tmpdir(), "latchkey-soak-"));
// sha1("corp"): the token file's name in every AWS client.
const tokenFile = join(home, ".aws", "sso", "cache", "ee0bfd2552fbd840c02cc48b6e823320543c450f.json");
const emulator = spawn(process.execPath, [program, "emulator", "--auto-approve", "--accounts", "4"], { stdio: ["ignore", "pipe", "inherit"] });

const counted = { calls: 0, served: 0, killed: 0, losses: 0, storms: 0, faults: {} };
const count = (fault) => (counted.faults[fault] = (counted.faults[fault] ?? 0) + 1);
const pick = (list) => list[Math.floor(Math.random() * list.length)];

try {
  const ready = await new Promise((resolve, reject) => {
    emulator.stdout.once("data", (line) => resolve(JSON.parse(String(line))));
    emulator.once("exit", () => reject(new Error("the emulator did not start")));
  });
  const env = { PATH: process.env.PATH, HOME: home, ...ready.env };
  const knob = (name, input) => fetch(`${ready.url}/_emu/${name}`, { method: "POST", body: JSON.stringify(input) });
  const latchkey = (...argv) => execFileSync(process.execPath, [program, ...argv], { env, stdio: "ignore" });
  latchkey("configure", "session", "--sso-session", "corp", "--start-url", ready.startUrl, "--sso-region", ready.region, "--yes");
  latchkey("login", "--no-browser", "--sso-session", "corp");

  const rewriteToken = (change) => writeFileSync(tokenFile, JSON.stringify({ ...JSON.parse(readFileSync(tokenFile, "utf8")), ...change }));
  const faults = {
    throttled: () => knob("setFault", { route: pick(["CreateToken", "GetRoleCredentials"]), status: 429, times: 2 }),
    trouble: () => knob("setFault", { route: pick(["CreateToken", "GetRoleCredentials"]), status: 503, times: 2 }),
    dropped: () => knob("setFault", { route: "GetRoleCredentials", drop: pick(["before", "mid-body"]), times: 2 }),
    slow: () => knob("setFault", { route: pick(["CreateToken", "GetRoleCredentials"]), delayMs: 800, times: 3 }),
    "token expired": () => rewriteToken({ expiresAt: "2020-01-01T00:00:00Z" }),
    "token revoked": () => knob("expireAccessTokens", {}),
    "caches emptied": () => rmSync(join(home, ".aws", "latchkey", "role-credentials"), { recursive: true, force: true }),
    "rewritten by another client": () => {
      const beside = `${tokenFile}.other`;
      writeFileSync(beside, readFileSync(tokenFile));
      renameSync(beside, tokenFile);
    },
  };

  const caller = (accountId) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [program, "credential-process", "--sso-session", "corp", "--account-id", accountId, "--role-name", "ViewOnlyAccess"], { env, stdio: ["ignore", "pipe", "pipe"] });
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk) => (stdout += String(chunk)));
      child.stderr.on("data", (chunk) => (stderr += String(chunk)));
      const victim = Math.random() < 0.03;
      if (victim) setTimeout(() => child.kill("SIGKILL"), Math.random() * 400);
      child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    });

  const end = Date.now() + minutes * 60_000;
  while (Date.now() < end) {
    counted.storms += 1;
    await knob("clearFaults", {});
    for (const name of Object.keys(faults)) {
      if (Math.random() > 0.35) continue;
      await faults[name]();
      count(name);
    }
    const results = await Promise.all(Array.from({ length: 16 }, () => caller(pick(["100000000001", "100000000002", "100000000003", "100000000004"]))));
    for (const { code, signal, stdout, stderr } of results) {
      counted.calls += 1;
      if (signal === "SIGKILL") {
        counted.killed += 1;
        count("killed");
      } else if (code === 0 && typeof JSON.parse(stdout).AccessKeyId === "string") counted.served += 1;
      else {
        counted.losses += 1;
        console.error(`loss (exit ${code}): ${stderr.trim()}`);
      }
    }
  }
  console.log(`${counted.calls} calls in ${counted.storms} storms: ${counted.served} served, ${counted.killed} killed, ${counted.losses} lost`);
  console.log(`faults: ${Object.entries(counted.faults).map(([name, times]) => `${name} ${times}`).join(", ")}`);
  if (counted.losses > 0) process.exitCode = 1;
} finally {
  emulator.kill("SIGINT");
  rmSync(home, { recursive: true, force: true });
}
