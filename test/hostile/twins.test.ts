import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, renameSync, symlinkSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { start, waitUntil } from "../faults/support/child.ts";
import { runScript } from "../support/commands.ts";
import { createSignedInHome, testOnPosixOnly, SESSION_CONFIG } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { NO_FIFO, NO_LINKS } from "../support/windows.ts";

/** Kind 6: all parts of one kind handle the same faults. */

test(
  "6.1: the endpoint of exec answers its command while others hold silent connections",
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
    const ends = (await Promise.all(idle.map(({ ended }) => ended))).toSorted((a, b) => a - b);
    // The limit closes all but the newest at once. Those are closed when they have been idle for five seconds.
    expect((ends.at(-1) ?? 0) - (ends.at(-40) ?? 0)).toBeGreaterThan(2_000);
    expect(await askForCredentials(url, token)).toBe(200);
    running.child.stdin?.end();
    expect(await running.ended).toMatchObject({ exitCode: 0 });
  },
  patience(40_000),
);

interface IdleConnection {
  /** The time at which the endpoint closed it. */
  readonly ended: Promise<number>;
}

/** Opens a connection that sends either nothing or a part of a request. */
async function openIdle(port: number, index: number): Promise<IdleConnection> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.destroy());
  socket.resume();
  const ended = new Promise<number>((resolve) => {
    socket.once("close", () => resolve(performance.now()));
  });
  await Promise.race([new Promise((resolve) => socket.once("connect", resolve)), ended]);
  if (index % 2 === 1) socket.write("GET /credentials HTTP/1.1\r\nX-Slow: ");
  return { ended };
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
  "6.2: a changes file that is a FIFO, a device or a link is refused at once",
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

testOnPosixOnly(NO_FIFO)(
  "6.3: a token file of web identity or of an endpoint that is a FIFO or a device is refused at once",
  async () => {
    const home = await createSignedInHome();
    const fifo = join(home.path, "fifo");
    execFileSync("mkfifo", [fifo]);
    const uri = "http://127.0.0.1:1/credentials";
    const role = "arn:aws:iam::100000000001:role/r";
    for (const path of [fifo, "/dev/zero"])
      for (const set of [
        { AWS_WEB_IDENTITY_TOKEN_FILE: path, AWS_ROLE_ARN: role },
        { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path, AWS_CONTAINER_CREDENTIALS_FULL_URI: uri },
      ]) {
        const env = { ...set, AWS_REGION: "us-east-1" };
        const { exitCode, stderr } = await home.run(["whoami"], { env });
        expect(exitCode, stderr).toBe(7);
        expect(stderr).toContain(`${path} is not a regular file`);
      }
  },
);

testOnPosixOnly(NO_FIFO)(
  "6.4: a FIFO as the stored session of `aws login` is no session",
  async () => {
    const home = await createSignedInHome();
    const session = "arn:aws:iam::100000000001:user/a";
    home.write(".aws/config", `[profile p]\nlogin_session = ${session}\nregion = us-east-1\n`);
    const name = createHash("sha256").update(session).digest("hex");
    const path = `.aws/login/cache/${name}.json`;
    home.write(".aws/login/cache/other.json", "");
    execFileSync("mkfifo", [join(home.path, path)]);
    const { exitCode, stderr } = await home.run(["whoami", "--profile", "p"]);
    expect(exitCode, stderr).toBe(4);
    expect(stderr).toContain("latchkey: hint: aws login --profile p");
  },
);

testOnPosixOnly(NO_LINKS)(
  "6.5: if the config is a link that changes between reading and writing, no file is lost and it is reported",
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
