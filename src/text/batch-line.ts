/**
 * Returns the arguments with which cmd.exe runs a script (`.cmd`, `.bat`) so that the script gets the words unchanged;
 * undefined if a word can't be passed this way. The caller must give them to cmd.exe without further quoting.
 * Source: Rust's standard library since 1.77 (`make_bat_command_line`). A quote is doubled, and an empty expansion keeps
 * `%` from starting a variable's name.
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
