import { parseConfig, type ConfigDocument, type ConfigSection } from "../aws-config/document.ts";
import type { SectionName } from "../aws-config/header.ts";
import { encodeText } from "../aws-config/text.ts";

/**
 * Leaves out plain sections, which all clients read alike: then reading a config of 10,000 profiles as all clients takes
 * only the time for its few odd sections. No client's reading of a section depends on another section.
 */

/**
 * Returns the sections that are not plain, such as `profile okta` or `sso-session corp`. Returns all sections if a
 * client may find other sections in the config than `parseConfig` does.
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

/** Returns only the wanted sections. All other lines become empty, so that line numbers do not change. */
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
 * Returns the config with only the sections that matter for these profiles: the sections of the profiles, the sections
 * to which they and the credentials file refer, and all odd sections.
 */
export function excerptProfiles(
  config: ConfigDocument,
  credentials: ConfigDocument,
  profiles: readonly string[],
): ConfigDocument {
  const wanted = new Set(findOddSections(config));
  // Some clients trim the profile name in a variable.
  const named = profiles.flatMap((name) => [`profile ${name}`, `profile ${name.trim()}`]);
  const queue = [...wanted, ...named, ...credentials.sections.flatMap(listReferences)];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const section of config.byName.get(id) ?? []) {
      wanted.add(id);
      queue.push(...listReferences(section).filter((one) => !wanted.has(one)));
    }
  return excerptSections(config, wanted);
}

/** Returns the referenced sections in all readings: some clients keep a comment or quotes in the value. */
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

/** Only ASCII characters that all clients treat alike. */
const PLAIN_HEADER = /^\[(?:profile|sso-session|services) [\w@+.%:/-]+\]$/;
const PLAIN_LINE =
  /^(?:#[\x20-\x7e]*|[a-z0-9_]+ ?= ?[!$%&(-:<>-Z^-~]+(?: [!$%&(-:<>-Z^-~]+)*|)\r?\n?$/;

/** @param end the number of the section's last line */
function isPlain({ lines, byName }: ConfigDocument, section: ConfigSection, end: number): boolean {
  const { name, line, entries } = section;
  const isOnly = byName.get(identify(section))?.length === 1;
  if (name === "default" || name === "__proto__") return false;
  if (!isOnly || !PLAIN_HEADER.test((lines[line - 1] ?? "").trimEnd())) return false;
  for (let at = line; at < end; at += 1) if (!PLAIN_LINE.test(lines[at] ?? "")) return false;
  return new Set(entries.map(({ key }) => key)).size === entries.length && entries.length > 0;
}
