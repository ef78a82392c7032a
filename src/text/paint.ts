import { styleText } from "node:util";

/**
 * Adds colours. The text contains everything that a colour means. Names are escaped before they are coloured, so they can't
 * add escape sequences.
 */

/** good: usable; soon: expires soon, or is doubtful; bad: not usable; hint: what to do. */
export type Tone = "good" | "soon" | "bad" | "hint";

/** Returns the text with its colour, if the stream has colours. */
export type Paint = (tone: Tone, text: string) => string;

export const leavePlain: Paint = (_, text) => text;

const COLOURS = { good: "green", soon: "yellow", bad: "red", hint: "cyan" } as const;

/** Uses Node's colours, which Bun also has. `hasColours` has already decided whether the stream gets colours. */
const paintTone: Paint = (tone, text) => styleText(COLOURS[tone], text, { validateStream: false });

export function createPaint(hasColours: boolean): Paint {
  return hasColours ? paintTone : leavePlain;
}

/**
 * Returns whether a stream gets colours. The order of precedence: `--no-color`; variables that force colours
 * (https://force-color.org, and CLICOLOR_FORCE of https://bixense.com/clicolors), as in Node and gh; NO_COLOR
 * (https://no-color.org); whether the stream is a terminal.
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

/** If less time than this remains, it is shown as "soon". */
const SOON_SECONDS = 15 * 60;

/** Returns the tone of a remaining time: "soon" if it is short, "bad" if it is over. */
export function chooseTone(secondsLeft: number): Tone {
  if (secondsLeft <= 0) return "bad";
  return secondsLeft < SOON_SECONDS ? "soon" : "good";
}

/** The kind of lines in a text. It decides which parts of a line are coloured. */
export type Look = "notices" | "plan" | "diff" | "checks";

const SIGNS: Readonly<Record<string, Tone>> = { "+": "good", "~": "soon", "-": "bad", "!": "bad" };
const LABELS: Readonly<Record<string, Tone>> = { error: "bad", hint: "hint", notice: "soon" };

const LEVELS: Readonly<Record<string, Tone>> = {
  FAIL: "bad",
  "?": "soon",
  warn: "soon",
  ok: "good",
};

/** Colours the sign, label or level at the start of a line. The line must already be escaped. */
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

/** Colours each line of a text in the same way. */
export function paintLines(text: string, look: Look, paint: Paint): string {
  return text
    .split("\n")
    .map((line) => paintLine(line, look, paint))
    .join("\n");
}
