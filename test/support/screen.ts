import xterm from "@xterm/headless";

/** What a terminal shows after all that a program wrote to it. */
export interface Screen {
  /** From top to bottom, without blanks at the ends. */
  readonly lines: readonly string[];
  /** Whether any line on it or above it went on in the next. */
  readonly isWrapped: boolean;
}

/** A size of the terminal, and how much had been written when it got it. */
export interface Resize {
  readonly at: number;
  readonly columns: number;
}

export async function drawScreen(
  raw: string,
  columns: number,
  resizes: readonly Resize[] = [],
  rows = 30,
): Promise<Screen> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const write = (text: string): Promise<void> =>
    new Promise((resolve) => terminal.write(text, resolve));
  let written = 0;
  for (const resize of resizes) {
    await write(raw.slice(written, resize.at));
    written = resize.at;
    terminal.resize(resize.columns, rows);
  }
  await write(raw.slice(written));
  const buffer = terminal.buffer.active;
  const all = Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row));
  return {
    lines: all.slice(buffer.baseY).map((line) => line?.translateToString(true) ?? ""),
    isWrapped: all.some((line) => line?.isWrapped === true),
  };
}
