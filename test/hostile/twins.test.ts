import { execFileSync, spawn } from "node:child_process";
import { readFileSync, renameSync, symlinkSync } from "node:fs";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { start, waitUntil } from "../faults/support/child.ts";
import { runScript } from "../support/commands.ts";
import {
  createSignedInHome,
  isStandalone,
  testOnPosixOnly,
  SESSION_CONFIG,
} from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { NO_FIFO, NO_LINKS } from "../support/windows.ts";

/** Kind 6: all parts of one kind handle the same faults. */

test(
  "6a: the endpoint of exec answers its command while others hold silent connections",
  async () => {
    const home = await createSignedInHome();
    const script = `console.log(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI, process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN); process.stdin.resume();`;
    const running = start(home, ["exec", "--server", "okta", "--", ...runScript(script)], {
      stdio: "pipe",
    });
    let stdout = "";
    running.child.stdout?.on("data", (text: string) => (stdout += text));
    await waitUntil("the endpoint", () => stdout.includes("\n") || undefined);
    const [address = "", token = ""] = stdout.trim().split(" ");
    const url = new URL(address);
    const idle = await Promise.all(
      Array.from({ length: 300 }, (_, index) => openIdle(Number(url.port), index)),
    );
    expect(await askForCredentials(url, token)).toBe(200);
    const isOpen = (socket: Socket): boolean => !socket.destroyed;
    // Bun 1.4's server keeps all of them open and still answers.
    if (!isStandalone) {
      expect(idle.filter(isOpen).length).toBeLessThanOrEqual(32);
      await waitUntil("the end of all of them", () => !idle.some(isOpen) || undefined, 15_000);
    }
    expect(await askForCredentials(url, token)).toBe(200);
    for (const socket of idle) socket.destroy();
    running.child.stdin?.end();
    expect(await running.ended).toMatchObject({ exitCode: 0 });
  },
  patience(40_000),
);

/** Opens a connection that sends either nothing or a part of a request. */
async function openIdle(port: number, index: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.destroy());
  socket.resume();
  await new Promise((resolve) => {
    socket.once("connect", resolve);
    socket.once("close", resolve);
  });
  if (index % 2 === 1) socket.write("GET /credentials HTTP/1.1\r\nX-Slow: ");
  return socket;
}

function askForCredentials(url: URL, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { authorization: token } }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    asked.on("error", reject);
    asked.end();
  });
}

testOnPosixOnly(NO_FIFO)(
  "6b: a changes file that is a FIFO, a device or a link is refused at once",
  async () => {
    const home = await createSignedInHome();
    const fifo = join(home.path, "fifo");
    execFileSync("mkfifo", [fifo]);
    symlinkSync(home.write("target", ""), join(home.path, "link"));
    const read = join(home.path, "read-fifo");
    execFileSync("mkfifo", [read]);
    const reader = spawn("cat", [read]);
    for (const path of [fifo, read, "/dev/null", join(home.path, "link")]) {
      const env = { LATCHKEY_SHELL: "bash", LATCHKEY_SHELL_FILE: path };
      const running = start(home, ["use", "okta"], { env });
      const { exitCode, stderr, milliseconds } = await running.ended;
      expect([2, 8], `${path}: ${stderr}`).toContain(exitCode);
      expect(milliseconds).toBeLessThan(patience(10_000));
    }
    expect(home.read("target")).toBe("");
    reader.kill();
  },
);

testOnPosixOnly(NO_LINKS)(
  "6c: if the config is a link that changes between reading and writing, no file is lost and it is reported",
  async () => {
    const home = await createSignedInHome();
    const other = `[profile other]\nregion = eu-west-1\n[profile keep]\nregion = us-east-1\n`;
    const [one, two] = [home.write("one", SESSION_CONFIG), home.write("two", other)];
    const link = join(home.path, ".aws", "config");
    const flip = (target: string): void => {
      symlinkSync(target, `${link}.new`);
      renameSync(`${link}.new`, link);
    };
    flip(one);
    // latchkey reads the config before it lists the roles, and writes it after.
    home.emulator.setFault({ route: "ListAccountRoles", delayMs: patience(1_500) });
    const running = start(home, ["profiles", "sync", "--sso-session", "corp", "--yes"]);
    await home.emulator.journal.waitFor("ListAccounts", 1, patience(20_000));
    flip(two);
    const { exitCode, stderr } = await running.ended;
    expect(readFileSync(two, "utf8")).toBe(other);
    expect(exitCode, stderr).toBe(8);
    expect(stderr).toContain("Nothing was written");
    expect(readFileSync(one, "utf8")).toBe(SESSION_CONFIG);
  },
);
