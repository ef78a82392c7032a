/**
 * Returns the arguments for cmd.exe that run a script (`.cmd`, `.bat`) with these words unchanged; undefined if a word
 * can't be passed unchanged. The caller must pass the arguments to cmd.exe without further quoting.
 * Source: Rust's standard library since 1.77 (`make_bat_command_line`). A quote is doubled, and an empty expansion
 * keeps `%` from starting a variable's name.
 */
export function formatBatchLine(script: string, words: readonly string[]): string | undefined {
  if ([script, ...words].some((word) => /[\0\r\n]/.test(word)) || /["%]/.test(script))
    return undefined;
  return `/e:ON /v:OFF /d /c "${[`"${script}"`, ...words.map(quoteBatchWord)].join(" ")}"`;
}

function quoteBatchWord(word: string): string {
  const escaped = word
    .replace(/(\\*)("?)/g, (run: string, slashes: string, quote: string, at: number) => {
      const isDoubled = quote !== "" || at + run.length === word.length;
      return `${isDoubled ? slashes : ""}${slashes}${quote}${quote}`;
    })
    .replaceAll("%", "%%cd:~,%");
  return `"${escaped}"`;
}
