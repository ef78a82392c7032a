import type { RecordedRun } from "../../test/support/record.ts";

/** Texts that differ between two runs of the same program, and their replacements. */
const MASKS: ReadonlyArray<readonly [RegExp, string]> = [
  [/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT"],
  [/127\.0\.0\.1%3A\d+/gi, "127.0.0.1%3APORT"],
  [/ssh -N -L \d+:/g, "ssh -N -L PORT:"],
  [/\\n {4}at [^\\]+/g, ""],
  [/[\u2580-\u259f]+(?: *[\u2580-\u259f]+)*/g, "QR"],
  [/(?:[0-9A-F]{2}:){19,31}[0-9A-F]{2}/g, "FINGERPRINT"],
  [/\/tmp\/latchkey-[\w-]+/g, "/tmp/DIR"],
  [/(?:\/[\w.-]+)+\/(?:bin\/run\.js|latchkey-linux-x64)/g, "PROGRAM"],
  [/(?:\/[\w.-]+)+\/bin\/node\b/g, "NODE"],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID"],
  [/\b(?:ASIA|AKIA|AROA)[A-Z0-9]{8,}\b/g, "KEY"],
  [/\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b/g, "CODE"],
  [/\d{4}-\d\d-\d\d[T ]?\d{2}:?\d{2}:?\d{2}(?:\.\d+)?(?:Z|\+00:00)?/g, "INSTANT"],
  [/\b\d{4}-\d\d-\d\d\b/g, "DATE"],
  [/INSTANT\.[0-9a-f]{8}\b/g, "INSTANT.RANDOM"],
  [/\b\d\d:\d\d(?::\d\d)?(?:Z|\b)/g, "CLOCK"],
  [/\b\d+ ms\b/g, "N ms"],
  [/\b\d+ (?:h|min|s|days?)(?: \d+ (?:h|min|s))?(?= (?:left|ago))/g, "SPAN"],
  [/\bin \d+ (?:h|min|s|days?)(?: \d+ (?:h|min|s))?/g, "in SPAN"],
  [/\\"(durationMs|milliseconds)\\": ?\d+/g, '\\"$1\\": N'],
  // Secrets, states and challenges: long words with digits and letters of both cases.
  [/(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*[a-z])[\w+/=-]{28,}/g, "RANDOM"],
  [/\b[0-9a-f]{16,64}\b/g, "HEX"],
];

/** Returns exit code, stdout and stderr of a run. Texts that differ in every run are replaced. */
export function maskRun({ exitCode, stdout, stderr, home, url }: RecordedRun): string {
  const text = JSON.stringify({ exitCode, stdout, stderr })
    .replaceAll(home, "HOME")
    .replaceAll(url, "URL");
  return MASKS.reduce((masked, [pattern, name]) => masked.replaceAll(pattern, name), text);
}
