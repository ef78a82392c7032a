// The rows of the benchmark that are about a long listing: one whole process each, against the emulator's realistic rate
// limit, beside the time that the limit itself allows for the requests which such a listing needs.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROLES_PER_ACCOUNT = 4;
/** What the service gives at most in one answer: four roles never need a second page, accounts do. */
const PAGE = 100;

/**
 * @param program bin/run.js
 * @param nodeFlags for the processes that are measured
 * @param accounts how many the org has
 * @param rows `{name, argv, isGood(stdout, roles)}`: each is run once, since that takes minutes
 * @returns for each row `{name, seconds, allowedSeconds, peakMegabytes}`; `{name}` where the run failed, or where
 *   something is missing from what it did
 */
export async function benchListings({ program, nodeFlags, accounts, rows }) {
  if (rows.length === 0) return [];
  const home = mkdtempSync(join(tmpdir(), "latchkey-bench-listing-"));
  const emulator = spawn(
    process.execPath,
    [
      program,
      "emulator",
      "--auto-approve",
      "--accounts",
      String(accounts),
      "--roles",
      String(ROLES_PER_ACCOUNT),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const ready = await new Promise((resolve, reject) => {
      emulator.stdout.once("data", (line) => resolve(JSON.parse(String(line))));
      emulator.once("exit", () => reject(new Error("the emulator did not start")));
    });
    const env = { PATH: process.env.PATH, HOME: home, ...ready.env };
    const latchkey = (...argv) =>
      execFileSync(process.execPath, [program, ...argv], {
        env,
        stdio: ["ignore", "ignore", "ignore"],
      });
    latchkey(
      "configure",
      "session",
      "--sso-session",
      "corp",
      "--start-url",
      ready.startUrl,
      "--sso-region",
      ready.region,
      "--yes",
    );
    latchkey("login", "--no-browser");
    const measured = [];
    for (const { name, argv, isGood } of rows) {
      const rate = await freshLimit(ready.url);
      // What the row before has kept must not answer for this one.
      rmSync(join(home, ".aws", "latchkey", "access"), { recursive: true, force: true });
      const { seconds, exitCode, stdout, peakMegabytes } = await timed(
        [...nodeFlags, program, ...argv],
        env,
      );
      const isWhole = exitCode === 0 && isGood(stdout, accounts * ROLES_PER_ACCOUNT);
      measured.push(
        isWhole
          ? { name, seconds, allowedSeconds: allowedSeconds(accounts, rate), peakMegabytes }
          : { name },
      );
    }
    return measured;
  } finally {
    emulator.kill("SIGINT");
    rmSync(home, { recursive: true, force: true });
  }
}

/** Turning the knob fills the bucket: every row begins with the same. */
async function freshLimit(url) {
  await fetch(`${url}/_emu/rate`, { method: "POST", body: '"realistic"' });
  return (await (await fetch(`${url}/_emu/settings`)).json()).rate;
}

function allowedSeconds(accounts, { burst, refillPerSecond }) {
  const requests = Math.ceil(accounts / PAGE) + accounts * Math.ceil(ROLES_PER_ACCOUNT / PAGE);
  return (requests - burst) / refillPerSecond;
}

function timed(argv, env) {
  const started = performance.now();
  const child = spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({
        seconds: (performance.now() - started) / 1000,
        exitCode,
        stdout,
        peakMegabytes: Number(/^peak (\d+)$/m.exec(stderr)?.[1] ?? 0) / 1024,
      }),
    );
  });
}
