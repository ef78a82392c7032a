// Creates a temporary home that is signed in at its own emulated Identity Center. Its functions reset the home between
// samples.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRecord, parseJson } from "../../src/text/json.ts";
import { runProgram } from "../../test/support/child.ts";
import { startEmulatorProcess, type EmulatorProcess } from "../../test/support/emulator-process.ts";
import { pointAwsCliAt } from "../../test/support/endpoint-rules.ts";
import { NODE_PROGRAM } from "../../test/support/program.ts";
import { CORP_TOKEN, OKTA_ROLE } from "../../test/support/session-config.ts";

export interface Place {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** The token file of the session "corp". */
  readonly tokenFile: string;
  readonly emulator: EmulatorProcess;
  signInAgain(): Promise<void>;
  /** Removes the role credentials in the caches of all tools. */
  dropRoles(): void;
  /** Sets the state of an hour later: the token has expired, and no role credentials are cached. */
  expireAll(): void;
  /** Ends the emulator and removes the home. */
  close(): void;
}

export interface PlaceOptions {
  readonly accounts?: number;
  readonly roles?: number;
  /** Whether the config has the profile "okta" in addition to the session. */
  readonly hasProfile?: boolean;
}

export async function openPlace(options: PlaceOptions = {}): Promise<Place> {
  const { accounts = 3, roles = 2, hasProfile = true } = options;
  const home = mkdtempSync(join(tmpdir(), "latchkey-place-"));
  const emulator = await startEmulatorProcess({ accounts, roles });
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    ...emulator.env,
    ...pointAwsCliAt(emulator.url, home),
  };
  const place: Place = {
    home,
    env,
    tokenFile: join(home, CORP_TOKEN),
    emulator,
    signInAgain: () => runOrThrow(["login", "--no-browser", "--force"], env),
    dropRoles: () => dropRoles(home),
    expireAll() {
      dropRoles(home);
      expireToken(place.tokenFile);
    },
    close() {
      emulator.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  try {
    await runOrThrow(configureArguments(emulator, hasProfile), env);
    await runOrThrow(["login", "--no-browser"], env);
    return place;
  } catch (thrown) {
    place.close();
    throw thrown;
  }
}

/** Returns the text of the token file with an expired token; undefined if the file contains no token. */
export function readExpired(tokenFile: string): string | undefined {
  const stored = readToken(tokenFile);
  if (stored === undefined) return undefined;
  return JSON.stringify({ ...stored, expiresAt: "2020-01-01T00:00:00Z" });
}

/** Returns undefined if the file is missing or incomplete. */
export function readToken(tokenFile: string): Record<string, unknown> | undefined {
  try {
    const stored = parseJson(readFileSync(tokenFile, "utf8"));
    return isRecord(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

function configureArguments(emulator: EmulatorProcess, hasProfile: boolean): string[] {
  const service = ["--start-url", emulator.startUrl, "--sso-region", emulator.region, "--yes"];
  return hasProfile
    ? ["configure", "--profile", "okta", ...OKTA_ROLE, "--region", "us-east-1", ...service]
    : ["configure", "session", "--sso-session", "corp", ...service];
}

async function runOrThrow(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { exitCode, stderr } = await runProgram([...NODE_PROGRAM, ...argv], env);
  if (exitCode !== 0) throw new Error(`latchkey ${argv.join(" ")}: exit ${exitCode}: ${stderr}`);
}

function dropRoles(home: string): void {
  for (const cache of [".aws/cli/cache", ".aws/latchkey/role-credentials", ".aws/credentials"])
    rmSync(join(home, cache), { recursive: true, force: true });
}

function expireToken(tokenFile: string): void {
  const expired = readExpired(tokenFile);
  if (expired === undefined) throw new Error(`${tokenFile} has no token`);
  writeFileSync(tokenFile, expired);
}
