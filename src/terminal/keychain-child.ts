import { randomBytes } from "node:crypto";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { KEY_BYTES } from "./keychain.ts";

/**
 * A separate process that reads the key from the OS keychain, so that latchkey can give up on a keychain that never
 * answers. The call blocks in native code and ends only with its process. `keychain.ts` is the other side.
 *
 * Prints an empty line when it starts to ask, then one line: `{"key": TEXT|null}` or `{"failure": TEXT}`. With the
 * argument `create` it creates the key if there is none.
 */

/**
 * Without this, Linux would silently use the kernel's keyring if there is no Secret Service, and the key would be lost
 * at a reboot.
 */
const PINNED = { linux: { store: "secret-service" } } as const;

type Answer = { readonly key: string | null } | { readonly failure: string };

if (isMainThread) watchAsking();
else
  ask().catch((thrown: unknown) =>
    parentPort?.postMessage(`\n${JSON.stringify(toFailure(thrown))}`),
  );

/** Runs in the main thread while the worker blocks, so that the process ends when its caller is gone. */
function watchAsking(): void {
  // stdin ends when the calling process ends, for any reason. Then no one waits for an answer.
  for (const event of ["end", "error"])
    process.stdin.on(event, () => process.kill(process.pid, "SIGKILL"));
  process.stdin.resume();
  // Ctrl-C at a terminal reaches this process too. The calling process decides what it means.
  process.on("SIGINT", () => undefined);
  process.on("SIGUSR1", () => undefined);
  // The last argument, since a standalone executable has one more before it.
  const asker = new Worker(new URL(import.meta.url), { workerData: process.argv.at(-1) });
  asker.on("message", (line: string) => void process.stdout.write(`${line}\n`));
  asker.on(
    "error",
    (thrown) => void process.stdout.write(`\n${JSON.stringify(toFailure(thrown))}\n`),
  );
  asker.on("exit", () => process.stdin.destroy());
}

async function ask(): Promise<void> {
  const { Entry } = await import("@napi-rs/keyring");
  const answer = (): Answer => {
    const entry = new Entry("latchkey", "encryption-key", PINNED);
    const known = entry.getPassword();
    if (known !== null || workerData !== "create") return { key: known };
    entry.setPassword(randomBytes(KEY_BYTES).toString("base64"));
    // Read again: if another process stored a key at the same time, later reads return that one.
    return { key: entry.getPassword() };
  };
  parentPort?.postMessage("");
  parentPort?.postMessage(JSON.stringify(catchFailure(answer)));
}

function catchFailure(answer: () => Answer): Answer {
  try {
    return answer();
  } catch (thrown) {
    return toFailure(thrown);
  }
}

function toFailure(thrown: unknown): Answer {
  return { failure: thrown instanceof Error ? thrown.message : String(thrown) };
}
