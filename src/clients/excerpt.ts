import { parseConfig, type ConfigDocument, type ConfigSection } from "../aws-config/document.ts";
import type { SectionName } from "../aws-config/header.ts";
import { encodeText } from "../aws-config/text.ts";

/**
 * A config without its plain sections, in which no client reads anything differently from the others; none looks from one
 * section into another. A config of ten thousand profiles is read by all clients in the time of its few odd sections.
 */

/**
 * @returns the sections that are not plain, as `profile okta` or `sso-session corp`: all of them, where a client may find
 * other sections in the config than the editor does.
 */
export function findOddSections(document: ConfigDocument): ReadonlySet<string> {
  const { sections, lines, problems, mark, text } = document;
  const isStrange = problems.length > 0 || mark !== "" || /\r(?!\n)/.test(text);
  if (isStrange) return new Set(sections.map(identify));
  const odd = sections.filter((section, index) => {
    const end = (sections[index + 1]?.line ?? lines.length + 1) - 1;
    return !isPlain(document, section, end);
  });
  return new Set(odd.map(identify));
}

/** @returns those sections alone; the lines of all others are left empty, so that the numbers of lines stay. */
export function excerptSections(
  document: ConfigDocument,
  wanted: ReadonlySet<string>,
): ConfigDocument {
  const { sections, lines, mark } = document;
  if (sections.every((section) => wanted.has(identify(section)))) return document;
  const kept = [...lines];
  for (const [index, section] of sections.entries())
    if (!wanted.has(identify(section)))
      kept.fill("\n", section.line - 1, (sections[index + 1]?.line ?? lines.length + 1) - 1);
  return parseConfig(encodeText(mark + kept.join("")));
}

/**
 * @returns what decides about these profiles: their sections, those that they and the credentials file lead to, and all
 * that are odd.
 */
export function excerptProfiles(
  config: ConfigDocument,
  credentials: ConfigDocument,
  profiles: readonly string[],
): ConfigDocument {
  const wanted = new Set(findOddSections(config));
  // Some clients take blanks around a variable's name away.
  const named = profiles.flatMap((name) => [`profile ${name}`, `profile ${name.trim()}`]);
  const queue = [...wanted, ...named, ...credentials.sections.flatMap(listReferences)];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const section of config.byName.get(id) ?? []) {
      wanted.add(id);
      queue.push(...listReferences(section).filter((one) => !wanted.has(one)));
    }
  return excerptSections(config, wanted);
}

/** As each client may read them: some take a comment or quotes for a part of the value. */
function listReferences({ entries }: ConfigSection): string[] {
  return entries.flatMap(({ key, value }) => {
    const type = key === "source_profile" ? "profile" : key === "sso_session" && "sso-session";
    if (!type) return [];
    const uncommented = value.replace(/\s[#;].*/s, "").trim();
    const unquoted = uncommented.replace(/^(["'])(.*)\1$/s, "$2");
    return [value, uncommented, unquoted].map((name) => `${type} ${name}`);
  });
}

function identify({ type, name }: SectionName): string {
  return `${type} ${name}`;
}

/** ASCII, and characters alone that no client treats in a way of its own. */
const PLAIN_HEADER = /^\[(?:profile|sso-session|services) [\w@+.%:/-]+\]$/;
const PLAIN_LINE =
  /^(?:#[\x20-\x7e]*|[a-z0-9_]+ ?= ?[!$%&(-:<>-Z^-~]+(?: [!$%&(-:<>-Z^-~]+)*|)\r?\n?$/;

/** @param end the number of its last line */
function isPlain({ lines, byName }: ConfigDocument, section: ConfigSection, end: number): boolean {
  const { name, line, entries } = section;
  const isOnly = byName.get(identify(section))?.length === 1;
  if (name === "default" || name === "__proto__") return false;
  if (!isOnly || !PLAIN_HEADER.test((lines[line - 1] ?? "").trimEnd())) return false;
  for (let at = line; at < end; at += 1) if (!PLAIN_LINE.test(lines[at] ?? "")) return false;
  return new Set(entries.map(({ key }) => key)).size === entries.length && entries.length > 0;
}
