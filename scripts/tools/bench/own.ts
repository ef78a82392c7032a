// Measures only latchkey, on Node. A start is compared with a start of Node alone, a large config with reading and
// hashing it, and a long listing with the least time that the service's rate limit allows.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Bench } from "tinybench";
import { openPlace, type Place } from "../place.ts";
import { timeListings, type TimedListing } from "./listing.ts";
import {
  BARE_NODE,
  CONFIG_COMMANDS,
  findBigConfig,
  listOwnRows,
  nameConfigRow,
  READ_AND_HASHED,
  type OwnRow,
} from "./own-rows.ts";
import type { PickerTimes } from "./picker.ts";
import { preparePeakReporter, readPeak } from "./peak.ts";

interface Figures {
  readonly name: string;
  /** undefined if a sample was bad. */
  readonly milliseconds: number | undefined;
  readonly peakMegabytes: number;
}

interface Run {
  readonly place: Place;
  readonly iterations: number;
  readonly nodeFlags: readonly string[];
}

/**
 * Prints the tables, and returns whether all rows were good.
 * @param only measure only bare Node and the rows whose name contains this text
 */
export async function measureOwn(options: {
  readonly isQuick: boolean;
  readonly only: string;
}): Promise<boolean> {
  const { isQuick, only } = options;
  const isWanted = (name: string): boolean => name.includes(only);
  const place = await openPlace();
  try {
    const nodeFlags = preparePeakReporter(place.home);
    const iterations = isQuick ? 5 : 20;
    const rows = listOwnRows(place).filter(({ name }) => isWanted(name));
    const figures = await measureRows([BARE_NODE, ...rows], { place, iterations, nodeFlags });
    printFigures(figures, iterations);
    if (isWanted(PICKER)) printPicker(iterations);
    if (isWanted(READ_AND_HASHED)) printEditor(findBigConfig(place), iterations);
    printLargeConfig(new Map(figures.map(({ name, milliseconds }) => [name, milliseconds])));
    const listings = await timeListings(isQuick ? 200 : 1_000, nodeFlags, isWanted);
    printListings(listings);
    const isMeasured = figures.every(({ milliseconds }) => milliseconds !== undefined);
    return isMeasured && listings.every(({ isWhole }) => isWhole);
  } finally {
    place.close();
  }
}

async function measureRows(rows: readonly OwnRow[], run: Run): Promise<Figures[]> {
  const bench = new Bench({
    iterations: run.iterations,
    time: 0,
    warmupIterations: 2,
    warmupTime: 0,
  });
  const peaks = new Map<string, number>();
  for (const row of rows)
    bench.add(
      row.name,
      () => {
        const peak = runRow(row, run);
        peaks.set(row.name, Math.max(peaks.get(row.name) ?? 0, peak));
      },
      { beforeEach: () => row.prepare?.() },
    );
  await bench.run();
  return bench.tasks.map(({ name, result }) => ({
    name,
    milliseconds: result.state === "completed" ? result.latency.p50 : undefined,
    peakMegabytes: peaks.get(name) ?? 0,
  }));
}

/** Runs a row once and returns its peak memory in MB. @throws Error if the sample is bad */
function runRow(row: OwnRow, { place, nodeFlags }: Run): number {
  const { name, argv, isGood, variables, input } = row;
  const stdin = input === undefined ? undefined : readFileSync(input);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeFlags, ...argv()], {
    env: { ...place.env, ...variables },
    encoding: "utf8",
    maxBuffer: 1e8,
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(stdin === undefined ? {} : { input: stdin }),
  });
  if (status !== 0 || !isGood(stdout)) throw new Error(`${name}: exit ${status}`);
  return readPeak(stderr);
}

function printFigures(figures: readonly Figures[], iterations: number): void {
  const bare = figures[0]?.milliseconds ?? Number.NaN;
  console.log(`\n${process.version}, ${iterations} runs each; whole process, median\n`);
  console.log("| | ms | × bare Node | peak MB |\n|---|---:|---:|---:|");
  for (const { name, milliseconds: ms, peakMegabytes } of figures)
    console.log(
      ms === undefined
        ? `| ${name} | failed | | |`
        : `| ${name} | ${ms.toFixed(0)} | ${(ms / bare).toFixed(2)} | ${peakMegabytes.toFixed(0)} |`,
    );
}

/** Measures only reading the file, editing and verifying, without the start of the process and without writing. */
function printEditor(config: string, runs: number): void {
  const script = fileURLToPath(new URL("edit-config.ts", import.meta.url));
  const samples = Array.from({ length: runs }, () => {
    const output = execFileSync(process.execPath, [script, config, "account-05000"]);
    return JSON.parse(String(output)) as { milliseconds: number; peakMegabytes: number };
  });
  const times = samples.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? Number.NaN;
  const peak = Math.max(...samples.map(({ peakMegabytes }) => peakMegabytes));
  console.log(
    `\na config of 10 MB, by the editor alone: read, edited and verified in ${median.toFixed(0)} ms, at most ${peak.toFixed(0)} MB`,
  );
}

const PICKER = "the picker, 10,000 rows of seven cells: a key";

/**
 * Measures the time from a pressed key to the updated list, without the start of the process. For each key, the fastest
 * run counts, because slower runs include other work of the machine.
 */
function printPicker(runs: number): void {
  const script = fileURLToPath(new URL("picker.ts", import.meta.url));
  const samples = Array.from(
    { length: runs },
    () => JSON.parse(String(execFileSync(process.execPath, [script]))) as PickerTimes,
  );
  const findQuickest = (read: (times: PickerTimes) => number | undefined): number =>
    Math.min(...samples.map((times) => read(times) ?? Infinity));
  const keys = (samples[0]?.keys ?? []).map(({ isMarking }, at) => ({
    isMarking,
    milliseconds: findQuickest((times) => times.keys[at]?.milliseconds),
  }));
  const sorted = keys.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const most = sorted.at(-1) ?? Number.NaN;
  const marking = keys.filter(({ isMarking }) => isMarking).map((key) => key.milliseconds);
  const sort = findQuickest((times) => times.sortMilliseconds);
  const open = findQuickest((times) => times.openMilliseconds);
  console.log(
    `\n${PICKER} takes ${median.toFixed(0)} ms (median of ${sorted.length} keys), ${most.toFixed(0)} ms at most, the key that marks a row ${Math.max(...marking).toFixed(0)} ms; it opens in ${open.toFixed(0)} ms; one sort of the rows takes ${sort.toFixed(0)} ms`,
  );
}

/** Compares whole processes with reading and hashing the file. Commands that were not measured in this run are left out. */
function printLargeConfig(medians: ReadonlyMap<string, number | undefined>): void {
  const floor = medians.get(READ_AND_HASHED);
  if (floor === undefined) return;
  console.log(`\n${READ_AND_HASHED}: ${floor.toFixed(0)} ms; against that\n`);
  console.log("| | whole process | minus the time for a small config |\n|---|---:|---:|");
  for (const command of CONFIG_COMMANDS) {
    const small = medians.get(nameConfigRow("one profile", command));
    const large = medians.get(nameConfigRow("10 MB", command));
    if (small === undefined || large === undefined) continue;
    const more = (large - small) / floor;
    console.log(`| ${command} | ${(large / floor).toFixed(2)} × | ${more.toFixed(2)} × |`);
  }
}

function printListings(listings: readonly TimedListing[]): void {
  if (listings.length === 0) return;
  console.log("\nwhole process, one run each, at the emulator's realistic rate limit\n");
  console.log("| | s | × what the limit allows | peak MB |\n|---|---:|---:|---:|");
  for (const { name, seconds, allowedSeconds, peakMegabytes, isWhole } of listings)
    console.log(
      isWhole
        ? `| ${name} | ${seconds.toFixed(1)} | ${(seconds / allowedSeconds).toFixed(2)} | ${peakMegabytes.toFixed(0)} |`
        : `| ${name} | failed | | |`,
    );
}
