import { styleText } from "node:util";

/**
 * Adds colours. A colour never has a meaning that the text does not have. Names are escaped before they are painted, so
 * they can't add escape sequences.
 */

/** good: usable; soon: ends soon, or is doubtful; bad: not usable; hint: what to do. */
export type Tone = "good" | "soon" | "bad" | "hint";

/** Returns the text with its colour, if the stream has colours. */
export type Paint = (tone: Tone, text: string) => string;

export const leavePlain: Paint = (_, text) => text;

const COLOURS = { good: "green", soon: "yellow", bad: "red", hint: "cyan" } as const;

/** Uses Node's colours, which Bun has too. The check of the stream is done before, in `hasColours`. */
const paintTone: Paint = (tone, text) => styleText(COLOURS[tone], text, { validateStream: false });

export function createPaint(hasColours: boolean): Paint {
  return hasColours ? paintTone : leavePlain;
}

/**
 * Returns whether a stream gets colours. `--no-color` has priority; then variables that force colours
 * (https://force-color.org, and CLICOLOR_FORCE of https://bixense.com/clicolors), as in Node and gh; then NO_COLOR
 * (https://no-color.org) and the terminal.
 */
export function hasColours(
  env: Readonly<Record<string, string | undefined>>,
  { isTerminal, isRefused }: { readonly isTerminal: boolean; readonly isRefused: boolean },
): boolean {
  if (isRefused) return false;
  const { FORCE_COLOR: force = "", CLICOLOR_FORCE: cliForce = "0", NO_COLOR: no = "" } = env;
  if (force !== "") return force !== "0" && force !== "false";
  if (cliForce !== "0" && cliForce !== "") return true;
  const isWanted = no === "" && env["CLICOLOR"] !== "0";
  return isTerminal && isWanted && env["TERM"] !== "dumb";
}

/** A remaining time below this counts as ending soon. */
const SOON_SECONDS = 15 * 60;

/** Returns yellow for a short remaining time and red for an expired one. */
export function chooseTone(secondsLeft: number): Tone {
  if (secondsLeft <= 0) return "bad";
  return secondsLeft < SOON_SECONDS ? "soon" : "good";
}

/** The kind of lines in a text, which decides which parts have a colour. */
export type Look = "notices" | "plan" | "diff" | "checks";

const SIGNS: Readonly<Record<string, Tone>> = { "+": "good", "~": "soon", "-": "bad", "!": "bad" };
const LABELS: Readonly<Record<string, Tone>> = { error: "bad", hint: "hint", notice: "soon" };

const LEVELS: Readonly<Record<string, Tone>> = {
  FAIL: "bad",
  "?": "soon",
  warn: "soon",
  ok: "good",
};

/** Paints the sign, label or level at the start of an escaped line. */
export function paintLine(line: string, look: Look, paint: Paint): string {
  const paintSecond =
    (tones: Readonly<Record<string, Tone>>) => (_: string, start: string, word: string) =>
      start + paint(tones[word] ?? "soon", word);
  switch (look) {
    case "notices":
      return line.replace(/^(latchkey: )(error|hint|notice)(?=: )/, paintSecond(LABELS));
    case "plan":
      return line.replace(/^(\s+)([+~!-])(?= )/, paintSecond(SIGNS));
    case "checks":
      return line.replace(/^( *(?:\d+ \S+ +)?)(FAIL|warn|ok|\?)(?= )/, paintSecond(LEVELS));
    case "diff":
      return line.replace(/^[+-](?!(?:\+\+|--) ).*$/, (changed) =>
        paint(SIGNS[changed.charAt(0)] ?? "soon", changed),
      );
  }
}

/** Does the same for each line of a text. */
export function paintLines(text: string, look: Look, paint: Paint): string {
  return text
    .split("\n")
    .map((line) => paintLine(line, look, paint))
    .join("\n");
}
