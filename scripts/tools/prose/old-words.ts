/**
 * Words that made latchkey's texts hard to read, and better words. It is more important that the list causes few false
 * alarms than that it is complete.
 */

export interface OldWord {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Things that can't know or say anything. Services, people and commands are not in this list, because they can. */
const THINGS =
  "(?:files?|texts?|headers?|lines?|keys?|values?|names?|sections?|pages?|tables?|flags?|variables?|messages?|words?)";

export const OLD_WORDS: readonly OldWord[] = [
  {
    pattern:
      /\bstands?(?: \w+ly)? (?:in|at|on|beside|behind|below|above|there|alone|before|first|twice|once)\b/i,
    instead: "is",
  },
  { pattern: /\bstretch(?:es)?\b/i, instead: "range, period, part" },
  { pattern: /\bdoors?\b/i, instead: "entry point" },
  { pattern: /\b(?:lends?|lent)\b/i, instead: "inherits … from" },
  { pattern: /\bha(?:s|ve|d) (?:a|no|any) say\b/i, instead: "affects" },
  { pattern: /\b(?:comes?|came) to nothing\b/i, instead: "fails" },
  { pattern: /\breckon(?:s|ed)? with\b/i, instead: "expects, handles" },
  { pattern: /\b(?:brings?|brought) (?:along|with)\b/i, instead: "installs, includes" },
  { pattern: /\bwhat beats what\b/i, instead: "the order of precedence" },
  { pattern: /\bwhoever\b/i, instead: "anyone who, the user who" },
  {
    pattern:
      /\b(?:is|are|one|that|some|none|any|file|token|path|process|profile|section)s? of (?:ours|theirs)\b/i,
    instead: "latchkey's own",
  },
  { pattern: /\banew\b/i, instead: "again" },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, instead: "fix, repair" },
  { pattern: /\bdeeds?\b/i, instead: "action" },
  { pattern: /\b(?:this|that|the|its) very\b/i, instead: "this, the same" },
  { pattern: /\b(?:that|which) (?:is|are) none\b/i, instead: "that is not …" },
  { pattern: /\bcan't be borne\b|\bbears? (?:no|it)\b/i, instead: "tolerates, supports" },
  { pattern: /\b(?:is|are) taken for\b/i, instead: "is read as" },
  {
    pattern: /\b(?:is|are) told (?:of|by|as|apart|in)\b/i,
    instead: "is reported, is recognised by",
  },
  { pattern: /\bgo(?:es)? by (?:the|its|his|their)\b/i, instead: "is determined by" },
  {
    pattern: new RegExp(
      `\\b${THINGS} (?:says?|knows?|wants?|speaks?|tells?|minds?|believes?|hears?)\\b`,
      "i",
    ),
    instead: "a verb for things: contains, has, means",
  },
];
