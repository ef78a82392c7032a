import { randomBytes } from "node:crypto";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { KEY_BYTES } from "./keychain.ts";

/**
 * A separate process that reads the key from the OS keychain. The call blocks in native code and ends only with its
 * process. In a separate process, latchkey can give up on a keychain that never responds. `keychain.ts` starts it.
 *
 * Prints an empty line when it starts to ask the keychain, then one line: `{"key": TEXT|null}` or `{"failure": TEXT}`.
 * With the argument `create`, creates the key if the keychain has none.
 */

/**
 * Without this option, the library would use the kernel's keyring on Linux if there is no Secret Service, without an
 * error. The key would then be lost at a reboot.
 */
const PINNED = { linux: { store: "secret-service" } } as const;

type Answer = { readonly key: string | null } | { readonly failure: string };

if (isMainThread) watchAsking();
else
  ask().catch((thrown: unknown) =>
    parentPort?.postMessage(`\n${JSON.stringify(toFailure(thrown))}`),
  );

/** Runs in the main thread while the worker blocks, so that this process ends when the process that started it ends. */
function watchAsking(): void {
  // stdin ends when the calling process ends, for any reason. Then no process waits for the key.
  for (const event of ["end", "error"])
    process.stdin.on(event, () => process.kill(process.pid, "SIGKILL"));
  process.stdin.resume();
  // Ctrl-C at a terminal reaches this process too. The calling process decides how to handle it.
  process.on("SIGINT", () => undefined);
  process.on("SIGUSR1", () => undefined);
  // The last argument, because in a standalone executable there is one more argument before it.
  const asker = new Worker(new URL(import.meta.url), { workerData: process.argv.at(-1) });
  asker.on("message", (line: string) => void process.stdout.write(`${line}\n`));
  asker.on(
    "error",
    (thrown) => void process.stdout.write(`\n${JSON.stringify(toFailure(thrown))}\n`),
  );
  asker.on("exit", () => process.stdin.destroy());
}

async function ask(): Promise<void> {
  const { Entry } = await loadLibrary();
  const answer = (): Answer => {
    const entry = new Entry("latchkey", "encryption-key", PINNED);
    const known = entry.getPassword();
    if (known !== null || workerData !== "create") return { key: known };
    entry.setPassword(randomBytes(KEY_BYTES).toString("base64"));
    // Read again: if another process stored a key at the same time, all processes must use the same key.
    return { key: entry.getPassword() };
  };
  parentPort?.postMessage("");
  parentPort?.postMessage(JSON.stringify(catchFailure(answer)));
}

/** @throws an error that says what hinders the native part; the library's own is about npm. */
async function loadLibrary(): Promise<typeof import("@napi-rs/keyring")> {
  try {
    return await import("@napi-rs/keyring");
  } catch (thrown) {
    throw new Error(`its native part can't be loaded (${findReason(thrown)})`, { cause: thrown });
  }
}

/** The library tries several names, and keeps the texts of all errors as a chain of causes. */
function findReason(thrown: unknown): string {
  const texts: string[] = [];
  for (let each = thrown; each instanceof Error; each = each.cause) texts.push(each.message);
  const [, ...reasons] = texts;
  return reasons.find((text) => !NAME_IS_MISSING.test(text)) ?? "it is not installed";
}

/** Node's and Bun's text for a module that is not there, and that of the standalone program's build. */
const NAME_IS_MISSING = /cannot find|not for this platform/i;

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
