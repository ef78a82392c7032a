import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { MOTO, requireParts } from "../support/interop-parts.ts";

/** Runs moto's server, a widely used fake of AWS, on 127.0.0.1 for successful calls of the administrator. */

const START_MILLISECONDS = 45_000;

export interface Moto {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startMoto(): Promise<Moto> {
  requireParts(MOTO);
  const port = await findFreePort();
  const child = spawn(MOTO, ["-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
    env: { PATH: process.env["PATH"] ?? "", PYTHONDONTWRITEBYTECODE: "1" },
  });
  const url = `http://127.0.0.1:${port}`;
  await waitForAnswer(url);
  return {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_STS: url,
      AWS_ENDPOINT_URL_SSO_ADMIN: url,
      AWS_ENDPOINT_URL_IDENTITYSTORE: url,
      AWS_ENDPOINT_URL_ORGANIZATIONS: url,
      AWS_ENDPOINT_URL_CLOUDTRAIL: url,
      AWS_ACCESS_KEY_ID: "AKIAMOTO000000000000",
      AWS_SECRET_ACCESS_KEY: "moto",
      AWS_REGION: "eu-west-1",
    },
    close: () =>
      new Promise((resolve) => {
        child.once("close", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

async function waitForAnswer(url: string): Promise<void> {
  const end = Date.now() + START_MILLISECONDS;
  for (;;) {
    try {
      await fetch(`${url}/moto-api/`);
      return;
    } catch (thrown) {
      if (Date.now() > end) throw new Error("moto's server did not start", { cause: thrown });
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
