import { editDistance } from "../text/terminal.ts";

/** The regions that there are, and what a mistyped one was meant to be. */

/** In 2026 (`@aws-sdk/core` 3.97x, partitions.js): each place with its numbers. */
const PLACES: Readonly<Record<string, number>> = {
  "af-south": 1,
  "ap-east": 2,
  "ap-northeast": 3,
  "ap-south": 2,
  "ap-southeast": 7,
  "ca-central": 1,
  "ca-west": 1,
  "cn-north": 1,
  "cn-northwest": 1,
  "eu-central": 2,
  "eu-isoe-west": 1,
  "eu-north": 1,
  "eu-south": 2,
  "eu-west": 3,
  "eusc-de-east": 1,
  "il-central": 1,
  "me-central": 1,
  "me-south": 1,
  "me-west": 1,
  "mx-central": 1,
  "sa-east": 1,
  "sa-west": 1,
  "us-east": 2,
  "us-gov-east": 1,
  "us-gov-west": 1,
  "us-iso-east": 1,
  "us-iso-west": 1,
  "us-isob-east": 1,
  "us-isob-west": 1,
  "us-isof-east": 1,
  "us-isof-south": 1,
  "us-west": 2,
};
const WORDS: readonly string[] = [
  ...new Set(Object.keys(PLACES).flatMap((place) => place.split("-"))),
];

/**
 * "known"; "slip": a word in it is of no region, and near to one that is; "unknown": of the number alone, of words that no
 * region has together, or of words near to none. Regions are born, and other stores have their own.
 */
export type RegionJudgement =
  | { readonly kind: "known" }
  | { readonly kind: "slip"; readonly meant: string }
  | { readonly kind: "unknown" };

export function judgeRegion(region: string): RegionJudgement {
  if (isKnown(region)) return { kind: "known" };
  const meant = findMeant(region);
  return meant === undefined ? { kind: "unknown" } : { kind: "slip", meant };
}

function isKnown(region: string): boolean {
  const [, place = "", number] = /^(.+)-([1-9])$/.exec(region) ?? [];
  return Object.hasOwn(PLACES, place) && Number(number) <= (PLACES[place] ?? 0);
}

/** @returns undefined for what is no slip: written as regions are, with words that regions have. */
function findMeant(region: string): string | undefined {
  // Capitals, blanks, quotes, underscores, a missing hyphen or number, the letter of a zone.
  const plain = region.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const [, text = "", number = "1"] =
    /^-?([a-z-]{2,40}?)-?(?:(\d{1,2})[a-f]?)?-?$/.exec(plain) ?? [];
  const squeezed = text.replaceAll("-", "");
  const place =
    Object.keys(PLACES).find((known) => known.replaceAll("-", "") === squeezed) ??
    joinCandidates(text.split("-").map(listNear)).find((joined) => Object.hasOwn(PLACES, joined));
  if (place === undefined || region === `${place}-${number}`) return undefined;
  const meant = `${place}-${number}`;
  return isKnown(meant) ? meant : `${place}-1`;
}

/** The words of regions that a word may be meant to be, nearest first. */
function listNear(word: string): string[] {
  if (WORDS.includes(word)) return [word];
  return WORDS.map((known) => ({ known, slips: countSlips(word, known) }))
    .filter(({ known, slips }) => slips <= (known.length > 3 ? 2 : 1))
    .sort((a, b) => a.slips - b.slips)
    .map(({ known }) => known);
}

/** Of a word of two letters, another letter makes another country: one too many or too few, or two exchanged, are slips. */
function countSlips(word: string, known: string): number {
  if (word.length !== known.length) return editDistance(word, known);
  if (sortLetters(word) === sortLetters(known)) return 1;
  return known.length <= 2 ? Number.POSITIVE_INFINITY : editDistance(word, known);
}

function sortLetters(word: string): string {
  return Array.from(word).toSorted().join("");
}

/** Every way to take one of each, in the order of the first. */
function joinCandidates(words: ReadonlyArray<readonly string[]>): string[] {
  if (words.length > MOST_WORDS) return [];
  return words.reduce<string[]>(
    (starts, candidates) =>
      starts.flatMap((start) =>
        candidates.map((word) => (start === "" ? word : `${start}-${word}`)),
      ),
    [""],
  );
}

const MOST_WORDS = 4;
