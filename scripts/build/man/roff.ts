/**
 * Writes the requests of man(7) that the pages need, for groff and mandoc. Packages that write roff convert Markdown,
 * but the help is not Markdown: its `<`, `*`, `_` and `|` would have to be escaped twice.
 */

/**
 * The escapes for characters that roff would read as a command, a typographic quotation mark or a hyphen. A long list
 * of values may be broken after `|`. An ellipsis becomes three dots, which exist in every locale.
 */
const SPECIAL: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  '"': "\\(dq",
  "^": "\\(ha",
  "~": "\\(ti",
  "|": "|\\:",
  "…": "...",
};

const ALL_SPECIAL = /[\\\-'`"^~|]|[^\n\x20-\x7e]/gu;

/** Escapes text within a line. `formatLines` escapes a full stop at the start of a line. */
export function escapeText(text: string): string {
  return text.replace(ALL_SPECIAL, (character) => SPECIAL[character] ?? nameCharacter(character));
}

/** roff requires at least four digits. */
function nameCharacter(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `\\[u${digits}]`;
}

export function formatBold(text: string): string {
  return `\\fB${escapeText(text)}\\fR`;
}

function formatItalic(text: string): string {
  return `\\fI${escapeText(text)}\\fR`;
}

/** Formats prose of the help. Text between backquotes is text to type. */
export function formatProse(text: string): string {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, index) => (index % 2 === 1 ? formatBold(part) : escapeText(part)))
    .join("");
}

/** Formats a usage line or the label of a flag: flags are bold, names of values are in italics. */
export function formatSyntax(text: string): string {
  return text
    .split(/((?<![\w-])--?[a-z][\w-]*|<\w+>|\b[A-Z][A-Z_]+\b)/)
    .map((part, index) => (index % 2 === 0 ? escapeText(part) : formatWord(part)))
    .join("");
}

function formatWord(word: string): string {
  return word.startsWith("-") ? formatBold(word) : formatItalic(word);
}

/** Escapes a full stop at the start of each line. The rest of the text is already escaped. */
function formatLines(escaped: string): string {
  return escaped.replace(/^\./gm, "\\&.");
}

/** Formats the page's header, and turns off hyphenation. If the date is empty, the page has no date. */
export function formatTitle(name: string, { date, source }: TitleFacts): string {
  return `.TH "${escapeText(name.toUpperCase())}" 1 "${date}" "${escapeText(source)}" "User Commands"\n.nh\n.ad l`;
}

export interface TitleFacts {
  /** As YYYY-MM-DD. */
  readonly date: string;
  /** The program and its version, for the foot of the page. */
  readonly source: string;
}

export function formatSection(name: string, blocks: readonly string[]): string {
  return [`.SH ${formatHeading(name)}`, ...blocks].join("\n");
}

function formatHeading(name: string): string {
  return name.includes(" ") ? `"${escapeText(name)}"` : escapeText(name);
}

/** Formats paragraphs of prose. A line feed within a paragraph remains. */
export function formatParagraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => breakLines(formatLines(formatProse(paragraph))))
    .join("\n.PP\n");
}

/**
 * Adds a break to each line end, except before a line that begins with a space: roff already breaks there, and mandoc
 * warns about a second break.
 */
function breakLines(escaped: string): string {
  return escaped.replace(/\n(?! )/g, "\n.br\n");
}

/** @param tag already formatted in roff */
export function formatTerm(tag: string, text: string): string {
  return `.TP\n${formatLines(tag)}\n${formatParagraphs(text).replaceAll("\n.PP\n", "\n.IP\n")}`;
}

/** Formats a line to type. It is never filled or broken. */
export function formatExample(line: string, description?: string): string {
  const words = description === undefined ? "" : `${formatLines(formatProse(description))}\n`;
  return `${words}.RS 4\n.nf\n${formatLines(formatBold(line))}\n.fi\n.RE`;
}
