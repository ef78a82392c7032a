/**
 * The line by which cmd.exe runs one of its scripts (`.cmd`, `.bat`) with words that the script gets as they are, or
 * undefined where a word has what no such line can hold. Quoted as Rust's standard library does it since 1.77
 * (`make_bat_command_line`): a quote is doubled, and an expansion to nothing keeps `%` from naming a variable.
 * To be given to cmd.exe with nothing quoted any more.
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
