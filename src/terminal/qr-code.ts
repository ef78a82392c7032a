/**
 * Draws a QR code on a terminal: light modules are drawn, dark modules are left blank. Each line shows two rows of modules.
 */

/**
 * Returns lines of block characters of equal width, for light text on a dark background.
 * @param border the width of the quiet zone in modules. ISO/IEC 18004 requires four. Two are enough for every camera and
 * one for most cameras, and a terminal has little space.
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

/** The block for each pair of an upper and a lower module. 1 is a light module. */
const BLOCKS: Readonly<Record<string, string>> = { "00": " ", "01": "▄", "10": "▀", "11": "█" };
