// Runs property tests (test/fuzz/) for a given time: every function that reads text from outside, and every function
// that writes text for other programs, gets random values. Prints the seed and the number of values for each target.
// Exits 1 if a property failed.
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { TARGETS } from "../../../test/fuzz/targets.ts";
import { readOptions, refuse } from "../../options.ts";
import { parseMinutes } from "./minutes.ts";
import type { Outcome } from "../../../test/fuzz/target.ts";
import type { Order } from "./run.ts";

const { values, words } = readOptions({
  help: `
Usage: npm run fuzz -- [MINUTES] [OPTION]

Gives random values to every reader of outside text for some minutes (default 1;
0.5 and 30s are half a minute), and prints the failures.

  --only NAME  only this target
  --seed SEED  the same values as in the run with this seed
  --path PATH  only the value of a printed failure (with --only, --seed)
  -h, --help   print this help`,
  options: { only: { type: "string" }, seed: { type: "string" }, path: { type: "string" } },
  words: 1,
});
const minutes = parseMinutes(words[0] ?? "1") ?? refuse(`No number of minutes: ${words[0]}`);
const seed = Number(values.seed ?? Math.floor(Math.random() * 0x7fffffff));
if (!Number.isInteger(seed)) refuse(`No seed: ${values.seed}`);
const names = selectNames(values.only);
if (values.path !== undefined && names.length !== 1) refuse("--path needs --only and --seed.");

/** How long a target may continue after its time has ended. If it takes longer, a value that never finishes is reported. */
const PATIENCE_MILLISECONDS = 60_000;
const WORKERS = Math.min(names.length, Math.max(1, Math.min(4, availableParallelism())));

const LOST: Outcome = {
  runs: 0,
  failure: "a value took longer than a minute, or killed the thread",
};

console.log(`seed ${seed}`);
const share = (minutes * 60_000 * WORKERS) / names.length;
const waiting = [...names];
const failed: string[] = [];
await Promise.all(Array.from({ length: WORKERS }, runWaiting));
console.log(`${names.length - failed.length} passed, ${failed.length} failed`);
if (failed.length > 0) process.exitCode = 1;

function selectNames(only: string | undefined): string[] {
  const all = TARGETS.map(({ name }) => name);
  if (only === undefined) return all;
  if (!all.includes(only)) refuse(`The targets are: ${all.join(", ")}`);
  return [only];
}

/** Runs one target after the other in a thread. If the thread stops responding, replaces it. */
async function runWaiting(): Promise<void> {
  let worker = openWorker();
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const outcome = await askWorker(worker, { name, seed, path: values.path, milliseconds: share });
    report(name, outcome ?? LOST);
    if (outcome !== undefined) continue;
    await worker.terminate();
    worker = openWorker();
  }
  await worker.terminate();
}

function openWorker(): Worker {
  return new Worker(new URL("run.ts", import.meta.url));
}

/** Returns undefined if the thread does not respond. */
function askWorker(worker: Worker, order: Order): Promise<Outcome | undefined> {
  worker.postMessage(order);
  const ended = new AbortController();
  const { signal } = ended;
  const answer = once(worker, "message", { signal }).then(([outcome]) => outcome as Outcome);
  const exit = once(worker, "exit", { signal }).then(() => undefined);
  const late = setTimeout(share + PATIENCE_MILLISECONDS, undefined, { signal });
  return Promise.race([answer, exit, late]).finally(() => ended.abort());
}

function report(name: string, { runs, failure }: Outcome): void {
  console.log(`${failure === undefined ? "ok    " : "FAILED"}  ${name}  ${runs} values`);
  if (failure === undefined) return;
  failed.push(name);
  console.log(`npm run fuzz -- --only ${name} --seed ${seed} ${failure}`);
}
