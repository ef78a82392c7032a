/**
 * The few requests of man(7) that the pages need, written as both groff and mandoc read them. By hand, since packages that make
 * roff start from Markdown, and the help is none: its `<`, `*`, `_` and `|` would have to be escaped twice.
 */

/**
 * What roff would take for a command, a quotation mark or a hyphen of typography: these come out as they are typed. A long
 * list of values may be broken behind a bar; the three dots are there in every locale.
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

/** Text within a line. A line that begins with a full stop would be a request: see `formatLines`. */
export function escapeText(text: string): string {
  return text.replace(ALL_SPECIAL, (character) => SPECIAL[character] ?? nameCharacter(character));
}

/** roff wants at least four digits. */
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

/** Prose of the help, where backquotes enclose what is typed. */
export function formatProse(text: string): string {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, index) => (index % 2 === 1 ? formatBold(part) : escapeText(part)))
    .join("");
}

/** A usage line or the label of a flag: flags are bold, what stands for a value is in italics. */
export function formatSyntax(text: string): string {
  return text
    .split(/((?<![\w-])--?[a-z][\w-]*|<\w+>|\b[A-Z][A-Z_]+\b)/)
    .map((part, index) => (index % 2 === 0 ? escapeText(part) : formatWord(part)))
    .join("");
}

function formatWord(word: string): string {
  return word.startsWith("-") ? formatBold(word) : formatItalic(word);
}

/** Lines of output from lines that are escaped. */
function formatLines(escaped: string): string {
  return escaped.replace(/^\./gm, "\\&.");
}

/** The page's header, and no words taken apart: they are typed. An empty date is none. */
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

/** Paragraphs of prose; a line feed within one is kept. */
export function formatParagraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => formatLines(formatProse(paragraph)).replaceAll("\n", "\n.br\n"))
    .join("\n.PP\n");
}

/** @param tag is roff already. */
export function formatTerm(tag: string, text: string): string {
  return `.TP\n${formatLines(tag)}\n${formatParagraphs(text).replaceAll("\n.PP\n", "\n.IP\n")}`;
}

/** A line to type, which is never filled or broken. */
export function formatExample(line: string, description?: string): string {
  const words = description === undefined ? "" : `${formatLines(formatProse(description))}\n`;
  return `${words}.RS 4\n.nf\n${formatLines(formatBold(line))}\n.fi\n.RE`;
}
