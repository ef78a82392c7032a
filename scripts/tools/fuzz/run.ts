// Runs targets in a thread when the main thread asks for it, so that the main thread can end a target that never finishes.
import { parentPort } from "node:worker_threads";
import { TARGETS } from "../../../test/fuzz/targets.ts";
import type { HowToRun, Outcome } from "../../../test/fuzz/target.ts";

export interface Order extends HowToRun {
  readonly name: string;
}

parentPort?.on("message", (order: Order) => {
  void runTarget(order).then((outcome) => parentPort?.postMessage(outcome));
});

async function runTarget({ name, ...how }: Order): Promise<Outcome> {
  try {
    const target = TARGETS.find((each) => each.name === name);
    if (target === undefined) throw new Error(`There is no ${name}`);
    return await target.run(how);
  } catch (thrown) {
    const failure = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { runs: 0, failure };
  }
}
