import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startEmulator, type Emulator } from "../../src/emulator/emulator.ts";
import { keyId, secretOf, START_URL, type Row } from "./row.ts";

/**
 * The services for the clients: an emulated Identity Center and STS, a container endpoint, and a home for each question.
 */
export interface Network {
  readonly emulator: Emulator;
  /** Writes the row's files to `home`, or to a new home, and returns the environment of a process there. */
  readonly prepare: (
    row: Row,
    home?: string,
  ) => { path: string; env: Record<string, string>; remove: () => void };
  /** Returns the outcome for these keys: see rows.ts. */
  describeKeys(accessKeyId: string): string;
  /** Removes the parts that differ between two runs. */
  redact(text: string, home: string): string;
  close(): Promise<void>;
}

export async function startNetwork(): Promise<Network> {
  const emulator = await startEmulator({ startUrl: START_URL, org: { accounts: 3, roles: 2 } });
  const tokenFiles = writeTokenFiles(emulator);
  const container = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ ...toProcessJson("CONTAINER"), Token: "CONTAINER" }));
  });
  await new Promise<void>((resolve) => container.listen(0, "127.0.0.1", resolve));
  const containerUrl = `http://127.0.0.1:${(container.address() as AddressInfo).port}/keys`;
  acceptKeys(emulator, keyId("PROCESS"));
  for (const word of ["LOGIN", "CONTAINER"]) acceptKeys(emulator, keyId(word), word);

  return {
    emulator,
    prepare(row, home) {
      const path = home ?? mkdtempSync(join(tmpdir(), "latchkey-clients-"));
      const write = (name: string, content: string | Buffer, mode = 0o600): string => {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), content, { mode });
        return join(path, name);
      };
      const json = JSON.stringify({ Version: 1, ...toProcessJson("PROCESS") });
      const places: Record<string, string> = {
        "{home}": path,
        "{process}": write("process", `#!/bin/sh\necho '${json}'\n`, 0o700),
        "{token}": write("token", "a token"),
        "{container}": containerUrl,
      };
      const fill = (text: string): string =>
        text.replace(/\{(home|process|token|container)\}/g, (name) => places[name] ?? name);
      const files = { ...tokenFiles, ...row.files };
      for (const [name, content] of Object.entries(files)) write(name, content);
      for (const name of ["config", "credentials"] as const) {
        const content = row[name];
        if (content === undefined) continue;
        write(`.aws/${name}`, typeof content === "string" ? fill(content) : content);
        for (const [found] of content.toString("latin1").matchAll(/AKIA[A-Z0-9]{16}/g))
          acceptKeys(emulator, found);
      }
      const own = Object.entries(row.env ?? {}).map(([name, value]) => [name, fill(value)]);
      for (const value of Object.values(row.env ?? {}))
        if (value.startsWith("AKIA")) acceptKeys(emulator, value);
      const env = {
        PATH: process.env["PATH"] ?? "",
        HOME: path,
        LANG: "C.UTF-8",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_SDK_LOAD_CONFIG: "1",
        ...emulator.env,
        ...Object.fromEntries(own),
      };
      return { path, env, remove: () => rmSync(path, { recursive: true, force: true }) };
    },
    describeKeys: (accessKeyId) => describeKeys(emulator, accessKeyId),
    redact: (text, home) =>
      text
        .replaceAll(home, "{home}")
        .replaceAll(containerUrl, "{container}")
        .replaceAll(emulator.url, "{emulator}")
        .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "{id}"),
    async close() {
      await emulator.close();
      container.close();
    },
  };
}

function acceptKeys(emulator: Emulator, accessKeyId: string, sessionToken = ""): void {
  emulator.acceptKeys(accessKeyId, secretOf(accessKeyId), sessionToken);
}

function describeKeys(emulator: Emulator, accessKeyId: string): string {
  const owner = emulator.findOwner(accessKeyId);
  if (owner === undefined || owner.accountId === "000000000000")
    return `key ${accessKeyId.replace(/^AKIA/, "").replace(/0+$/, "")}`;
  const name = `${owner.accountId} ${owner.roleName}`;
  if (owner.assumedBy === undefined) return name;
  return `${name} by ${owner.assumedBy === "" ? "token" : describeKeys(emulator, owner.assumedBy)}`;
}

function toProcessJson(word: string): Record<string, string> {
  const AccessKeyId = keyId(word);
  const Expiration = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
  return { AccessKeyId, SecretAccessKey: secretOf(AccessKeyId), Expiration };
}

/** Returns the token files of a sign-in to the session `corp`, one to its start URL, and `aws login`. */
function writeTokenFiles(emulator: Emulator): Record<string, string> {
  const { accessToken, refreshToken, clientId, clientSecret } = emulator.signIn("latchkey", [
    "sso:account:access",
  ]);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
  const legacy = { startUrl: START_URL, region: "us-east-1", accessToken, expiresAt };
  const renewable = { clientId, clientSecret, refreshToken, registrationExpiresAt: expiresAt };
  const nameFile = (key: string): string =>
    `.aws/sso/cache/${createHash("sha1").update(key).digest("hex")}.json`;
  const me = "arn:aws:iam::100000000009:user/me";
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const login = {
    accessToken: {
      accessKeyId: keyId("LOGIN"),
      secretAccessKey: secretOf(keyId("LOGIN")),
      sessionToken: "LOGIN",
      accountId: "100000000009",
      expiresAt,
    },
    tokenType: "aws_sigv4",
    clientId: "arn:aws:signin:::devtools/same-device",
    refreshToken: "renewal",
    idToken: "identity",
    dpopKey: privateKey.export({ type: "sec1", format: "pem" }),
  };
  return {
    [nameFile("corp")]: JSON.stringify({ ...legacy, ...renewable }),
    [nameFile(START_URL)]: JSON.stringify(legacy),
    [`.aws/login/cache/${createHash("sha256").update(me).digest("hex")}.json`]:
      JSON.stringify(login),
  };
}
