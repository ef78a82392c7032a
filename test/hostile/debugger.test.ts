import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { startSilentBus } from "../faults/support/secret-service.ts";
import { start, startCommand, waitUntil } from "../faults/support/child.ts";
import {
  createHome,
  createSignedInHome,
  isStandalone,
  PROGRAM,
  SESSION_CONFIG,
  testOnPosixOnly,
} from "../support/home.ts";
import { runScript } from "../support/commands.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

/** Kind 8, debuggers: neither a signal nor a variable opens one in a process that has secrets. */

const NO_SIGNALS = "Windows has no SIGUSR1";
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Returns whether a process listens on this local port. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** Node's message on stderr when it opens a debugger. */
const OPENED = /Debugger listening/;

testOnPosixOnly(NO_SIGNALS)(
  "8.3: SIGUSR1 opens no debugger while latchkey waits for a sign-in, and does not end it",
  async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const running = start(home, ["login", "--no-browser"]);
    await waitUntil("the code", () => running.readStderr().includes("/device") || undefined);
    running.kill("SIGUSR1");
    await pause(300);
    expect(running.child.exitCode).toBeNull();
    running.kill("SIGINT");
    const ended = await running.ended;
    expect(ended).toMatchObject({ exitCode: 130 });
    expect(ended.stderr).not.toMatch(OPENED);
  },
);

testOnPosixOnly(NO_SIGNALS)(
  "8.4: SIGUSR1 opens none while credential-process waits for a service",
  async () => {
    const home = await createSignedInHome();
    home.emulator.setFault({ route: "GetRoleCredentials", delayMs: 1_500, times: 1 });
    const running = start(home, ["credential-process", ...OKTA_ROLE]);
    await waitUntil(
      "the request",
      () => home.emulator.journal.count("GetRoleCredentials") > 0 || undefined,
    ).catch(() => undefined);
    running.kill("SIGUSR1");
    const ended = await running.ended;
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.stderr).not.toMatch(OPENED);
  },
);

testOnPosixOnly(NO_SIGNALS)(
  "8.5: SIGUSR1 opens none in exec, whose command receives it",
  async () => {
    const home = await createSignedInHome();
    const script =
      'process.on("SIGUSR1", () => { console.log("got it"); process.exit(7); }); console.log("ready"); setTimeout(() => {}, 60000);';
    const running = start(home, ["exec", "okta", "--", ...runScript(script)]);
    let stdout = "";
    running.child.stdout?.on("data", (text: string) => (stdout += text));
    await waitUntil("the command", () => stdout.includes("ready") || undefined);
    running.kill("SIGUSR1");
    const ended = await running.ended;
    expect(ended).toMatchObject({ exitCode: 7, stdout: "ready\ngot it\n" });
    expect(ended.stderr).not.toMatch(OPENED);
  },
);

testOnPosixOnly(NO_SIGNALS)(
  "8.6: SIGUSR1 opens none while the hot path waits for the reader of its output",
  async () => {
    const home = await createSignedInHome();
    const argv = ["credential-process", ...OKTA_ROLE];
    expect(await home.run(argv)).toMatchObject({ exitCode: 0 });
    const driver = startCommand(home, ["python3", "-c", BLOCKED, ...PROGRAM, ...argv]);
    const { stdout } = await driver.ended;
    // Bun opens no debugger on SIGUSR1: the signal ends it.
    expect(stdout.trim()).toBe(isStandalone ? "False -10" : "True 0");
  },
);

/** Starts a program whose stdout is a full pipe, sends SIGUSR1, and prints if it lives, its exit code and its stderr. */
const BLOCKED = `
import os, signal, subprocess, sys, time
read, write = os.pipe()
os.set_blocking(write, False)
try:
    while True: os.write(write, b" " * 4096)
except BlockingIOError: pass
child = subprocess.Popen(sys.argv[1:], stdout=write, stderr=subprocess.PIPE)
os.close(write)
time.sleep(1)
child.send_signal(signal.SIGUSR1)
time.sleep(0.5)
alive = child.poll() is None
while os.read(read, 65536): pass
print(alive, child.wait(), child.stderr.read().decode())
`;

/** In a program run by Node, these variables of Bun have no effect. */
test.each(["BUN_INSPECT", "BUN_INSPECT_CONNECT_TO"])(
  "8.7: if %s would open a debugger, latchkey reads no secret and reports why",
  async (name) => {
    const home = await createSignedInHome();
    const argv = ["credential-process", ...OKTA_ROLE];
    expect(await home.run(argv)).toMatchObject({ exitCode: 0 });
    const result = await home.run(argv, { env: { [name]: "127.0.0.1:9347" } });
    expect(await isOpen(9347)).toBe(false);
    if (!isStandalone) return expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(`latchkey: hint: unset ${name}`);
  },
);

testOnPosixOnly(NO_SIGNALS)(
  "8.8: the process that holds the key from the keychain opens none either",
  async () => {
    const home = await createSignedInHome();
    await home.run(["settings", "storage", "keychain"]);
    const bus = await startSilentBus();
    const running = start(home, ["credential-process", ...OKTA_ROLE], { env: bus.env });
    await waitUntil("the question", () => bus.connections() > 0 || undefined);
    for (const pid of listChildren(running.pid)) process.kill(pid, "SIGUSR1");
    const ended = await running.ended;
    expect(ended).toMatchObject({ exitCode: 8 });
    // If the signal had ended the process, latchkey would have failed at once and not after 3 s.
    expect(ended.stderr).toContain("has not answered within 3 s");
    bus.stop();
  },
);

function listChildren(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}
