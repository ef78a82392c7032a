import xterm from "@xterm/headless";
import type { Recording } from "./film.ts";
import { CHARACTER_WIDTH, escapeMarkup, LINE_HEIGHT, MARGIN, STYLE } from "./markup.ts";

/**
 * Draws a recording as an SVG that is animated only with CSS. Each state of a row is shown for its duration, and the
 * film repeats.
 */

/** The maximum pause. Longer pauses are shortened, because nobody likes to watch a program wait. */
const LONGEST_PAUSE_MILLISECONDS = 1_800;
const LAST_PAUSE_MILLISECONDS = 4_000;

/** The content of a screen row for some time. The times are in milliseconds from the film's start. */
interface Showing {
  readonly row: number;
  readonly markup: string;
  readonly from: number;
  readonly to: number;
}

export async function drawFilm(recording: Recording): Promise<string> {
  const { showings, length } = await listShowings(recording);
  const rows = 1 + Math.max(...showings.map(({ row }) => row));
  const width = Math.ceil(recording.columns * CHARACTER_WIDTH) + 2 * MARGIN;
  const height = rows * LINE_HEIGHT + 2 * MARGIN;
  const seconds = (length / 1000).toFixed(1);
  const pieces = showings.map((showing, index) => drawShowing(showing, index, length));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">
<title>The first five minutes with latchkey, recorded in a terminal</title>
<style>${STYLE}g{visibility:hidden;animation:${seconds}s step-end infinite}@media (prefers-reduced-motion:reduce){g{animation-play-state:paused;animation-delay:-${seconds}s}}
${pieces.map(({ style }) => style).join("\n")}</style>
<rect width="${width}" height="${height}" rx="8" fill="#10151f"/>
${pieces.map(({ markup }) => markup).join("\n")}
</svg>
`;
}

async function listShowings({ columns, rows, moments }: Recording) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const current = new Map<number, { markup: string; from: number }>();
  const showings: Showing[] = [];
  let written = 0;
  let last = moments[0]?.milliseconds ?? 0;
  let now = 0;
  const show = (row: number, markup: string): void => {
    const before = current.get(row);
    if (before?.markup === markup) return;
    if (before !== undefined && before.markup !== "") showings.push({ row, ...before, to: now });
    current.set(row, { markup, from: now });
  };
  for (const { milliseconds, printed } of moments) {
    now += Math.min(milliseconds - last, LONGEST_PAUSE_MILLISECONDS);
    last = milliseconds;
    await new Promise<void>((resolve) => terminal.write(printed.slice(written), resolve));
    written = printed.length;
    for (let row = 0; row < rows; row += 1) show(row, drawRow(terminal, row));
  }
  now += LAST_PAUSE_MILLISECONDS;
  for (const row of current.keys()) show(row, "");
  return { showings, length: now };
}

/** Returns a row as `tspan`s, one for all neighbouring cells of the same style; empty for an empty row. */
function drawRow(terminal: xterm.Terminal, row: number): string {
  const buffer = terminal.buffer.active;
  const line = buffer.getLine(buffer.baseY + row);
  const text = line?.translateToString(true) ?? "";
  if (line === undefined || text === "") return "";
  if (text.startsWith("$ ")) return `<tspan class="typed">${escapeMarkup(text)}</tspan>`;
  const runs: Array<{ look: string; text: string }> = [];
  for (let column = 0; column < text.length; column += 1) {
    const cell = line.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const look = nameLook(cell);
    const characters = cell.getChars() || " ";
    const run = runs.at(-1);
    if (run?.look === look) run.text += characters;
    else runs.push({ look, text: characters });
  }
  return runs
    .map((run) => {
      const words = escapeMarkup(run.text);
      return run.look === "" ? words : `<tspan class="${run.look}">${words}</tspan>`;
    })
    .join("");
}

/** Returns the classes of a cell: one of eight colours, bold, dim. */
function nameLook(cell: xterm.IBufferCell): string {
  const colour = cell.isFgPalette() ? cell.getFgColor() % 8 : 0;
  const classes = [
    ...(cell.isBold() === 0 ? [] : ["bold"]),
    ...(cell.isDim() === 0 ? [] : ["dim"]),
    ...(colour >= 1 && colour <= 6 ? [`c${colour}`] : []),
  ];
  return classes.join(" ");
}

function drawShowing({ row, markup, from, to }: Showing, index: number, length: number) {
  const toPercent = (at: number): string => `${Number(((at / length) * 100).toFixed(2))}%`;
  const name = `r${index}`;
  const start = from === 0 ? "" : `0%{visibility:hidden}`;
  const end = to >= length ? "" : `${toPercent(to)}{visibility:hidden}`;
  const y = MARGIN + 14 + row * LINE_HEIGHT;
  return {
    style: `@keyframes ${name}{${start}${toPercent(from)}{visibility:visible}${end}}#${name}{animation-name:${name}}`,
    markup: `<g id="${name}"><text x="${MARGIN}" y="${y}">${markup}</text></g>`,
  };
}
