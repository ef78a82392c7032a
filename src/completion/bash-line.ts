/**
 * The command line that bash is completing. Bash does not quote completions, and it replaces only the text after the
 * last of COMP_WORDBREAKS. So the line is parsed here as bash parses it, and each completion is cut and quoted to fit.
 * Nothing is expanded: `$(…)` on the line is text, and a name that contains it is quoted.
 */
interface BashLine {
  /** Unquoted; the first is the program, the last is being typed. */
  readonly words: readonly string[];
  /** The quote that is open at the cursor. */
  readonly quote: "" | "'" | '"';
  /** How many characters of the last word bash keeps. */
  readonly kept: number;
}

/**
 * Characters that break words but are replaced together with what follows (readline's rl_special_prefixes, as set by
 * bash).
 */
const SPECIAL_PREFIXES = "$@";

/** @param line Up to the cursor. @param breaks COMP_WORDBREAKS. */
export function parseBashLine(line: string, breaks: string): BashLine {
  const reading: Reading = { words: [], word: undefined, quote: "", kept: 0 };
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === "\\" && isEscape(reading.quote, line.charAt(index + 1))) {
      index += 1;
      reading.word = (reading.word ?? "") + line.charAt(index);
    } else if (reading.quote === "") {
      readUnquoted(reading, character, breaks);
    } else {
      readQuoted(reading, character);
    }
  }
  const { words, word, quote, kept } = reading;
  return { words: [...words, word ?? ""], quote, kept };
}

/** The part of the line parsed so far; its last word is undefined between two words. */
interface Reading {
  readonly words: string[];
  word: string | undefined;
  quote: BashLine["quote"];
  kept: number;
}

function readQuoted(reading: Reading, character: string): void {
  const word = reading.word ?? "";
  if (character === reading.quote) {
    reading.quote = "";
    reading.kept = word.length;
  } else {
    reading.word = word + character;
  }
}

function readUnquoted(reading: Reading, character: string, breaks: string): void {
  const { words, word } = reading;
  if (character === "'" || character === '"') {
    reading.quote = character;
    reading.word = word ?? "";
    reading.kept = reading.word.length;
    return;
  }
  if (/[ \t\n]/.test(character)) {
    if (word !== undefined) words.push(word);
    reading.word = undefined;
    reading.kept = 0;
    return;
  }
  reading.word = (word ?? "") + character;
  if (breaks.includes(character)) {
    const { length } = reading.word;
    reading.kept = SPECIAL_PREFIXES.includes(character) ? length - 1 : length;
  }
}

function isEscape(quote: BashLine["quote"], next: string): boolean {
  return quote === "" ? next !== "" : quote === '"' && /["\\$`]/.test(next);
}

/** Returns the text that replaces bash's fragment; undefined if the open quote can't contain it. */
export function formatBashReply(value: string, { quote, kept }: BashLine): string | undefined {
  const rest = value.slice(kept);
  if (quote === "'") return rest.includes("'") ? undefined : rest;
  // Nothing inside double quotes prevents history expansion in an interactive bash.
  if (quote === '"') return rest.includes("!") ? undefined : rest.replace(/["\\$`]/g, "\\$&");
  return rest.replace(/[^A-Za-z0-9_.@+%:/=,\u00a0-\u{10ffff}-]/gu, "\\$&");
}
