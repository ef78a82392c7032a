import xterm from "@xterm/headless";

/** The content of a terminal after all output of a program. */
export interface Screen {
  /** From top to bottom, without blanks at the ends. */
  readonly lines: readonly string[];
  /** Whether any line on the screen or above was wrapped. */
  readonly isWrapped: boolean;
}

/** A new terminal size, and the amount of output before the change. */
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
