// Takes samples. A sample is one whole process, and it counts only if the exit code and the output are right.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { startProgram, type EndedProcess, type Environment } from "../../../test/support/child.ts";

/** A process to measure. */
export interface Command {
  readonly argv: readonly string[];
  /** The file to which the process writes credentials, if it does not print them. */
  readonly credentialsFile?: string;
}

/** A measurement. `sample` returns its value, or throws if the sample is bad. */
export interface Sampler {
  readonly name: string;
  sample(): Promise<number>;
}

export interface Counts {
  readonly samples: number;
  readonly warmUps: number;
}

/** One cell of a table. */
export type Cell =
  | { readonly kind: "measured"; readonly value: number; readonly note?: string }
  /** The measurement was tried and failed. */
  | { readonly kind: "failed"; readonly reason: string }
  /** The program can't do this. */
  | { readonly kind: "unable"; readonly reason: string };

/** The cells of one row, by the names of the contestants. */
export type Row = ReadonlyMap<string, Cell>;

export function readValue(row: Row | undefined, name: string): number | undefined {
  const cell = row?.get(name);
  return cell?.kind === "measured" ? cell.value : undefined;
}

export function runSample({ argv }: Command, env: Environment): Promise<EndedProcess> {
  return startProgram(argv, env).ended;
}

/** @returns milliseconds */
export async function timeCommand(command: Command, env: Environment): Promise<number> {
  const { exitCode, stderr, milliseconds } = await runSample(command, env);
  if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr.trim()}`);
  return milliseconds;
}

/** @returns milliseconds */
export async function timeCredentials(command: Command, env: Environment): Promise<number> {
  const ended = await runSample(command, env);
  requireCredentials(command, ended);
  return ended.milliseconds;
}

/** @throws Error if the process failed or printed no credentials */
export function requireCredentials(
  command: Command,
  { exitCode, stdout, stderr }: EndedProcess,
): void {
  const keyId = readKeyId(command, stdout);
  if (exitCode !== 0 || !/^ASIA[A-Z0-9]{16}$/.test(keyId ?? ""))
    throw new Error(`exit ${exitCode}, AccessKeyId ${keyId}: ${readLastLine(stderr)}`);
}

export function readLastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function readKeyId({ credentialsFile }: Command, stdout: string): string | undefined {
  if (credentialsFile === undefined) {
    const printed = parseJson(stdout);
    return isRecord(printed) ? String(printed["AccessKeyId"]) : undefined;
  }
  if (!existsSync(credentialsFile)) return undefined;
  return /aws_access_key_id\s*=\s*(\S+)/.exec(readFileSync(credentialsFile, "utf8"))?.[1];
}

/** Takes one sample of each measurement in turns, so that other load on the machine affects all of them equally. */
export async function sampleInTurns(
  samplers: readonly Sampler[],
  { samples, warmUps }: Counts,
): Promise<Map<string, Cell>> {
  const figures = new Map<string, number[]>(samplers.map(({ name }) => [name, []]));
  const failures = new Map<string, string>();
  for (let round = -warmUps; round < samples; round += 1) {
    for (const sampler of samplers.filter(({ name }) => !failures.has(name))) {
      try {
        const figure = await sampler.sample();
        if (round >= 0) figures.get(sampler.name)?.push(figure);
      } catch (thrown) {
        failures.set(sampler.name, thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
  }
  return new Map(
    [...figures].map(([name, taken]) => [name, createCell(taken, failures.get(name))]),
  );
}

function createCell(figures: readonly number[], failure: string | undefined): Cell {
  return failure === undefined
    ? { kind: "measured", value: findMedian(figures) }
    : { kind: "failed", reason: failure };
}

/** Returns NaN for an empty list. */
function findMedian(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Returns the largest resident size of the process and its children in MB, from Python's resource module. Returns
 * undefined without Python. GNU time is not used, because many machines do not have it.
 */
export function measurePeak({ argv }: Command, env: Environment): number | undefined {
  const ask =
    "import resource,subprocess,sys; c=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL).returncode; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(c)";
  const { status, stdout } = spawnSync("/usr/bin/python3", ["-c", ask, ...argv], {
    env,
    encoding: "utf8",
  });
  return status === 0 ? Number(stdout) / 1024 : undefined;
}
