/**
 * Words with which no function's name may begin. Participles in -ed or -ing are not in this list: function-names.ts
 * finds them by their ending.
 */

const list = (words: string): readonly string[] => words.trim().split(/\s+/);

const IRREGULAR_PARTICIPLES = list(`
  beaten been begun bent bitten borne bought bound bred broken brought built burnt caught chosen dealt done drawn
  driven drunk dug eaten fallen felt flown forgotten fought found frozen given gone grown heard held hidden hung kept
  known laid learnt led left lent lit lost made meant met misspelt overwritten paid rebuilt redone rewritten ridden
  risen rung said seen sent shaken shown sold sought spelt spent spoken spun stolen stood struck stuck sung sunk swept
  sworn swum swung taken taught thought thrown told torn unbound undone unseen understood unsent woken won worn written
`);

const ADJECTIVES = list(`
  able absent apart automatic available aware awake bad bare best better big biggest busiest canonical common
  cold current deep different due earliest early eligible entire equal exact external
  extra false far faulty final foreign fresh full genuine global good great harmful harmless healthy highest
  hostile hot huge impossible inner internal invalid large largest last late latest least likely little longest
  long loud lowest mandatory many most narrowest near nearest nearby new newest next normal old oldest
  optional original other otherwise outer own plain pleasant positive possible present previous private proper public
  quick quiet random rare raw readable ready real recent relevant right safe same short shortest silent
  similar simple single small smallest soft sole solid special stale strict suitable sure temporary tiny
  true undoable uneditable unequal unique unknown unlikely unreadable unsafe unusable usable useful useless usual
  valid visible weak whole wild worst writable wrong
`);

const ADVERBS = list(`
  again ago ahead alone already also always anew anyway away elsewhere else ever here meanwhile never often once soon
  still then there together twice yet
`);

const PREPOSITIONS = list(`
  above after against among around as at before behind below beneath beside between beyond by during for in inside
  into of outside over since through under until upon via within without
`);

const NOT_VERBS: ReadonlySet<string> = new Set([
  ...IRREGULAR_PARTICIPLES,
  ...ADJECTIVES,
  ...ADVERBS,
  ...PREPOSITIONS,
]);

/** Verbs that end like a participle or an adverb, and nouns for results of functions that do. */
const ALLOWED: ReadonlySet<string> = new Set(
  list(`
    bleed breed embed exceed feed heed need plead proceed seed shed shred speed spread succeed tread wed weed
    bring cling fling ping ring sing sling spring sting string swing wring
    bearing beginning binding building ceiling encoding finding heading listing meaning morning opening ordering
    reading setting spelling spacing timing warning
    apply comply imply multiply rely reply supply tally assembly family
  `),
);

/** Hooks of the test runner and the benchmarks, which choose the names. */
const HOOKS: ReadonlySet<string> = new Set(list("beforeAll beforeEach afterAll afterEach"));

/** Returns the first word of a name in camelCase or CONSTANT_CASE, in lower case. */
export function firstWord(name: string): string {
  const [word = ""] = /^[A-Z]+(?![a-z])|^[A-Z]?[a-z]+/.exec(name.replace(/^[_$]+/, "")) ?? [];
  return word.toLowerCase();
}

/** Returns whether a function's name begins with a participle, an adjective, an adverb or a preposition, not with a verb. */
export function isNoVerb(name: string): boolean {
  const word = firstWord(name);
  if (ALLOWED.has(word) || HOOKS.has(name)) return false;
  return NOT_VERBS.has(word) || /^[a-z]{2,}(ed|ing|ly)$/.test(word);
}
