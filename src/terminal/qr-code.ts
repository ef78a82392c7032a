/** Draws a QR code on a terminal: light modules are drawn, dark ones left blank, two rows in each line. */

/**
 * Returns lines of block characters of equal width, for light text on a dark background.
 * @param border the quiet zone in modules. ISO/IEC 18004 requires four; two are enough for every camera and one for
 *   most, and a terminal is small.
 */
export async function qrLines(text: string, border: number): Promise<string[]> {
  const { encodeQR } = await import("qr");
  const modules = encodeQR(text, "raw", { ecc: "low", border });
  const isLight = (row: boolean[] | undefined, column: number): boolean => row?.[column] === false;
  const lines: string[] = [];
  for (let row = 0; row < modules.length; row += 2) {
    const [upper, lower] = [modules[row] ?? [], modules[row + 1]];
    lines.push(
      upper
        .map(
          (_, column) =>
            BLOCKS[`${Number(isLight(upper, column))}${Number(isLight(lower, column))}`] ?? " ",
        )
        .join(""),
    );
  }
  return lines;
}

/** Keyed by whether the upper and the lower module are light. */
const BLOCKS: Readonly<Record<string, string>> = { "00": " ", "01": "▄", "10": "▀", "11": "█" };
