import type { ConfigSection } from "../aws-config/document.ts";

/** Finds keys that are obvious typing errors of known keys. */

interface MisspeltKey {
  readonly wrong: string;
  readonly right: string;
  readonly value: string;
  /**
   * Whether the value can be moved: no other key is a typing error of the right key, and the section has other SSO keys.
   */
  readonly isSafe: boolean;
}

const OFTEN_MISSPELT = [
  "sso_start_url",
  "sso_region",
  "sso_account_id",
  "sso_role_name",
  "sso_session",
  "sso_registration_scopes",
  "credential_process",
  "source_profile",
  "role_arn",
  "region",
];

/**
 * Returns the misspelt keys. A known key is never a typing error, and a key that exists, even empty, is never the right
 * one.
 */
export function findMisspeltKeysOf(section: ConfigSection): MisspeltKey[] {
  const there = new Set(section.entries.map(({ key }) => key));
  const hasSsoKey = OFTEN_MISSPELT.some((key) => key.startsWith("sso_") && there.has(key));
  const slips = section.entries.flatMap(({ key, value }) => {
    const right = value === "" || OFTEN_MISSPELT.includes(key) ? undefined : findMeant(key);
    if (right === undefined || there.has(right)) return [];
    const isOfSso = !right.startsWith("sso_") || hasSsoKey;
    return isOfSso || section.type === "sso-session" ? [{ wrong: key, right, value, isOfSso }] : [];
  });
  return slips.map(({ isOfSso, ...slip }) => {
    const isAlone = slips.filter(({ right }) => right === slip.right).length === 1;
    return { ...slip, isSafe: isOfSso && isAlone };
  });
}

function findMeant(key: string): string | undefined {
  return OFTEN_MISSPELT.find((right) => isSlip(key, right));
}

/**
 * Whether a key is a typing error of a known key: an underscore is missing or is a hyphen, or one word of the key has a
 * letter that is missing, doubled, added, swapped or (in a long word) different. An edit distance alone would accept
 * `s3_region` and `ssm_region` for `sso_region`, and `regions` for `region`.
 */
function isSlip(key: string, right: string): boolean {
  if (key.replace(/[-_]/g, "") === right.replaceAll("_", "")) return true;
  const words = key.split("_");
  const rights = right.split("_");
  if (words.length !== rights.length) return false;
  const wrong = words
    .map((word, index) => ({ word, right: rights[index] ?? "", index }))
    .filter((pair) => pair.word !== pair.right);
  return (
    wrong.length === 1 &&
    wrong.every(({ word, right: meant, index }) => {
      // The first word is a service or a purpose, so only a missing or doubled letter counts.
      if (index === 0 && rights.length > 1 && meant.length < SHORT_WORD)
        return isMissingOrDoubled(word, meant);
      // A plural at the end is a list, not a typing error.
      if (index === rights.length - 1 && word === `${meant}s`) return false;
      return isSlipOfWord(word, meant);
    })
  );
}

const SHORT_WORD = 5;
/**
 * From this length on, one different letter is a typing error. In a shorter word, it makes another word: `legion`,
 * `rule`, `file`.
 */
const LONG_WORD = 7;

function isSlipOfWord(word: string, right: string): boolean {
  if (right.length < 3) return false;
  const drop = (text: string): string[] =>
    Array.from(text, (_, index) => text.slice(0, index) + text.slice(index + 1));
  if (drop(right).includes(word) || drop(word).includes(right)) return true;
  if (word.length !== right.length) return false;
  const different = Array.from(word, (_, index) => index).filter(
    (index) => word[index] !== right[index],
  );
  const [first = 0, second] = different;
  if (different.length === 1) return first > 0 && right.length >= LONG_WORD;
  return different.length === 2 && second === first + 1 && isSwapped(word, right, first);
}

function isSwapped(word: string, right: string, at: number): boolean {
  return word[at] === right[at + 1] && word[at + 1] === right[at];
}

/** `so`, `ss` and `ssso` for `sso`. */
function isMissingOrDoubled(word: string, right: string): boolean {
  const isMissing = word.length === right.length - 1 && isSlipOfWord(word, right);
  const isDoubled = Array.from(right).some(
    (letter, index) => word === right.slice(0, index) + letter + right.slice(index),
  );
  return isMissing || isDoubled;
}
