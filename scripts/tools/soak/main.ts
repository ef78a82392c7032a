// Callers of every kind for a given time, with faults at random: throttles, cut connections, 5xx, delays, kill -9,
// expired tokens, and a writer that takes no lock. Prints calls, faults and losses, and exits 1 on any loss: a caller
// that had a refreshable session or credentials that still lasted and got nothing, or got others than it may have.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const program = join(root, "bin", "run.js");
const minutes = Number(process.argv[2] ?? "1");
if (!(minutes > 0)) {
  console.error("usage: npm run soak -- MINUTES");
  process.exit(2);
}

const home = mkdtempSync(join(tmpdir(), "latchkey-soak-"));
// sha1("corp"): the token file's name in every AWS client.
const tokenFile = join(
  home,
  ".aws",
  "sso",
  "cache",
  "ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
);
const ACCOUNTS = ["100000000001", "100000000002", "100000000003"];
const ROLES = ["ViewOnlyAccess", "AdministratorAccess"];
const AT_ONCE = 12;
const CALLER_MILLISECONDS = 60_000;
/** Longer than a refresh goes on: without an answer it is tried once more and not twice, since each try may spend the token. */
const REFRESH_MILLISECONDS = 10_000;

const counts = { calls: 0, served: 0, killed: 0 };
const faults = {};
const losses = [];

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const noteFault = (name) => (faults[name] = (faults[name] ?? 0) + 1);

function run(argv, env, { killAfter } = {}) {
  const child = spawn(process.execPath, [program, ...argv], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const timers = [setTimeout(() => child.kill("SIGKILL"), CALLER_MILLISECONDS)];
  let killed = false;
  if (killAfter !== undefined)
    timers.push(setTimeout(() => (killed = child.kill("SIGKILL")), killAfter));
  return new Promise((resolve) =>
    child.once("close", (exitCode) => {
      timers.forEach(clearTimeout);
      resolve({ exitCode, stdout, stderr, killed: killed && exitCode === null });
    }),
  );
}

const emulator = spawn(
  process.execPath,
  [program, "emulator", "--accounts", "3", "--roles", "2", "--auto-approve"],
  { stdio: ["ignore", "pipe", "inherit"] },
);
try {
  const ready = await new Promise((resolve, reject) => {
    emulator.stdout.once("data", (line) => resolve(JSON.parse(String(line))));
    emulator.once("exit", () => reject(new Error("the emulator did not start")));
  });
  const env = { PATH: process.env.PATH, HOME: home, ...ready.env };
  const turn = (knob, input) =>
    fetch(`${ready.url}/_emu/${knob}`, { method: "POST", body: JSON.stringify(input) });
  // A killed refresher's token may be used again within the grace: else killing one would end the session by design.
  await turn("rotation", { mode: "grace", graceMs: 3_600_000 });
  const session = ["--sso-session", "corp", "--account-id", ACCOUNTS[0], "--role-name", ROLES[0]];
  for (const argv of [
    [
      "configure",
      "--profile",
      "okta",
      ...session,
      "--start-url",
      ready.startUrl,
      "--sso-region",
      ready.region,
      "--yes",
    ],
    ["login", "--no-browser"],
  ]) {
    const { exitCode, stderr } = await run(argv, env);
    if (exitCode !== 0) throw new Error(stderr);
  }

  const end = Date.now() + minutes * 60_000;
  const running = () => Date.now() < end;
  await Promise.all([
    ...Array.from({ length: AT_ONCE }, () => keepCalling(env, running)),
    keepFailing(turn, running),
    keepExpiring(running),
    keepRewriting(running),
  ]);
  await checkAllIsWell(env, turn);
} finally {
  emulator.kill("SIGINT");
  rmSync(home, { recursive: true, force: true });
}

console.log(`calls ${counts.calls}: served ${counts.served}, killed by us ${counts.killed}`);
console.log(
  `faults ${Object.values(faults).reduce((sum, count) => sum + count, 0)}: ${Object.entries(faults)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ")}`,
);
console.log(`losses ${losses.length}`);
for (const loss of losses.slice(0, 10)) console.log(`  ${loss}`);
process.exitCode = losses.length === 0 ? 0 : 1;

async function keepCalling(env, running) {
  while (running()) {
    const [accountId, roleName] = [pick(ACCOUNTS), pick(ROLES)];
    const kill = Math.random() < 0.05;
    if (kill) noteFault("kill -9");
    const result = await run(
      [
        "credential-process",
        "--sso-session",
        "corp",
        "--account-id",
        accountId,
        "--role-name",
        roleName,
      ],
      env,
      kill ? { killAfter: Math.random() * 1500 } : {},
    );
    counts.calls += 1;
    if (result.killed) counts.killed += 1;
    else await judge(result, accountId, roleName, env);
  }
}

/** No fault here lasts as long as a caller is patient: so each one must be served, and with what is its role's. */
async function judge({ exitCode, stdout, stderr }, accountId, roleName, env) {
  const who = `${roleName} in ${accountId}`;
  if (exitCode !== 0) {
    losses.push(`${who}: exit ${exitCode}: ${stderr.trim()}`);
    return;
  }
  counts.served += 1;
  let credentials;
  try {
    credentials = JSON.parse(stdout);
  } catch {
    losses.push(`${who}: not JSON: ${stdout.slice(0, 40)}`);
    return;
  }
  if (Date.parse(credentials.Expiration) <= Date.now())
    losses.push(`${who}: credentials that have expired`);
  const arn = await identityOf(credentials, env);
  if (!arn.includes(`::${accountId}:assumed-role/AWSReservedSSO_${roleName}_`))
    losses.push(`${who}: got ${arn}`);
}

/** STS of the emulator verifies the signature and says whose the keys are. */
async function identityOf(credentials, env) {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const keys = {
    accessKeyId: credentials.AccessKeyId,
    secretAccessKey: credentials.SecretAccessKey,
    sessionToken: credentials.SessionToken,
  };
  const client = new STSClient({
    endpoint: env.AWS_ENDPOINT_URL_STS,
    region: "us-east-1",
    credentials: keys,
    maxAttempts: 5,
  });
  return client.send(new GetCallerIdentityCommand({})).then(
    ({ Arn }) => Arn ?? "nobody",
    (error) => `nobody (${error.name})`,
  );
}

async function keepFailing(turn, running) {
  const kinds = [
    ["throttle", { status: 429 }],
    ["throttle with Retry-After", { status: 429, headers: { "Retry-After": "1" } }],
    ["500", { status: 500 }],
    ["503", { status: 503 }],
    ["cut before", { drop: "before" }],
    ["cut after", { drop: "after" }],
    ["cut in the body", { drop: "mid-body" }],
    ["delay", { delayMs: 1500 }],
  ];
  let lastCutRefresh = Number.NEGATIVE_INFINITY;
  while (running()) {
    const [name, fault] = pick(kinds);
    const route = pick(["GetRoleCredentials", "CreateToken"]);
    if ("drop" in fault && route === "CreateToken") {
      if (Date.now() - lastCutRefresh < REFRESH_MILLISECONDS) continue;
      lastCutRefresh = Date.now();
    }
    noteFault(name);
    const times = "drop" in fault ? 1 : 1 + Math.floor(Math.random() * 2);
    await turn("setFault", { route, times, ...fault });
    await pause(200 + Math.random() * 600);
    await turn("clearFaults", {});
    await pause(100 + Math.random() * 400);
  }
}

/** As time does it: the token ends, and so do the credentials that were got with it. */
async function keepExpiring(running) {
  while (running()) {
    await pause(1000 + Math.random() * 1500);
    noteFault("expiry");
    for (const path of filesBelow(join(home, ".aws", "latchkey", "role-credentials")).filter(
      (name) => name.endsWith(".json"),
    ))
      rmSync(path, { force: true });
    const stored = readToken();
    if (stored === undefined) continue;
    const replacement = `${tokenFile}.soak`;
    writeFileSync(replacement, JSON.stringify({ ...stored, expiresAt: "2020-01-01T00:00:00Z" }), {
      mode: 0o600,
    });
    renameSync(replacement, tokenFile);
  }
}

/** Truncates, waits, writes in two halves, as the AWS CLI does; always what it has just read. */
async function keepRewriting(running) {
  while (running()) {
    await pause(300 + Math.random() * 700);
    const stored = readToken();
    if (stored === undefined) continue;
    noteFault("rewrite without a lock");
    const text = JSON.stringify(stored);
    writeFileSync(tokenFile, "");
    await pause(5 + Math.random() * 20);
    writeFileSync(tokenFile, text.slice(0, text.length / 2));
    await pause(5 + Math.random() * 20);
    writeFileSync(tokenFile, text);
  }
}

function filesBelow(directory) {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function readToken() {
  try {
    return JSON.parse(readFileSync(tokenFile, "utf8"));
  } catch {
    return undefined;
  }
}

/** When all is quiet again, everything is as it should be: one more call of each role, whole files, nothing left over. */
async function checkAllIsWell(env, turn) {
  await turn("clearFaults", {});
  for (const accountId of ACCOUNTS) {
    for (const roleName of ROLES) {
      counts.calls += 1;
      await judge(
        await run(
          [
            "credential-process",
            "--sso-session",
            "corp",
            "--account-id",
            accountId,
            "--role-name",
            roleName,
          ],
          env,
        ),
        accountId,
        roleName,
        env,
      );
    }
  }
  if (readToken() === undefined) losses.push("the token file is damaged");
  const left = filesBelow(join(home, ".aws")).filter((name) => name.endsWith(".tmp"));
  if (left.length > counts.killed) losses.push(`temporary files: ${left.join(", ")}`);
}
