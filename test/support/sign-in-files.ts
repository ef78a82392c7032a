import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileVersion } from "../../src/model/role.ts";
import type { EmulatedHome } from "./emulated-home.ts";
import { CORP_TOKEN } from "./session-config.ts";

const SCOPES = ["sso:account:access"];

/**
 * Writes the files of `login` for the session "corp" to a home, without the program and the seconds between two polls.
 * A test of login compares them with the real files.
 */
export function writeSignIn(home: EmulatedHome): void {
  const { startUrl, region } = home.emulator;
  const issued = home.emulator.signIn(`latchkey on ${hostname()}`, SCOPES);
  const { accessToken, refreshToken, clientId, clientSecret } = issued;
  const registrationExpiresAt = formatSeconds(issued.clientSecretExpiresAt * 1000);
  makePrivateDirectories(home);
  writeRegistration(home, { clientId, clientSecret, expiresAt: registrationExpiresAt });
  const expiresAt = formatSeconds(Date.now() + issued.expiresIn * 1000);
  const token = {
    startUrl,
    region,
    accessToken,
    expiresAt,
    clientId,
    clientSecret,
    registrationExpiresAt,
    refreshToken,
  };
  home.write(CORP_TOKEN, pythonJson(token));
  writeSignInRecord(home, randomBytes(16).toString("hex"));
  for (const name of ["the sign-in to corp", "the token of corp"]) {
    const file = createHash("sha256").update(name).digest("hex").slice(0, 32);
    home.write(`.aws/latchkey/locks/${file}.lock`, "");
  }
}

const RECORD = ".aws/latchkey/access/ee0bfd2552fbd840c02cc48b6e823320543c450f/sign-in.json";

function writeSignInRecord(home: EmulatedHome, signInId: string): void {
  const stamp = fileVersion(statSync(join(home.path, CORP_TOKEN)));
  home.write(RECORD, `${JSON.stringify({ version: 2, signInId, stamp })}\n`);
}

/** Changes a token's file as time would, and keeps the id of its sign-in. */
export function keepSignIn(home: EmulatedHome, rewrite: () => void): void {
  const { signInId } = home.exists(RECORD)
    ? home.readJson<{ signInId?: string }>(RECORD)
    : { signInId: undefined };
  rewrite();
  if (signInId !== undefined) writeSignInRecord(home, signInId);
}

function makePrivateDirectories(home: EmulatedHome): void {
  mkdirSync(join(home.path, ".aws"), { recursive: true });
  for (const folder of [
    "latchkey",
    "latchkey/registrations",
    "latchkey/locks",
    "latchkey/access",
    "latchkey/access/ee0bfd2552fbd840c02cc48b6e823320543c450f",
    "sso",
    "sso/cache",
  ]) {
    const path = join(home.path, ".aws", folder);
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o700);
  }
}

function writeRegistration(home: EmulatedHome, client: Readonly<Record<string, string>>): void {
  const { startUrl, region } = home.emulator;
  const purpose = { session: "corp", startUrl, region, scopes: SCOPES, flow: "device" };
  const hash = createHash("sha256")
    .update(JSON.stringify(Object.values(purpose)))
    .digest("hex");
  const text = `${JSON.stringify({ ...purpose, ...client })}\n`;
  home.write(`.aws/latchkey/registrations/${hash.slice(0, 40)}.json`, text);
}

/** Formats an object of strings like Python's json.dumps: with a space after each colon and comma. */
function pythonJson(members: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(members).filter(([, value]) => value !== undefined);
  return `{${known.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(", ")}}`;
}

function formatSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
