import type { Environment } from "../context.ts";
import { IDENTITY_VARIABLES } from "../model/identity-variables.ts";

/** Builds the environment for every child process of latchkey. */

/**
 * `command`: a program from the user or a config (`exec`, another tool's credential_process). It gets the credentials
 * that are meant for it, and the user's other variables. `desktop`: a helper (browser, clipboard, tmux, stty, a version
 * check), without credentials. `keychain`: latchkey's own process that reads the key; it also gets no variables that
 * control its runtime.
 */
export type ChildKind = "command" | "desktop" | "keychain";

/** latchkey's own secrets. No child process gets them. */
const OWN_SECRET = /^LATCHKEY_(?:\w+_)?(?:TOKEN|SECRET|KEY|PASSWORD)$/;

/**
 * With these variables, a child process that is a Bun program, such as the standalone executable, would open a debugger
 * or load other code.
 */
const BUN_ORDER = /^BUN_(?:INSPECT\w*|OPTIONS|BE_BUN)$/;

/**
 * Preloaded code, a debugger, caches and reports of Node, and additional CA certificates. Also a library that the
 * keychain's package would load instead of its own.
 */
const RUNTIME_ORDER = /^(?:NODE|NAPI_RS)_/;

/** Variables of AWS clients, and passwords of other tools, such as `AWS_VAULT_FILE_PASSPHRASE`. */
const CREDENTIAL = /^(?:AWS|AMAZON)_\w*(?:KEY|SECRET|TOKEN|PASSWORD|PASSPHRASE)/;

/** Kinds of variables that contain no credentials. For example, a browser command can still use the profile. */
const HARMLESS_KINDS: readonly string[] = ["profile", "region", "mark"];

const CREDENTIAL_NAMES: ReadonlySet<string> = new Set(
  IDENTITY_VARIABLES.filter(({ kind }) => !HARMLESS_KINDS.includes(kind)).map(({ name }) => name),
);

const WITHHELD: Readonly<Record<ChildKind, ReadonlyArray<(name: string) => boolean>>> = {
  command: [isOwn],
  desktop: [isOwn, isCredential],
  keychain: [isOwn, isCredential, (name) => RUNTIME_ORDER.test(name)],
};

function isOwn(name: string): boolean {
  return OWN_SECRET.test(name) || BUN_ORDER.test(name);
}

function isCredential(name: string): boolean {
  return CREDENTIAL_NAMES.has(name) || CREDENTIAL.test(name);
}

/** Returns whether a child process of this kind must not inherit a variable. On Windows, names are case-insensitive. */
export function isWithheld(kind: ChildKind, name: string, platform: string): boolean {
  const known = platform === "win32" ? name.toUpperCase() : name;
  return WITHHELD[kind].some((isMeant) => isMeant(known));
}

/** Returns the environment for a child process of this kind. */
export function toChildEnvironment(
  env: Environment,
  kind: ChildKind,
  platform: string = process.platform,
): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !isWithheld(kind, entry[0], platform),
  );
  return Object.fromEntries(kept);
}
