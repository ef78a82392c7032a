/** Constants for drawing terminals: sizes in pixels, and colours on a dark background. */

export const LINE_HEIGHT = 20;
export const CHARACTER_WIDTH = 8.43;
export const MARGIN = 20;

export const STYLE = `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6deeb;white-space:pre}.typed{fill:#7fdbca;font-weight:bold}.bold{font-weight:bold}.dim{fill:#8292a8}.c1{fill:#ff7b72}.c2{fill:#7ee787}.c3{fill:#f2cc60}.c4{fill:#79c0ff}.c5{fill:#d2a8ff}.c6{fill:#76e3ea}`;

export function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
