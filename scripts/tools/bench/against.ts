// Compares this build with another build, in turns in the same run: the hot path, the starts of commands, a cold call.
import { join } from "node:path";
import { CHECKOUT } from "../../../test/support/program.ts";
import { OKTA_ROLE } from "../../../test/support/session-config.ts";
import { HOST_EXECUTABLE } from "../host-executable.ts";
import { openPlace, type Place } from "../place.ts";
import { readValue, sampleInTurns, timeCommand, type Row, type Sampler } from "./samples.ts";

interface Measured {
  readonly name: string;
  readonly argv: readonly string[];
  readonly prepare?: (place: Place) => void;
}

const CREDENTIALS = ["credential-process", ...OKTA_ROLE];

const WORK: readonly Measured[] = [
  { name: "credential-process, hot", argv: CREDENTIALS },
  { name: "credential-process, cold", argv: CREDENTIALS, prepare: (place) => place.dropRoles() },
  { name: "--version", argv: ["--version"] },
  { name: "--help", argv: ["--help"] },
  { name: "login --help", argv: ["login", "--help"] },
  { name: "status", argv: ["status"] },
  { name: "settings", argv: ["settings"] },
  { name: "profiles", argv: ["profiles"] },
  { name: "accounts", argv: ["accounts"] },
  { name: "whoami", argv: ["whoami", "okta"] },
];

const RUNTIMES = [
  ["Node", (checkout: string) => [process.execPath, join(checkout, "bin", "run.js")]],
  ["one file", (checkout: string) => [join(checkout, HOST_EXECUTABLE)]],
] as const;

/** Prints medians of both builds and their ratio, for both programs. @returns whether every sample was good */
export async function measureAgainst(other: string, isQuick: boolean): Promise<boolean> {
  const place = await openPlace();
  const counts = { samples: isQuick ? 5 : 40, warmUps: 2 };
  let isGood = true;
  console.log(`\n${counts.samples} runs of each build in turns; whole process, median\n`);
  console.log("| | other, ms | this, ms | × |\n|---|---:|---:|---:|");
  try {
    for (const [runtime, toProgram] of RUNTIMES) {
      for (const work of WORK) {
        const samplers = [other, CHECKOUT].map((checkout) =>
          createSampler(checkout, [...toProgram(checkout), ...work.argv], { work, place }),
        );
        const row = await sampleInTurns(samplers, counts);
        isGood = printRow(`${runtime}: ${work.name}`, row, other) && isGood;
      }
    }
  } finally {
    place.close();
  }
  return isGood;
}

function createSampler(
  name: string,
  argv: readonly string[],
  { work, place }: { readonly work: Measured; readonly place: Place },
): Sampler {
  return {
    name,
    sample() {
      work.prepare?.(place);
      return timeCommand({ argv }, place.env);
    },
  };
}

function printRow(name: string, row: Row, other: string): boolean {
  const [before, after] = [readValue(row, other), readValue(row, CHECKOUT)];
  if (before === undefined || after === undefined) {
    console.log(`| ${name} | failed | | |`);
    return false;
  }
  const ratio = (after / before).toFixed(2);
  console.log(`| ${name} | ${before.toFixed(1)} | ${after.toFixed(1)} | ${ratio} |`);
  return true;
}
