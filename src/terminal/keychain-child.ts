import { randomBytes } from "node:crypto";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { KEY_BYTES } from "./keychain.ts";

/**
 * A process of its own that asks the OS keychain for the key, so that a keychain that never answers can be given up:
 * the call waits inside native code, where only the end of a process ends it (`keychain.ts` is the other side).
 *
 * Says on stdout an empty line as it begins to ask, then one line: `{"key": TEXT|null}` or `{"failure": TEXT}`.
 * With the argument `create` it makes the key where there is none.
 */

/** On Linux the kernel's keyring would be used instead, silently, where there is no Secret Service: gone with a reboot. */
const PINNED = { linux: { store: "secret-service" } } as const;

type Answer = { readonly key: string | null } | { readonly failure: string };

if (isMainThread) watchAsking();
else
  ask().catch((thrown: unknown) =>
    parentPort?.postMessage(`\n${JSON.stringify(toFailure(thrown))}`),
  );

/** This thread stays awake while the other one waits, so that no caller that is gone leaves a process behind. */
function watchAsking(): void {
  // stdin ends when the asking process does, whatever way: nobody waits for an answer then.
  for (const event of ["end", "error"])
    process.stdin.on(event, () => process.kill(process.pid, "SIGKILL"));
  process.stdin.resume();
  // Ctrl-C at a terminal comes here, too; the asking process decides what it means.
  process.on("SIGINT", () => undefined);
  process.on("SIGUSR1", () => undefined);
  // The last word: in a standalone executable there is one more before it.
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
    // Read back: what another process may have put there at the same time is what all later ones will find.
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
