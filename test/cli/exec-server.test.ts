/** @module-tag long */
import { spawn } from "node:child_process";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { listListeners } from "../faults/support/listeners.ts";
import { PROGRAM, SESSION_CONFIG, createSignedInHome, type Home } from "../support/home.ts";
import { CTRL_D, ENTER, startSession } from "../support/pty.ts";
import type { ContainerCredentialsJson } from "../../src/model/credentials.ts";
import { runScript } from "../support/commands.ts";

interface ServedCommand {
  readonly url: URL;
  readonly token: string;
  readonly variables: string;
  /** Ends the command, and waits until latchkey ends. */
  end(): Promise<number | null>;
  stderr(): string;
}

/** `exec --server` with a command that prints its environment and then waits for the end of its stdin. */
async function startServed(home: Home): Promise<ServedCommand> {
  const script =
    'console.log(Object.entries(process.env).filter(([name]) => /^AWS_/.test(name)).map((pair) => pair.join("=")).sort().join(" ")); process.stdin.pipe(process.stdout);';
  const child = spawn(
    PROGRAM[0],
    [...PROGRAM.slice(1), "exec", "--server", "okta", "--", ...runScript(script)],
    {
      env: { ...home.env, AWS_ACCESS_KEY_ID: "old", AWS_ACCESS_KEY: "old", AWS_SECRET_KEY: "old" },
      stdio: "pipe",
    },
  );
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const variables = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", resolve);
    child.once("close", () => reject(new Error(stderr)));
  });
  const readValue = (name: string): string =>
    new RegExp(`${name}=(\\S+)`).exec(variables)?.[1] ?? "";
  return {
    url: new URL(readValue("AWS_CONTAINER_CREDENTIALS_FULL_URI")),
    token: readValue("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
    variables,
    stderr: () => stderr,
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}

interface Answer {
  readonly status: number;
  /** undefined: no body. */
  readonly body: unknown;
}

function ask(
  url: URL,
  headers: Record<string, string>,
  options: { method?: string; path?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname: url.hostname,
        port: url.port,
        path: options.path ?? url.pathname,
        method: options.method ?? "GET",
        headers,
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.once("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: text === "" ? undefined : (JSON.parse(text) as unknown),
          }),
        );
      },
    );
    sent.once("error", reject);
    sent.end();
  });
}

const fetchRefused = (port: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.once("connect", () => resolve("open"));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  });

/** A command that requests credentials from its endpoint each time Enter is pressed. */
const ASK_AT_ENTER = `
const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env;
process.stdin.on("data", async () => console.log("answer", (await fetch(url, { headers: { authorization } })).status));
console.log("ready");
`;

async function accessKeyFrom({ url, token }: ServedCommand): Promise<string> {
  const { body } = await ask(url, { authorization: token });
  return (body as ContainerCredentialsJson).AccessKeyId;
}

describe("exec --server", () => {
  test("gives the command an address on this machine and a token, no credentials, and both regions", async () => {
    const home = await createSignedInHome();
    const server = await startServed(home);
    expect(server.url.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/credentials$/);
    expect(server.token).toMatch(/^[0-9a-f]{64}$/);
    expect(
      server.variables
        .trim()
        .split(" ")
        .map((line) => line.split("=")[0])
        .filter((name) => !name?.includes("ENDPOINT")),
    ).toEqual([
      "AWS_CONTAINER_AUTHORIZATION_TOKEN",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_DEFAULT_REGION",
      "AWS_REGION",
    ]);
    const { status, body } = await ask(server.url, { authorization: server.token });
    expect([status, body]).toEqual([
      200,
      {
        AccessKeyId: expect.stringMatching(/^ASIA/),
        SecretAccessKey: expect.any(String),
        Token: expect.any(String),
        Expiration: expect.stringMatching(/Z$/),
        AccountId: "100000000001",
      },
    ]);
    expect(await server.end()).toBe(0);
    expect(await fetchRefused(server.url.port)).toBe("ECONNREFUSED");
  });

  test("refuses requests without the token, for another host name or for another path", async () => {
    const home = await createSignedInHome();
    const server = await startServed(home);
    const { url, token } = server;
    const wrong: Array<[number, Record<string, string>, { method?: string; path?: string }?]> = [
      [401, {}],
      [401, { authorization: "" }],
      [401, { authorization: `${token}x` }],
      [401, { authorization: token.slice(1) }],
      [401, { authorization: `Bearer ${token}` }],
      [401, {}, { path: "/" }],
      [403, { authorization: token, host: `evil.example:${url.port}` }],
      [403, { authorization: token, host: `localhost:${url.port}` }],
      [403, { authorization: token, host: "127.0.0.1" }],
      [404, { authorization: token }, { path: "/credentials?x" }],
      [404, { authorization: token }, { path: "/" }],
      [405, { authorization: token }, { method: "POST" }],
    ];
    for (const [status, headers, options] of wrong) {
      const answer = await ask(url, headers, options);
      expect(
        [answer.status, JSON.stringify(answer.body).includes("ASIA")],
        JSON.stringify([headers, options]),
      ).toEqual([status, false]);
    }
    expect((await ask(url, { authorization: token })).status).toBe(200);
    // 127.0.0.1 only, as the kernel writes it.
    if (process.platform === "linux") expect(listListeners(Number(url.port))).toEqual(["0100007F"]);
    await server.end();
  });

  test("serves valid credentials from memory, and fetches new ones before they expire, once for all callers", async () => {
    const home = await createSignedInHome();
    const server = await startServed(home);
    home.emulator.journal.clear();
    expect(await accessKeyFrom(server)).toBe(await accessKeyFrom(server));
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(0);
    await server.end();
    const short = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 60 } });
    const second = await startServed(short);
    short.emulator.journal.clear();
    short.emulator.setFault({ route: "GetRoleCredentials", delayMs: 1000, times: 1 });
    const ids = await Promise.all(Array.from({ length: 5 }, () => accessKeyFrom(second)));
    expect(new Set(ids).size).toBe(1);
    expect(short.emulator.journal.count("GetRoleCredentials")).toBe(1);
    expect(await accessKeyFrom(second)).not.toBe(ids[0]);
    await second.end();
  });

  test("serves valid credentials during an outage, and gives the reason for an error once the role is removed", async () => {
    const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 600 } });
    const server = await startServed(home);
    home.emulator.setFault({ route: "GetRoleCredentials", status: 503 });
    expect((await ask(server.url, { authorization: server.token })).status).toBe(200);
    home.emulator.clearFaults();
    home.emulator.unassign("100000000001", "ViewOnlyAccess");
    const gone = await ask(server.url, { authorization: server.token });
    expect(gone).toMatchObject({
      status: 403,
      body: { Code: "ACCESS_DENIED", Message: expect.stringContaining("ViewOnlyAccess") },
    });
    expect(server.stderr()).toContain(
      "latchkey: notice: the credentials of okta could not be renewed: The role ViewOnlyAccess",
    );
    await server.end();
  });

  test("answers an outage with 503 once the credentials have expired, so that SDKs retry, and recovers after it", async () => {
    const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 1 } });
    const server = await startServed(home);
    home.emulator.setFault({ route: "GetRoleCredentials", status: 503 });
    await sleep(1_000);
    expect(await ask(server.url, { authorization: server.token })).toMatchObject({
      status: 503,
      body: { Code: "UNREACHABLE", Message: expect.stringContaining("HTTP 503") },
    });
    home.emulator.clearFaults();
    expect(await accessKeyFrom(server)).toMatch(/^ASIA/);
    await server.end();
  });

  test("draws nothing at the terminal during a refresh, and offers no sign-in there", async () => {
    const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 60 } });
    const command = ["exec", "--server", "okta", "--", process.execPath, "-e", ASK_AT_ENTER];
    const session = startSession(home, command);
    await session.see("ready");
    home.emulator.setFault({ route: "GetRoleCredentials", delayMs: 3500, times: 1 });
    session.type(ENTER);
    await session.see("answer 200");
    home.emulator.setFault({ route: "GetRoleCredentials", status: 401 });
    home.emulator.setFault({ route: "CreateToken", status: 400, error: "InvalidGrantException" });
    session.type(ENTER);
    await session.see("answer 200");
    session.type(CTRL_D);
    await session.ended;
    const [, drawn = ""] = session.readRaw().split("ready");
    expect(drawn).not.toMatch(/waiting for|\u001b\[2K|Sign in to corp now/);
    expect(drawn).toContain("is no longer accepted by AWS.");
  });

  test("is refused if the default profile of either file would win over it, and for credentials that never expire", async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", `[default]\nregion = eu-west-1\n${SESSION_CONFIG}`);
    expect(await home.run(["exec", "--server", "okta", "--", ...runScript("")])).toMatchObject({
      exitCode: 0,
    });
    home.write(
      ".aws/credentials",
      "[static]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n",
    );
    expect(await home.run(["exec", "--server", "static", "--", ...runScript("")])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("never run out"),
    });
    home.write(
      ".aws/credentials",
      "[default]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n",
    );
    expect(await home.run(["exec", "--server", "okta", "--", ...runScript("")])).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining(`${join(".aws", "credentials")}, line 2`),
    });
    home.write(".aws/credentials", "");
    home.write(
      ".aws/config",
      `[default]\nregion = eu-west-1\ncredential_process = /bin/false\n${SESSION_CONFIG}`,
    );
    expect(await home.run(["exec", "--server", "okta", "--", ...runScript("")])).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining(`${join(".aws", "config")}, line 3`),
    });
  });
});
