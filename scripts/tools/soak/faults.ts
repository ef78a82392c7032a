// Causes the faults of a soak.
import { globSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readExpired, readToken } from "../place.ts";
import { countFault, pause, pick, type Soak } from "./tally.ts";

/**
 * Longer than a refresh takes. A refresh without a response is retried only once, because each attempt may use up the
 * refresh token.
 */
const REFRESH_MILLISECONDS = 10_000;

interface Kind {
  readonly name: string;
  /** The value for the emulator's knob setFault. */
  readonly fault: Readonly<Record<string, unknown>>;
  readonly isCut?: boolean;
}

const KINDS: readonly [Kind, ...Kind[]] = [
  { name: "throttle", fault: { status: 429 } },
  {
    name: "throttle with Retry-After",
    fault: { status: 429, headers: { "Retry-After": "1" } },
  },
  { name: "500", fault: { status: 500 } },
  { name: "503", fault: { status: 503 } },
  { name: "cut before", fault: { drop: "before" }, isCut: true },
  { name: "cut after", fault: { drop: "after" }, isCut: true },
  { name: "cut in the body", fault: { drop: "mid-body" }, isCut: true },
  { name: "delay", fault: { delayMs: 1500 } },
];

export async function keepFailing({ place, tally, isRunning }: Soak): Promise<void> {
  let lastCutRefresh = Number.NEGATIVE_INFINITY;
  while (isRunning()) {
    const { name, fault, isCut = false } = pick(KINDS);
    const route = pick(["GetRoleCredentials", "CreateToken"]);
    if (isCut && route === "CreateToken") {
      if (Date.now() - lastCutRefresh < REFRESH_MILLISECONDS) continue;
      lastCutRefresh = Date.now();
    }
    countFault(tally, name);
    const times = isCut ? 1 : 1 + Math.floor(Math.random() * 2);
    await place.emulator.turnKnob("setFault", { route, times, ...fault });
    await pause(200 + Math.random() * 600);
    await place.emulator.turnKnob("clearFaults", {});
    await pause(100 + Math.random() * 400);
  }
}

/** Expires the token and the credentials that were fetched with it, as they would expire with time. */
export async function keepExpiring({ place, tally, isRunning }: Soak): Promise<void> {
  while (isRunning()) {
    await pause(1000 + Math.random() * 1500);
    countFault(tally, "expiry");
    const kept = join(place.home, ".aws", "latchkey", "role-credentials");
    for (const path of globSync("**/*.json", { cwd: kept }))
      rmSync(join(kept, path), { force: true });
    const expired = readExpired(place.tokenFile);
    if (expired === undefined) continue;
    const replacement = `${place.tokenFile}.soak`;
    writeFileSync(replacement, expired, { mode: 0o600 });
    renameSync(replacement, place.tokenFile);
  }
}

/** Rewrites the token file as the AWS CLI does: truncates it, waits, and writes the same content in two halves. */
export async function keepRewriting({ place, tally, isRunning }: Soak): Promise<void> {
  while (isRunning()) {
    await pause(300 + Math.random() * 700);
    const stored = readToken(place.tokenFile);
    if (stored === undefined) continue;
    countFault(tally, "rewrite without a lock");
    const text = JSON.stringify(stored);
    writeFileSync(place.tokenFile, "");
    await pause(5 + Math.random() * 20);
    writeFileSync(place.tokenFile, text.slice(0, text.length / 2));
    await pause(5 + Math.random() * 20);
    writeFileSync(place.tokenFile, text);
  }
}
