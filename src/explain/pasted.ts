/**
 * Pasted text, prepared for comparison. Logs add colours, line breaks, prefixes and quotes to a message, so blanks,
 * quotes, backslashes and box characters are removed and letters become lower case. Preparing takes linear time.
 */
export interface PastedText {
  /** Without colours and line prefixes. Names are read from this text. */
  readonly clean: string;
  /** The prepared form, which is compared. */
  readonly squeezed: string;
  /** The index in `clean` of each character of `squeezed`. */
  readonly places: Uint32Array;
}

/** Terminal control sequences, raw or escaped in a log. Each alternative stops at the next escape. */
const ESCAPES =
  /\u001b(?:\[[0-?]{0,40}[ -/]{0,10}[@-~]|\][^\u0007\u001b]{0,400}(?:\u0007|\u001b\\)|[@-Z\\^_])|(?:\\x1b|\\u001b|\\033|\\e|#x1B|\^\[)\[[0-9;]{0,40}m/gi;
/** An escaped line break or tab, as in JSON. */
const SPELT_BLANKS = /(?<!\\)\\+[nrt](?![a-z]{2,}[\\/])/g;
const SPELT_QUOTES = /&(?:quot|apos|#39|#34);|\\u00(?:22|27)/gi;

/** Prefixes that tools add to each line of another program's output: times, levels, containers, build steps. */
const PREFIXES: readonly RegExp[] = [
  // docker build, docker compose, kubectl --prefix
  /^#\d{1,4} (?:\d{1,6}\.\d{1,4} )?/,
  /^[\w.-]{1,60} {0,20}\| /,
  /^\[(?:pod|web|app|stdout|stderr|ERROR|WARN|INFO|DEBUG|error|warn)[\w/.-]{0,60}\] {0,4}/,
  // GitHub Actions, Azure Pipelines
  /^(?:\d{4}-\d\d-\d\dT[\d:.]{8,20}Z )?##\[(?:error|warning|debug)\]/,
  /^::(?:error|warning)[^:]{0,200}::/,
  // A date and a time, with brackets or a colon
  /^[[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?[\])]?:?\s{1,4}/,
  /^[[(]?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?[\])]?\s{1,4}/,
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,60} [\w./-]{1,60}(?:\[\d{1,8}\])?: /,
  // klog
  /^[EWIF]\d{4} \d\d:\d\d:\d\d\.\d{3,9}\s{1,8}\d{1,8} [\w.-]{1,60}:\d{1,6}\] /,
  /^(?:>|remote:|\+|-\|) ?/,
];
const MOST_PREFIXES = 3;

export function prepareText(text: string): PastedText {
  const clean = text
    .replace(ESCAPES, "")
    .replace(SPELT_BLANKS, "  ")
    .replace(SPELT_QUOTES, '"')
    .split(/\r\n|\r|\n/)
    .map(removePrefixes)
    .join("\n");
  return { clean, ...squeeze(clean) };
}

function removePrefixes(line: string): string {
  let rest = line;
  for (let count = 0; count < MOST_PREFIXES; count += 1) {
    const prefix = PREFIXES.find((pattern) => pattern.test(rest));
    if (prefix === undefined) return rest;
    rest = rest.replace(prefix, "");
  }
  return rest;
}

/** Returns the text of a pattern, prepared like pasted text. */
export function squeezeText(text: string): string {
  return squeeze(text).squeezed;
}

function squeeze(clean: string): Pick<PastedText, "squeezed" | "places"> {
  const codes = new Uint16Array(clean.length);
  const places = new Uint32Array(clean.length);
  let length = 0;
  for (let place = 0; place < clean.length; place += 1) {
    const code = clean.charCodeAt(place);
    if (isLeftOut(code)) continue;
    codes[length] = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    places[length] = place;
    length += 1;
  }
  const squeezed = new TextDecoder("utf-16le", { ignoreBOM: true }).decode(
    codes.subarray(0, length),
  );
  return { squeezed, places: places.subarray(0, length) };
}

/** Quotes, backslash, `|`, backtick, unusual blanks and the byte order mark. */
const MARKS: ReadonlySet<number> = new Set([
  ...[0x22, 0x27, 0x5c, 0x60, 0x7c, 0x7f],
  ...[0xa0, 0xad, 0x3000, 0xfeff],
]);
const ELLIPSIS = 0x2026;

function isLeftOut(code: number): boolean {
  if (code <= 0x20 || MARKS.has(code)) return true;
  const isPunctuation = code >= 0x2000 && code <= 0x206f && code !== ELLIPSIS;
  const isBox = code >= 0x2500 && code <= 0x259f;
  return isPunctuation || isBox;
}
