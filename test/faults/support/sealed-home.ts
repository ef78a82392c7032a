import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { readSealedFile, sealText } from "../../../src/token/sealed-file.ts";
import { createHome, SESSION_CONFIG, type Home, type RunOptions } from "../../support/home.ts";
import { askKeychain } from "./secret-service.ts";

/** A home whose secrets are sealed, and functions with which a test reads them. */

/** sha1("corp"), the name of the token's file in the shared cache. */
const CORP_KEY = "ee0bfd2552fbd840c02cc48b6e823320543c450f";
export const SEALED_TOKEN = `.aws/latchkey/vault/tokens/${CORP_KEY}.json`;

export async function createKeychainHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, rotation: { mode: "strict" } });
  home.write(".aws/config", SESSION_CONFIG);
  home.write(".config/latchkey/settings.json", JSON.stringify({ storage: "keychain" }));
  return home;
}

export async function createSignedInKeychainHome(env: RunOptions["env"] & object): Promise<Home> {
  const home = await createKeychainHome();
  const login = await home.run(["login", "--no-browser"], { env });
  expect(login, login.stderr).toMatchObject({ exitCode: 0 });
  return home;
}

interface OpenedToken {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
}

export async function openSealedToken(
  home: Home,
  env: Readonly<Record<string, string>>,
): Promise<OpenedToken> {
  const text = readSealedFile(join(home.path, SEALED_TOKEN), await readKey(env), [
    "token",
    CORP_KEY,
  ]);
  const stored = parseJson(text ?? "");
  if (!isRecord(stored)) throw new Error("the sealed token can't be opened");
  return stored as unknown as OpenedToken;
}

/** Expires the sealed token by changing the time in it. */
export async function expireSealedToken(
  home: Home,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const expiresAt = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, "Z");
  const text = JSON.stringify({ ...(await openSealedToken(home, env)), expiresAt });
  home.write(SEALED_TOKEN, sealText(await readKey(env), ["token", CORP_KEY], text));
}

async function readKey(env: Readonly<Record<string, string>>): Promise<Buffer> {
  return Buffer.from((await askKeychain(env, "read")).key ?? "", "base64");
}

/** Lists the files below the home that contain one of these texts, plain or in base64. */
export function findFilesHolding(home: Home, secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret, "utf8").toString("base64").replace(/=+$/, ""),
  ]);
  return readdirSync(home.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path);
      return forms.some((form) => bytes.includes(form));
    });
}
