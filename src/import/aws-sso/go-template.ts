/**
 * Renders profile names as aws-sso-cli does: with a Go template (`text/template`) and the sprig functions that names
 * need. If a part of the template is unknown, there is no name, so a name is never wrong.
 * Source: synfinatic/aws-sso-cli, docs/config.md (ProfileFormat) and docs/FAQ.md; Masterminds/sprig 3.
 */

/** undefined: the value is unknown. */
type Value = string | undefined;

/** The fields by name, without the dot: `AccountName`, `Tags.Team`. */
export type TemplateFields = ReadonlyMap<string, string>;

/** The maximum length of a template, longer than any name. The template comes from another program. */
const MOST_CHARACTERS = 4096;

/** @returns undefined if a part of the template, or a field in it, is unknown. */
export function renderGoTemplate(template: string, fields: TemplateFields): string | undefined {
  if (template.length > MOST_CHARACTERS) return undefined;
  const trimmed = template.replace(/\s*\{\{-\s/g, "{{ ").replace(/\s-\}\}\s*/g, " }}");
  let text = "";
  let end = 0;
  for (const action of trimmed.matchAll(/\{\{(.*?)\}\}/gs)) {
    const value = evaluate(action[1] ?? "", fields);
    if (value === undefined) return undefined;
    text += trimmed.slice(end, action.index) + value;
    end = action.index + action[0].length;
  }
  const rest = trimmed.slice(end);
  return rest.includes("{{") ? undefined : text + rest;
}

const TOKENS = /\s+|[()|]|"(?:[^"\\]|\\["\\])*"|`[^`]*`|\.?[A-Za-z_][A-Za-z0-9_.]*|\S/g;

function evaluate(action: string, fields: TemplateFields): Value {
  const tokens = action.match(TOKENS)?.filter((token) => token.trim() !== "") ?? [];
  const parser = { tokens, at: 0, fields };
  const value = readPipeline(parser);
  return parser.at === tokens.length ? value : undefined;
}

interface Parser {
  readonly tokens: readonly string[];
  at: number;
  readonly fields: TemplateFields;
}

/** Evaluates `FUNCTION WORD … | FUNCTION …`: the value before a bar is the last word of the function after it. */
function readPipeline(parser: Parser): Value {
  let value = readCommand(parser, []);
  while (parser.tokens[parser.at] === "|") {
    parser.at += 1;
    value = readCommand(parser, [value]);
  }
  return value;
}

function readCommand(parser: Parser, piped: readonly Value[]): Value {
  const name = parser.tokens[parser.at] ?? "";
  const call = FUNCTIONS.get(name);
  if (call !== undefined) parser.at += 1;
  const words: Value[] = [];
  while (parser.at < parser.tokens.length && !/^[|)]$/.test(parser.tokens[parser.at] ?? ""))
    words.push(readWord(parser));
  if (call !== undefined) return call([...words, ...piped]);
  return words.length === 1 && piped.length === 0 ? words[0] : undefined;
}

function readWord(parser: Parser): Value {
  const token = parser.tokens[parser.at] ?? "";
  parser.at += 1;
  if (token === "(") {
    const value = readPipeline(parser);
    const isClosed = parser.tokens[parser.at] === ")";
    parser.at += 1;
    return isClosed ? value : undefined;
  }
  if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(["\\])/g, "$1");
  if (token.startsWith("`")) return token.slice(1, -1);
  return token.startsWith(".") ? parser.fields.get(token.slice(1)) : undefined;
}

type TemplateFunction = (words: readonly Value[]) => Value;

/** Creates a template function that takes one text. */
function takeOne(change: (text: string) => string): TemplateFunction {
  return ([text, ...more]) => (text === undefined || more.length > 0 ? undefined : change(text));
}

/** Creates a template function that takes a fixed number of words, all of which must be known. */
function takeKnown(count: number, join: (...words: string[]) => string): TemplateFunction {
  return (words) => {
    const known = words.filter((word) => word !== undefined);
    return known.length === words.length && known.length === count ? join(...known) : undefined;
  };
}

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ["AccountIdStr", takeOne((id) => id.padStart(12, "0"))],
  ["FirstItem", findFirstItem],
  ["coalesce", findFirstItem],
  ["default", ([fallback, text]) => (text === "" ? fallback : text)],
  ["StringsJoin", ([between, ...items]) => joinItems(between, items)],
  ["StringReplace", takeKnown(3, (search, by, text) => text.replaceAll(search, by))],
  ["replace", takeKnown(3, (search, by, text) => text.replaceAll(search, by))],
  [
    "trimPrefix",
    takeKnown(2, (start, text) => (text.startsWith(start) ? text.slice(start.length) : text)),
  ],
  [
    "trimSuffix",
    takeKnown(2, (end, text) =>
      text.endsWith(end) ? text.slice(0, text.length - end.length) : text,
    ),
  ],
  ["nospace", takeOne((text) => text.replace(/\s/g, ""))],
  ["lower", takeOne((text) => text.toLowerCase())],
  ["upper", takeOne((text) => text.toUpperCase())],
  ["trim", takeOne((text) => text.trim())],
  ["kebabcase", ([text]) => toWords(text)?.join("-")],
  ["snakecase", ([text]) => toWords(text)?.join("_")],
]);

/** Returns the first item that is not empty; undefined if an item before it is unknown. */
function findFirstItem(items: readonly Value[]): Value {
  const first = items.findIndex((item) => item !== "");
  return first === -1 ? "" : items[first];
}

function joinItems(between: Value, items: readonly Value[]): Value {
  const known = items.filter((item) => item !== undefined);
  if (between === undefined || known.length < items.length) return undefined;
  return known.filter((item) => item !== "").join(between);
}

/**
 * Splits `AStringLikeThis` and `A String` into lower-case words. Texts with digits are not supported, because sprig's
 * library has special rules for them.
 */
function toWords(text: Value): string[] | undefined {
  if (text === undefined || /[^A-Za-z\s_-]/.test(text)) return undefined;
  const words = text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return words.map((word) => word.toLowerCase());
}
