import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { requireParts } from "../../support/interop-parts.ts";
import { isStandalone, PROGRAM } from "../../support/program.ts";

/** Keychains for the storage tests: Debian's gnome-keyring on its own session bus, and a bus that never answers. */

export interface SecretService {
  /** Variables with which a program finds it. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops the daemon: the bus still delivers messages, and no process answers them. */
  suspend(): void;
  stop(): Promise<void>;
}

function requirePrograms(): void {
  requireParts("/usr/bin/dbus-run-session", "/usr/bin/dbus-send", "/usr/bin/gnome-keyring-daemon");
}

export async function startSecretService(): Promise<SecretService> {
  requirePrograms();
  const home = mkdtempSync(join(tmpdir(), "latchkey-keyring-"));
  const service = await startDaemon(home, "unlocked");
  return {
    ...service,
    stop: () => service.stop().finally(() => rmSync(home, { recursive: true, force: true })),
  };
}

/** Starts one that holds the key and is locked, without a user to type the password. */
export async function startLockedSecretService(): Promise<SecretService> {
  requirePrograms();
  const home = mkdtempSync(join(tmpdir(), "latchkey-keyring-"));
  const unlocked = await startDaemon(home, "unlocked");
  await askKeychain(unlocked.env, "create");
  await unlocked.stop();
  const service = await startDaemon(home, "locked");
  return {
    ...service,
    stop: () => service.stop().finally(() => rmSync(home, { recursive: true, force: true })),
  };
}

async function startDaemon(home: string, state: "unlocked" | "locked"): Promise<SecretService> {
  const daemon = "gnome-keyring-daemon --foreground --components=secrets";
  const start = state === "unlocked" ? `printf pw | ${daemon} --unlock` : daemon;
  const bus = spawn(
    "dbus-run-session",
    ["--", "sh", "-c", `${start} >/dev/null 2>&1 & echo "$! $DBUS_SESSION_BUS_ADDRESS"; exec cat`],
    {
      env: { PATH: process.env["PATH"] ?? "", HOME: home },
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  const ended = new Promise((resolve) => bus.once("close", resolve));
  const [pid, address] = (await readFirstLine(bus)).split(" ");
  const env = { DBUS_SESSION_BUS_ADDRESS: address ?? "" };
  await waitUntilOnBus(env);
  return {
    env,
    suspend: () => process.kill(Number(pid), "SIGSTOP"),
    async stop() {
      process.kill(Number(pid), "SIGKILL");
      bus.stdin?.end();
      await ended;
    },
  };
}

function readFirstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.split("\n")[0] ?? "");
    });
    child.once("close", () => reject(new Error("dbus-run-session ended before it began")));
  });
}

/** Waits for the daemon: if asked too early, the bus would start a second one. */
async function waitUntilOnBus(env: Readonly<Record<string, string>>): Promise<void> {
  const query = [
    "--session",
    "--print-reply=literal",
    "--dest=org.freedesktop.DBus",
    "/",
    "org.freedesktop.DBus.NameHasOwner",
    "string:org.freedesktop.secrets",
  ];
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { stdout } = await promisify(execFile)("dbus-send", query, {
      env: { ...process.env, ...env },
    });
    if (stdout.includes("true")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("gnome-keyring-daemon did not come up on its bus within 10 s");
}

/** Returns the answer of the program's process that asks the keychain: `{"key": …}` or `{"failure": …}`. */
export async function askKeychain(
  env: Readonly<Record<string, string>>,
  act: "read" | "create",
): Promise<{ key?: string | null; failure?: string }> {
  const [program, ...words] = isStandalone
    ? [...PROGRAM, "keychain-child"]
    : [
        process.execPath,
        join(import.meta.dirname, "..", "..", "..", "dist", "bundle", "keychain-child.cjs"),
      ];
  const { stdout } = await promisify(execFile)(program, [...words, act], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  return JSON.parse(stdout) as { key?: string | null; failure?: string };
}

/** Starts a bus that accepts connections and never answers. */
export async function startSilentBus(): Promise<{
  env: Readonly<Record<string, string>>;
  connections(): number;
  stop(): void;
}> {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-bus-"));
  const path = join(directory, "bus");
  let connections = 0;
  const server = createServer(() => (connections += 1));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` },
    connections: () => connections,
    stop() {
      server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
