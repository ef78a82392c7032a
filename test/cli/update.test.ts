import { createServer, type ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import type { UpdateJson } from "../../src/commands/update.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { createHome } from "../support/home.ts";

const { repository, version } = readRelease();
const RELEASES = `/${repository.owner}/${repository.name}/releases`;
const TAG = `${RELEASES}/tag`;

/** A server in place of the public repository, with the requests it received. */
async function startReleases(answer: (response: ServerResponse) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["user-agent"]}`);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { asked, env: { LATCHKEY_ENDPOINT_URL_RELEASES: `http://127.0.0.1:${port}` } };
}

function redirectTo(location: string): (response: ServerResponse) => void {
  return (response) => void response.writeHead(302, { location }).end();
}

describe("update", () => {
  test("shows how this copy was installed, and makes no request", async () => {
    const home = await createHome();
    const releases = await startReleases(redirectTo(`${TAG}/v9.0.0`));
    const { exitCode, stdout, stderr } = await home.run(["update"], { env: releases.env });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`latchkey ${version}, built in the clone ${CHECKOUT}: ${CHECKOUT}`);
    expect(stdout).toContain(`Update it:  git -C ${CHECKOUT} pull && `);
    expect(releases.asked).toEqual([]);
    expect(home.list(".aws")).toEqual([]);
  });

  test("--check makes one request to the public repository, for the newest version only", async () => {
    const home = await createHome();
    const releases = await startReleases(redirectTo(`${TAG}/v9.0.0`));
    const { env } = releases;
    const value = await home.runJson<UpdateJson>(["update", "--check"], { env });
    expect(value).toMatchObject({
      version,
      installedBy: "clone",
      page: `${repository.url}/releases/latest`,
      newestVersion: "9.0.0",
      isNewer: true,
    });
    expect(releases.asked).toEqual([`GET ${RELEASES}/latest latchkey`]);
    const { stdout } = await home.run(["upgrade", "--check"], { env });
    const words = `latchkey 9.0.0 is available. This is ${version}, built in the clone `;
    expect(stdout.startsWith(words)).toBe(true);
  });

  test("the installed version is reported as the newest", async () => {
    const home = await createHome();
    const { env } = await startReleases(redirectTo(`${TAG}/v${version}`));
    const { stdout, exitCode } = await home.run(["update", "--check"], { env });
    expect(exitCode).toBe(0);
    expect(stdout.startsWith(`latchkey ${version} is the newest version, `)).toBe(true);
  });

  test.each([
    ["no release", redirectTo(RELEASES), 3, "UNDETERMINED"],
    ["a login page", redirectTo("http://127.0.0.1:9/login"), 6, "BAD_RESPONSE"],
    ["a page", (response: ServerResponse): void => void response.end("<html>"), 6, "BAD_RESPONSE"],
    [
      "too many",
      (response: ServerResponse): void => void response.writeHead(429).end(),
      6,
      "THROTTLED",
    ],
  ] as const)("%s: exit %s", async (_, answer, exitCode, code) => {
    const home = await createHome();
    const { env } = await startReleases(answer);
    const ended = await home.run(["update", "--check", "--json"], { env });
    expect(ended.exitCode, ended.stdout).toBe(exitCode);
    const { error } = JSON.parse(ended.stdout) as { error: { code: string; hint: string } };
    expect(error.code).toBe(code);
    expect(error.hint).toMatch(/\S/);
  });

  test("a server that does not answer is named at the timeout", async () => {
    const home = await createHome();
    const { env } = await startReleases(() => undefined);
    const ended = await home.run(["update", "--check", "--timeout", "1"], { env });
    expect(ended).toMatchObject({ exitCode: 6, stdout: "" });
    expect(ended.stderr).toMatch(/^latchkey: error: 127\.0\.0\.1.*\nlatchkey: hint: /);
  });

  test("another address must be https, or on this machine", async () => {
    const home = await createHome();
    const env = { LATCHKEY_ENDPOINT_URL_RELEASES: "http://releases.example" };
    const ended = await home.run(["update", "--check"], { env });
    expect(ended).toMatchObject({ exitCode: 7, stdout: "" });
    expect(ended.stderr).toContain("unset LATCHKEY_ENDPOINT_URL_RELEASES");
  });
});
