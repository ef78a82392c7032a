// Property tests for a given time: every reader of outside text, and every writer of what others read, with random values
// (test/fuzz/). Prints the seed, and how many values each target was given; exits 1 where something did not hold.
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

Gives random values to every reader of outside text for so many minutes (1
without; 0.5 and 30s are half a minute), and says what did not hold.

  --only NAME  one target alone
  --seed SEED  the values of that run once more
  --path PATH  one value of it alone, as a failure names it (with --only, --seed)
  -h, --help   print this help`,
  options: { only: { type: "string" }, seed: { type: "string" }, path: { type: "string" } },
  words: 1,
});
const minutes = parseMinutes(words[0] ?? "1") ?? refuse(`No number of minutes: ${words[0]}`);
const seed = Number(values.seed ?? Math.floor(Math.random() * 0x7fffffff));
if (!Number.isInteger(seed)) refuse(`No seed: ${values.seed}`);
const names = selectNames(values.only);
if (values.path !== undefined && names.length !== 1) refuse("--path needs --only and --seed.");

/** How long a target may be silent after its time: a value that never comes to an end is found, too. */
const PATIENCE_MILLISECONDS = 60_000;
const WORKERS = Math.min(names.length, Math.max(1, Math.min(4, availableParallelism())));

const LOST: Outcome = {
  runs: 0,
  failure: "a value took longer than a minute, or ended the thread",
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

/** Takes one target after the other, in a thread that is kept as long as it answers. */
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

/** Undefined where nothing is answered. */
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
