import type { Environment } from "../context.ts";
import { IDENTITY_VARIABLES } from "../model/identity-variables.ts";

/** What a child finds in its environment. Every child of this program gets its own from here, and nowhere else. */

/**
 * `command`: what a person or a config names (`exec`, another tool's credential_process), with the credentials that it is
 * given and all that the person has set. `desktop`: what works beside latchkey (browser, clipboard, tmux, stty, the version
 * of a tool), without credentials. `keychain`: latchkey's own process with the key, without orders to its runtime, too.
 */
export type ChildKind = "command" | "desktop" | "keychain";

/** Latchkey's own secrets are for latchkey alone. */
const OWN_SECRET = /^LATCHKEY_(?:\w+_)?(?:TOKEN|SECRET|KEY|PASSWORD)$/;

/** A child that is a program of Bun's, as the standalone executable is, would open a debugger or load foreign code. */
const BUN_ORDER = /^BUN_(?:INSPECT\w*|OPTIONS|BE_BUN)$/;

/** Preloaded code, a debugger, caches and reports of Node's, and other roots of trust. */
const NODE_ORDER = /^NODE_/;

/** Those of AWS clients, and the passwords of the tools beside them: `AWS_VAULT_FILE_PASSPHRASE`. */
const CREDENTIAL = /^(?:AWS|AMAZON)_\w*(?:KEY|SECRET|TOKEN|PASSWORD|PASSPHRASE)/;

/** No credentials by themselves: a command that picks a browser by the profile still can. */
const HARMLESS_KINDS: readonly string[] = ["profile", "region", "mark"];

const CREDENTIAL_NAMES: ReadonlySet<string> = new Set(
  IDENTITY_VARIABLES.filter(({ kind }) => !HARMLESS_KINDS.includes(kind)).map(({ name }) => name),
);

const WITHHELD: Readonly<Record<ChildKind, ReadonlyArray<(name: string) => boolean>>> = {
  command: [isOwn],
  desktop: [isOwn, isCredential],
  keychain: [isOwn, isCredential, (name) => NODE_ORDER.test(name)],
};

function isOwn(name: string): boolean {
  return OWN_SECRET.test(name) || BUN_ORDER.test(name);
}

function isCredential(name: string): boolean {
  return CREDENTIAL_NAMES.has(name) || CREDENTIAL.test(name);
}

/** Whether a child of this kind must not inherit a variable. On Windows names are the same in any case. */
export function isWithheld(kind: ChildKind, name: string, platform: string): boolean {
  const known = platform === "win32" ? name.toUpperCase() : name;
  return WITHHELD[kind].some((isMeant) => isMeant(known));
}

/** The environment for a child of this kind. */
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
