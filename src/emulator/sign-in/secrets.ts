import { randomBytes, randomInt } from "node:crypto";

/** Returns a random token; like all values here, it has the form and size of a real one. */
export function createOpaque(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** Returns base64url of 16 random bytes followed by the region, so the end of the id contains the region. */
export function createClientId(region: string): string {
  return Buffer.concat([randomBytes(16), Buffer.from(region)]).toString("base64url");
}

/** Returns a value like the service's HS384 token of about 1.5 kB, which is too large for some credential stores. */
export function createClientSecret(id: string, expiresAtSeconds: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { kid: `key-${randomInt(1_500_000_000, 1_600_000_000)}`, alg: "HS384" };
  const claims = { clientId: id, expiresAt: expiresAtSeconds, pad: createOpaque(720) };
  const payload = { serialized: JSON.stringify(claims) };
  return `${part(header)}.${part(payload)}.${createOpaque(48)}`;
}

/** Returns XXXX-XXXX, with consonants only, so that it contains no words. */
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
