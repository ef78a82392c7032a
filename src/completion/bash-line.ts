/**
 * The command line that bash is completing. Bash has no completion that quotes by itself, and it replaces only what
 * stands after the last of COMP_WORDBREAKS: so its line is read here as bash reads it, and each answer is cut and
 * quoted to fit. Nothing is ever expanded: `$(…)` on the line is text, and a name that holds it is quoted.
 */
interface BashLine {
  /** Unquoted, the program first; the last is being typed. */
  readonly words: readonly string[];
  /** The quote that is open at the cursor. */
  readonly quote: "" | "'" | '"';
  /** How many characters of the last word bash keeps. */
  readonly kept: number;
}

/** Break words, and are replaced with what follows (readline's rl_special_prefixes, as bash sets it). */
const SPECIAL_PREFIXES = "$@";

/** @param line up to the cursor. @param breaks COMP_WORDBREAKS. */
export function readBashLine(line: string, breaks: string): BashLine {
  const words: string[] = [];
  let word: string | undefined;
  let quote: BashLine["quote"] = "";
  let kept = 0;
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (quote !== "" && character === quote) {
      quote = "";
      kept = word?.length ?? 0;
    } else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
      kept = word.length;
    } else if (character === "\\" && isEscape(quote, line.charAt(index + 1))) {
      index += 1;
      word = (word ?? "") + line.charAt(index);
    } else if (quote === "" && /[ \t\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      kept = 0;
    } else {
      word = (word ?? "") + character;
      if (quote === "" && breaks.includes(character))
        kept = SPECIAL_PREFIXES.includes(character) ? word.length - 1 : word.length;
    }
  }
  return { words: [...words, word ?? ""], quote, kept };
}

function isEscape(quote: BashLine["quote"], next: string): boolean {
  return quote === "" ? next !== "" : quote === '"' && /["\\$`]/.test(next);
}

/** What bash puts in the place of the fragment; undefined where that can't be written inside the open quote. */
export function bashReply(value: string, { quote, kept }: BashLine): string | undefined {
  const rest = value.slice(kept);
  if (quote === "'") return rest.includes("'") ? undefined : rest;
  // In double quotes no character keeps an interactive bash from history expansion.
  if (quote === '"') return rest.includes("!") ? undefined : rest.replace(/["\\$`]/g, "\\$&");
  return rest.replace(/[^A-Za-z0-9_.@+%:/=,\u00a0-\u{10ffff}-]/gu, "\\$&");
}
