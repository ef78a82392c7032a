import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { RoleRef } from "../model/role.ts";
import { isRecord, parseJson } from "../text/json.ts";
import { openSecretFile, type Replacement } from "../fs/replace.ts";
import { readCacheText } from "../fs/read.ts";

/**
 * The key with which files are encrypted, stored in the OS keychain. Each file is encrypted with AES-256-GCM and a
 * random nonce. Tokens can't be stored in the keychain directly, because a token with its client secret is larger than
 * Windows allows.
 */
export type VaultKey = Uint8Array;

/**
 * The purpose of a file. It is authenticated together with the content, so that no file can be used in place of another.
 */
export type Identity =
  | readonly [kind: "token", sessionKey: string]
  | readonly [kind: "role", ...ref: string[]]
  | readonly [kind: "scim-token", endpoint: string];

export function tokenIdentity(sessionKey: string): Identity {
  return ["token", sessionKey];
}

export function roleIdentity({ session, accountId, roleName, configFile }: RoleRef): Identity {
  const role: Identity = ["role", session, accountId, roleName];
  return configFile === undefined ? role : [...role, configFile];
}

const CIPHER = "aes-256-gcm";
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function sealText(key: VaultKey, identity: Identity, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(identityBytes(identity));
  const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return `${JSON.stringify({ version: VERSION, nonce: nonce.toString("base64"), ciphertext: ciphertext.toString("base64"), tag: cipher.getAuthTag().toString("base64") })}\n`;
}

/**
 * Returns the decrypted text. Returns undefined if the file was written with another key or for another purpose, is
 * damaged, or is not encrypted.
 */
export function unsealText(key: VaultKey, identity: Identity, file: string): string | undefined {
  const stored = parseJson(file);
  if (!isRecord(stored) || stored["version"] !== VERSION) return undefined;
  const nonce = decodeBase64(stored["nonce"]);
  const ciphertext = decodeBase64(stored["ciphertext"]);
  const tag = decodeBase64(stored["tag"]);
  if (nonce?.length !== NONCE_BYTES || tag?.length !== TAG_BYTES || ciphertext === undefined)
    return undefined;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(identityBytes(identity));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

export function readSealedFile(
  path: string,
  key: VaultKey | undefined,
  identity: Identity,
): string | undefined {
  const file = key === undefined ? undefined : readCacheText(path);
  return key === undefined || file === undefined ? undefined : unsealText(key, identity, file);
}

/** Opens the temporary file that will replace an encrypted file. @param reserveBytes length of the text before encryption. */
export function openSealedFile(
  path: string,
  key: VaultKey,
  identity: Identity,
  reserveBytes: number,
): Replacement {
  const file = openSecretFile(path, reserveBytes === 0 ? 0 : computeSealedLength(reserveBytes));
  const seal = (text: string | Uint8Array): string =>
    sealText(key, identity, typeof text === "string" ? text : Buffer.from(text).toString("utf8"));
  return {
    publish: () => file.publish(),
    abandon: () => file.abandon(),
    stage: (text) => file.stage(seal(text)),
    commit: (text) => file.commit(seal(text)),
  };
}

function computeSealedLength(textBytes: number): number {
  const around =
    JSON.stringify({ version: VERSION, nonce: "", ciphertext: "", tag: "" }).length + 1;
  return around + base64Length(NONCE_BYTES) + base64Length(TAG_BYTES) + base64Length(textBytes);
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function decodeBase64(value: unknown): Buffer | undefined {
  return typeof value === "string" ? Buffer.from(value, "base64") : undefined;
}

function identityBytes(identity: Identity): Buffer {
  return Buffer.from(JSON.stringify(["latchkey", VERSION, ...identity]), "utf8");
}
