// The benchmark's rows for long listings. Each is one whole process at the emulator's realistic rate limit. It is
// compared with the least time in which the limit allows the requests of such a listing.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { startProgram } from "../../../test/support/child.ts";
import type { EmulatorProcess } from "../../../test/support/emulator-process.ts";
import { NODE_PROGRAM } from "../../../test/support/program.ts";
import { openPlace } from "../place.ts";
import { readPeak } from "./peak.ts";

const ROLES_PER_ACCOUNT = 4;
/** The largest page of the service. Four roles never need a second page, but accounts do. */
const PAGE = 100;

interface Listing {
  readonly name: string;
  readonly argv: readonly string[];
  /** Returns the number of roles in the printed JSON value. */
  readonly countRoles: (printed: unknown) => number;
}

export interface TimedListing {
  readonly name: string;
  readonly seconds: number;
  readonly allowedSeconds: number;
  readonly peakMegabytes: number;
  /** Whether the run succeeded and the listing is complete. */
  readonly isWhole: boolean;
}

interface Rate {
  readonly burst: number;
  readonly refillPerSecond: number;
}

/** Measures the listings. Each is run only once, because it takes minutes. */
export async function timeListings(
  accounts: number,
  nodeFlags: readonly string[],
  isWanted: (name: string) => boolean,
): Promise<TimedListing[]> {
  const listings = describeListings(accounts).filter(({ name }) => isWanted(name));
  if (listings.length === 0) return [];
  const place = await openPlace({ accounts, roles: ROLES_PER_ACCOUNT, hasProfile: false });
  try {
    const timed: TimedListing[] = [];
    const [node, program] = NODE_PROGRAM;
    for (const { name, argv, countRoles } of listings) {
      const rate = await refillBucket(place.emulator);
      // This row must not use the listing that the previous row has cached.
      rmSync(join(place.home, ".aws", "latchkey", "access"), { recursive: true, force: true });
      const { exitCode, stdout, stderr, milliseconds } = await startProgram(
        [node, ...nodeFlags, program, ...argv],
        place.env,
      ).ended;
      timed.push({
        name,
        seconds: milliseconds / 1000,
        allowedSeconds: computeAllowedSeconds(accounts, rate),
        peakMegabytes: readPeak(stderr),
        isWhole: exitCode === 0 && countRoles(parseJson(stdout)) === accounts * ROLES_PER_ACCOUNT,
      });
    }
    return timed;
  } finally {
    place.close();
  }
}

function describeListings(accounts: number): Listing[] {
  const org = `${accounts.toLocaleString("en-US")} accounts × ${ROLES_PER_ACCOUNT} roles`;
  return [
    { name: `roles of ${org}`, argv: ["roles", "--json"], countRoles: countDistinct },
    {
      name: `profiles sync of ${org}`,
      argv: ["profiles", "sync", "--yes", "--json"],
      countRoles: (printed) =>
        isRecord(printed) && Array.isArray(printed["add"]) ? printed["add"].length : 0,
    },
  ];
}

function countDistinct(printed: unknown): number {
  if (!Array.isArray(printed)) return 0;
  const names = printed
    .filter(isRecord)
    .map(({ accountId, roleName }) => `${String(accountId)} ${String(roleName)}`);
  return new Set(names).size;
}

/** Sets the emulator's knob, which fills the bucket of the rate limit, so that all rows begin equally. */
async function refillBucket(emulator: EmulatorProcess): Promise<Rate> {
  await emulator.turnKnob("rate", "realistic");
  const { rate } = await emulator.readSettings();
  if (!isRecord(rate)) throw new Error("the emulator has no rate limit");
  return { burst: Number(rate["burst"]), refillPerSecond: Number(rate["refillPerSecond"]) };
}

function computeAllowedSeconds(accounts: number, { burst, refillPerSecond }: Rate): number {
  const requests = Math.ceil(accounts / PAGE) + accounts * Math.ceil(ROLES_PER_ACCOUNT / PAGE);
  return (requests - burst) / refillPerSecond;
}
