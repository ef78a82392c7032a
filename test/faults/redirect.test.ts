import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import {
  createReturningBrowser,
  CORP_TOKEN,
  createHome,
  SESSION_CONFIG,
  type Home,
} from "../support/home.ts";
import {
  start,
  startTracing,
  waitUntil,
  type RunningProcess,
  type StartOptions,
} from "./support/child.ts";
import { listListeners } from "./support/listeners.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

/** The redirect sign-in: its address accepts connections from every program on this machine. */

const LOGIN = ["login", "--use-pkce", "--no-browser"];

async function createHomeWithRedirect(): Promise<Home> {
  const home = await createHome({ authorize: { mode: "auto" } });
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

interface WaitingLogin {
  readonly running: RunningProcess;
  readonly port: number;
  readonly state: string;
  /** Sends the request of a browser whose user approves. */
  readonly approve: () => Promise<number>;
}

async function startWaiting(home: Home, options: StartOptions = {}): Promise<WaitingLogin> {
  const running = start(home, LOGIN, options);
  const shown = await waitUntil("the URL", () => /Open {3}(\S+)\n/.exec(running.readStderr())?.[1]);
  const query = new URL(shown).searchParams;
  const port = Number(new URL(query.get("redirect_uri") ?? "").port);
  return {
    running,
    port,
    state: query.get("state") ?? "",
    approve: async () => (await fetch(shown)).status,
  };
}

/** Sends raw bytes to the port. Resolves with all that was received when the connection ends. */
function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => undefined).on("close", () => resolve(text));
  });
}

function get(port: number, target: string, more = "", method = "GET"): Promise<string> {
  return sendRaw(
    port,
    `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${more}\r\n`,
  );
}

async function expectSignedIn(home: Home, { running, approve }: WaitingLogin): Promise<void> {
  expect(running.child.exitCode, running.readStderr()).toBe(null);
  expect(await approve()).toBe(200);
  const ended = await running.ended;
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0, stdout: "" });
  expect(home.exists(CORP_TOKEN)).toBe(true);
}

row(
  90,
  "the port listens only on 127.0.0.1, before the URL is shown, and is closed when the sign-in ends",
  async () => {
    const home = await createHomeWithRedirect();
    const login = await startWaiting(home);
    expect(listListeners(login.port)).toEqual(["0100007F"]);
    await expectSignedIn(home, login);
    expect(listListeners(login.port)).toEqual([]);
  },
);

row(
  90,
  "wrong paths, methods, hosts and states, doubled parameters, stray errors and giant requests are refused; the true answer still counts",
  async () => {
    const home = await createHomeWithRedirect();
    const login = await startWaiting(home);
    const { port, state } = login;
    const good = `/oauth/callback?code=stolen&state=${state}`;
    const answers: Array<[string, Promise<string>, RegExp]> = [
      ["another path", get(port, `/callback?code=x&state=${state}`), /^HTTP\/1\.1 404 /],
      ["no path", get(port, "/"), /^HTTP\/1\.1 404 /],
      ["climbing", get(port, `/oauth/../oauth/callback?code=x&state=${state}`), /^HTTP\/1\.1 404 /],
      ["POST", get(port, good, "Content-Length: 0\r\n", "POST"), /^HTTP\/1\.1 405 [^]*Allow: GET/],
      [
        "PUT with a body",
        get(port, good, "Content-Length: 5\r\n\r\nhello", "PUT"),
        /^HTTP\/1\.1 405 /,
      ],
      [
        "a preflight request (OPTIONS)",
        get(
          port,
          good,
          "Origin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\n",
          "OPTIONS",
        ),
        /^HTTP\/1\.1 405 (?![^]*Access-Control)/,
      ],
      ["no state", get(port, "/oauth/callback?code=x"), /^HTTP\/1\.1 400 /],
      ["an empty state", get(port, "/oauth/callback?code=x&state="), /^HTTP\/1\.1 400 /],
      ["a wrong state", get(port, "/oauth/callback?code=x&state=AAAA"), /^HTTP\/1\.1 400 /],
      ["a state that is almost right", get(port, good.slice(0, -1)), /^HTTP\/1\.1 400 /],
      ["two states", get(port, `${good}&state=${state}`), /^HTTP\/1\.1 400 /],
      ["two codes", get(port, `${good}&code=y`), /^HTTP\/1\.1 400 /],
      ["an error without a state", get(port, "/oauth/callback?error=x"), /^HTTP\/1\.1 400 /],
      [
        "an error with markup",
        get(port, "/oauth/callback?error=%3Cscript%3Ealert(1)%3C/script%3E&state=%22%3E"),
        /^HTTP\/1\.1 400 (?![^]*alert)/,
      ],
      ["an error and a code", get(port, `${good}&error=x`), /^HTTP\/1\.1 400 /],
      [
        "another host",
        sendRaw(
          port,
          `GET ${good} HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`,
        ),
        /^HTTP\/1\.1 421 /,
      ],
      [
        "two hosts",
        sendRaw(
          port,
          `GET ${good} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
        ),
        /^HTTP\/1\.1 4\d\d /,
      ],
      ["no host", sendRaw(port, `GET ${good} HTTP/1.0\r\n\r\n`), /^HTTP\/1\.1 421 /],
      [
        "64 KiB of URL",
        get(port, `/oauth/callback?code=${"x".repeat(65_536)}&state=${state}`),
        /^(HTTP\/1\.1 431 |$)/,
      ],
      [
        "64 KiB of headers",
        get(port, good, `X-Long: ${"x".repeat(65_536)}\r\n`),
        /^(HTTP\/1\.1 431 |$)/,
      ],
      ["no HTTP", sendRaw(port, "\u0000\u0001\u0002 nonsense\r\n\r\n"), /^HTTP\/1\.1 400 /],
      ["TLS", sendRaw(port, "\u0016\u0003\u0001\u0002\u0000"), /^(HTTP\/1\.1 4\d\d |$)/],
    ];
    for (const [what, answer, expected] of answers) expect(await answer, what).toMatch(expected);
    await expectSignedIn(home, login);
  },
);

row(
  90,
  "a hundred clients that send nothing, or a byte a second, delay no one and are closed within seconds",
  async () => {
    const home = await createHomeWithRedirect();
    const login = await startWaiting(home);
    const sockets: Socket[] = [];
    const timers: NodeJS.Timeout[] = [];
    onTestFinished(() => {
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    });
    let over = 0;
    for (let count = 0; count < 100; count += 1) {
      const socket = connect(login.port, "127.0.0.1");
      socket
        .on("error", () => undefined)
        .on("close", () => (over += 1))
        .resume();
      if (count % 2 === 0) timers.push(setInterval(() => socket.write("G"), 1_000));
      sockets.push(socket);
    }
    await waitUntil("the oldest ones let go", () => over >= 60 || undefined);
    await waitUntil("all of them let go", () => over === 100 || undefined, 15_000);
    const held = connect(login.port, "127.0.0.1");
    sockets.push(held.on("error", () => undefined));
    const approved = Date.now();
    await expectSignedIn(home, login);
    expect(Date.now() - approved).toBeLessThan(patience(10_000));
  },
);

row(90, "the second answer, right or wrong, changes nothing", async () => {
  const home = await createHomeWithRedirect();
  const login = await startWaiting(home);
  home.emulator.setFault({ route: "CreateToken", delayMs: 2_000, times: 1 });
  const approved = login.approve();
  await home.emulator.journal.waitFor("Authorize", 1, patience(10_000));
  expect(await approved).toBe(200);
  const second = await get(login.port, `/oauth/callback?code=another&state=${login.state}`);
  const third = await get(login.port, `/oauth/callback?error=access_denied&state=${login.state}`);
  for (const answer of [second, third]) expect(answer).toMatch(/^(HTTP\/1\.1 400 |$)/);
  expect(await login.running.ended).toMatchObject({ exitCode: 0 });
  expect(home.emulator.journal.count("CreateToken")).toBe(1);
});

row(
  90,
  "a browser that never comes back ends the sign-in after ten minutes, with exit 9",
  async () => {
    const home = await createHomeWithRedirect();
    // faketime makes the program's clock a hundred times as fast.
    const login = await startWaiting(home, { wrapper: ["faketime", "-f", "+0 x100"] });
    const ended = await login.running.ended;
    expect(ended, ended.stderr).toMatchObject({
      exitCode: 9,
      stdout: "",
      stderr: expect.stringContaining("did not come back within ten minutes"),
    });
    expect(ended.milliseconds).toBeGreaterThan(5_000);
    expect(home.exists(CORP_TOKEN)).toBe(false);
    expect(home.list(".aws/latchkey/registrations")).toEqual([]);
  },
);

for (const [call, error] of [
  ["bind", "EADDRNOTAVAIL"],
  ["bind", "EACCES"],
  ["listen", "EADDRINUSE"],
] as const) {
  row(
    89,
    `if listening on 127.0.0.1 fails (${call}: ${error}), the redirect is refused before any request, with the other flow as the cure`,
    async () => {
      const home = await createHomeWithRedirect();
      const trace = startTracing(home, [`${call}:error=${error}`]);
      const ended = await start(home, LOGIN, { wrapper: trace.wrapper }).ended;
      expect(trace.readInjected().length).toBeGreaterThan(0);
      expect(ended, ended.stderr).toMatchObject({
        exitCode: 9,
        stdout: "",
        stderr: expect.stringContaining(
          `can't listen on 127.0.0.1 for the browser's redirect (${error})`,
        ),
      });
      expect(ended.stderr).toContain(
        "latchkey: hint: Sign in with a code instead: latchkey login --use-device-code\n",
      );
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );
}

/** The environment of a desktop, even if the tests run in a container. */
const DESKTOP = {
  env: { DISPLAY: ":0" },
  outside: ["unshare", "--mount", "sh", join(import.meta.dirname, "support", "without_marks.sh")],
};

row(89, "auto chooses the redirect on a desktop, and a code if listening fails there", async () => {
  const home = await createHomeWithRedirect();
  home.emulator.autoApprove(0);
  await home.run(["settings", "login-flow", "auto"]);
  const env = { ...DESKTOP.env, BROWSER: createReturningBrowser(home) };
  const redirected = await start(home, ["login"], { env, wrapper: DESKTOP.outside }).ended;
  expect(redirected, redirected.stderr).toMatchObject({ exitCode: 0, stdout: "" });
  expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual([
    "RegisterClient",
    "Authorize",
    "CreateToken",
  ]);
  home.emulator.journal.clear();
  const trace = startTracing(home, ["bind:error=EACCES"]);
  const ended = await start(home, ["login", "--force"], {
    env,
    wrapper: [...DESKTOP.outside, ...trace.wrapper],
  }).ended;
  expect(trace.readInjected().length).toBeGreaterThan(0);
  expect(ended, ended.stderr).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining("Signing in with a code instead.\nSign in to corp"),
  });
  expect(
    home.emulator.journal
      .entries()
      .map(({ route }) => route)
      .filter((route) => route !== "DevicePage"),
  ).toEqual(["RegisterClient", "StartDeviceAuthorization", "CreateToken"]);
});
