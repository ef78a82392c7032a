/**
 * The last look at words for people, before they leave. Nothing of ours puts a secret into them; what a server or a file
 * put there is masked where it has the look of one: a JWT, a long opaque word, or a value that is named as a secret.
 */
const JWT = /\beyJ[\w-]{10,}(\.[\w-]+)*/g;
const NAMED =
  /\b((?:access|refresh|session|id|bearer)?[_-]?token|client[_-]?secret|secret[_-]?access[_-]?key|password|code_verifier|device_?code)(["']?\s*[=:]\s*["']?)([^\s"'&,;]{6,})/gi;
const OPAQUE = /[A-Za-z0-9_+=-]{40,}/g;
const MASK = "…";

/** Whether a key of a config is named as one that holds a secret: its value is never shown. */
export function isSecretKey(key: string): boolean {
  return /secret|token|password|aws_access_key_id/i.test(key);
}

export function redact(text: string): string {
  return text
    .replace(JWT, MASK)
    .replace(NAMED, (_, name: string, between: string) => `${name}${between}${MASK}`)
    .replace(OPAQUE, (word) => (looksRandom(word) ? MASK : word));
}

/** Capitals, small letters and digits, and no run of letters that could be a word: a name or a path has one. */
function looksRandom(word: string): boolean {
  if (word.startsWith("AWSReservedSSO_")) return false;
  return /[A-Z]/.test(word) && /[a-z]/.test(word) && /\d/.test(word) && !/[a-z]{8,}/.test(word);
}
