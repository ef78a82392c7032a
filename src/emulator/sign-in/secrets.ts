import { randomBytes, randomInt } from "node:crypto";

/** Random values in the shapes and sizes of the real ones. */
export function createOpaque(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** 16 random bytes followed by the region, as base64url: the region can be read at the tail. */
export function createClientId(region: string): string {
  return Buffer.concat([randomBytes(16), Buffer.from(region)]).toString("base64url");
}

/** Looks like the service's HS384 token of about 1.5 kB: too large for some credential stores, as the real one is. */
export function createClientSecret(id: string, expiresAtSeconds: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { kid: `key-${randomInt(1_500_000_000, 1_600_000_000)}`, alg: "HS384" };
  const claims = { clientId: id, expiresAt: expiresAtSeconds, pad: createOpaque(720) };
  const payload = { serialized: JSON.stringify(claims) };
  return `${part(header)}.${part(payload)}.${createOpaque(48)}`;
}

/** Consonants only, so that no word appears: XXXX-XXXX. */
export function createUserCode(): string {
  const consonants = "BCDFGHJKLMNPQRSTVWXZ";
  return `${pick(consonants, 4)}-${pick(consonants, 4)}`;
}

export function createAccessKeyId(): string {
  return `ASIA${pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`;
}

export function createSecretAccessKey(): string {
  return randomBytes(30).toString("base64");
}

export function createSessionToken(): string {
  return `IQoJb3JpZ2luX2VjE${randomBytes(600).toString("base64")}`;
}
