import { styleText } from "node:util";
import { displayWidth } from "../../../text/display-width.ts";
import { formatCount, truncate } from "../../../text/terminal.ts";
import { readLineText } from "../edit-line.ts";
import { BACK, type PickKey } from "./state.ts";
import type { PickConfig, Screen } from "./view.ts";

/** Formats the lines below the rows: the number of matches, the keys, and a note. */

/**
 * Returns 2 if the keys don't fit on one line with the count and the note. Always computes with the widest count, so
 * that the lines do not move while the user types.
 */
export function countFootLines(config: PickConfig, columns: number): 1 | 2 {
  const { rows, note } = config;
  const keys = listKeys(config);
  const words = [
    formatFound(rows.length, rows.length),
    TIP,
    ...keys,
    ...(note === undefined ? [] : [note]),
  ];
  return keys.length > 0 && displayWidth(joinWords(words)) > columns - 1 ? 2 : 1;
}

export function drawFoot(screen: Screen): string[] {
  const { config, found, columns } = screen;
  const count = formatFound(found.length, config.rows.length);
  const tips = listTips(screen);
  const keys = screen.said === undefined ? listKeys(config) : [screen.said];
  const note = config.note === undefined ? [] : [config.note];
  const lines =
    countFootLines(config, columns) === 1
      ? [joinWords([count, ...keys, ...note, ...tips])]
      : [joinWords([count, ...note, ...tips]), joinToFit(keys, columns - 1)];
  return lines.map((line) =>
    styleText("dim", truncate(line, columns - 1), { stream: config.output }),
  );
}

function joinWords(words: readonly string[]): string {
  return `  ${words.join(" · ")}`;
}

function formatFound(found: number, all: number): string {
  return `${formatCount(found)} of ${formatCount(all)}`;
}

const TIP = "type to narrow";

/** Returns tips, as long as no key was pressed. */
function listTips({ config, state }: Screen): string[] {
  const { canGoBack } = config;
  const isBack = canGoBack && readLineText(state.filter).trim() === BACK;
  return [
    state.isUsed ? "" : TIP,
    canGoBack && !state.isUsed ? "< goes back" : "",
    isBack ? "Enter goes back" : "",
  ].filter((word) => word !== "");
}

/** Returns words such as `Enter uses`, `^O console`: first the keys for the chosen row, then the keys for all rows. */
function listKeys({ enter, keys }: PickConfig): string[] {
  return [
    ...(enter === undefined ? [] : [`Enter ${enter}`]),
    ...keys.map(({ key, label }) => `${formatKey(key)} ${label}`),
  ];
}

/** Formats `ctrl-o` as `^O`, `meta-o` as `Alt-O`, `f2` as `F2`. */
function formatKey(key: PickKey["key"]): string {
  const [, modifier = "", name = key] = /^(?:(ctrl|meta)-)?(.*)$/.exec(key) ?? [];
  const before = { ctrl: "^", meta: "Alt-" }[modifier] ?? "";
  return before + name.charAt(0).toUpperCase() + name.slice(1);
}

/** Joins the words. If they don't fit, leaves out the last ones. */
function joinToFit(words: readonly string[], width: number): string {
  for (let count = words.length; count > 1; count -= 1) {
    const line = joinWords(count < words.length ? [...words.slice(0, count), "…"] : words);
    if (displayWidth(line) <= width) return line;
  }
  return joinWords(words.slice(0, 1));
}
