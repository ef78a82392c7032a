// Runs the callers of a soak, and checks what each caller gets.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { startProgram, type EndedProcess } from "../../../test/support/child.ts";
import { NODE_PROGRAM } from "../../../test/support/program.ts";
import { nameRole } from "../../../test/support/session-config.ts";
import { readToken } from "../place.ts";
import { countFault, pick, type Soak } from "./tally.ts";

const ACCOUNTS = ["100000000001", "100000000002", "100000000003"] as const;
const ROLES = ["ViewOnlyAccess", "AdministratorAccess"] as const;
const CALLER_MILLISECONDS = 60_000;

interface Role {
  readonly accountId: string;
  readonly roleName: string;
}

export async function keepCalling(soak: Soak): Promise<void> {
  const { tally } = soak;
  while (soak.isRunning()) {
    const role = { accountId: pick(ACCOUNTS), roleName: pick(ROLES) };
    const killAfter = Math.random() < 0.05 ? Math.random() * 1500 : undefined;
    if (killAfter !== undefined) countFault(tally, "kill -9");
    const { ended, wasKilled } = await callProcess(soak, role, killAfter);
    tally.calls += 1;
    if (wasKilled) tally.killed += 1;
    else await judge(soak, role, ended);
  }
}

/**
 * Checks the state after the faults: one more call for each role succeeds, files are complete, and no temporary files
 * remain.
 */
export async function checkAll(soak: Soak): Promise<void> {
  const { place, tally } = soak;
  await place.emulator.turnKnob("clearFaults", {});
  for (const accountId of ACCOUNTS) {
    for (const roleName of ROLES) {
      const role = { accountId, roleName };
      tally.calls += 1;
      await judge(soak, role, (await callProcess(soak, role)).ended);
    }
  }
  if (readToken(place.tokenFile) === undefined) tally.losses.push("the token file is damaged");
  const left = readdirSync(join(place.home, ".aws"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".tmp"),
  );
  if (left.length > tally.killed) tally.losses.push(`temporary files: ${left.join(", ")}`);
}

async function callProcess(
  { place }: Soak,
  { accountId, roleName }: Role,
  killAfter?: number,
): Promise<{ ended: EndedProcess; wasKilled: boolean }> {
  const caller = startProgram(
    [...NODE_PROGRAM, "credential-process", ...nameRole(accountId, roleName)],
    place.env,
  );
  let isKilledByPlan = false;
  const timers = [setTimeout(() => caller.kill("SIGKILL"), CALLER_MILLISECONDS)];
  if (killAfter !== undefined)
    timers.push(
      setTimeout(() => {
        isKilledByPlan = true;
        caller.kill("SIGKILL");
      }, killAfter),
    );
  const ended = await caller.ended;
  for (const timer of timers) clearTimeout(timer);
  return { ended, wasKilled: isKilledByPlan && ended.exitCode === null };
}

/**
 * Checks one call. Every fault is shorter than the time that a caller waits, so each caller must get the credentials of
 * its own role.
 */
async function judge({ place, tally }: Soak, role: Role, ended: EndedProcess): Promise<void> {
  const { accountId, roleName } = role;
  const lose = (what: string): void =>
    void tally.losses.push(`${roleName} in ${accountId}: ${what}`);
  if (ended.exitCode !== 0) return lose(`exit ${ended.exitCode}: ${ended.stderr.trim()}`);
  tally.served += 1;
  const credentials = parseJson(ended.stdout);
  if (!isRecord(credentials)) return lose(`not JSON: ${ended.stdout.slice(0, 40)}`);
  const lasts = Date.parse(String(credentials["Expiration"])) > Date.now();
  if (!lasts) lose("credentials that have expired");
  const arn = await askIdentity(credentials, place.env["AWS_ENDPOINT_URL_STS"] ?? "");
  if (!arn.includes(`::${accountId}:assumed-role/AWSReservedSSO_${roleName}_`)) lose(`got ${arn}`);
}

/** Returns the owner of the keys, from the emulator's STS, which verifies the signature. */
async function askIdentity(
  credentials: Readonly<Record<string, unknown>>,
  endpoint: string,
): Promise<string> {
  const client = new STSClient({
    endpoint,
    region: "us-east-1",
    credentials: {
      accessKeyId: String(credentials["AccessKeyId"]),
      secretAccessKey: String(credentials["SecretAccessKey"]),
      sessionToken: String(credentials["SessionToken"]),
    },
    maxAttempts: 5,
  });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn ?? "nobody";
  } catch (thrown) {
    return `nobody (${thrown instanceof Error ? thrown.name : String(thrown)})`;
  }
}
