import { MASK, maskSent } from "./sent.ts";

const JWT = /\beyJ[\w-]{10,}(\.[\w-]+)*/g;
const NAMED =
  /\b((?:access|refresh|session|id|bearer)?[_-]?token|client[_-]?secret|secret[_-]?access[_-]?key|password|code_verifier|device_?code)(["']?\s*[=:]\s*["']?)([^\s"'&,;]{6,})/gi;
const OPAQUE = /[A-Za-z0-9_+=-]{40,}/g;

/**
 * Masks secrets in a text just before it is printed. latchkey itself prints no secrets, but text from a server or a
 * file may contain some. It masks secrets that this run has sent, JWTs, long random words, and values whose name
 * suggests a secret.
 */
export function redact(text: string): string {
  return maskSent(text)
    .replace(JWT, MASK)
    .replace(NAMED, (_, name: string, between: string) => `${name}${between}${MASK}`)
    .replace(OPAQUE, (word) => (looksRandom(word) ? MASK : word));
}

/**
 * Returns whether a word has capitals, small letters and digits, but no long run of small letters. Names and paths
 * usually have such a run.
 */
function looksRandom(word: string): boolean {
  if (word.startsWith("AWSReservedSSO_")) return false;
  return /[A-Z]/.test(word) && /[a-z]/.test(word) && /\d/.test(word) && !/[a-z]{8,}/.test(word);
}
