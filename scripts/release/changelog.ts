const UNRELEASED = "## Unreleased";

/**
 * Returns the text below the heading *Unreleased*, without blank lines around it; it may be empty.
 * @throws Error if the changelog has no such heading
 */
export function readUnreleased(changelog: string): string {
  return split(changelog).notes.trim();
}

/**
 * Returns the changelog with the section *Unreleased* renamed to a version, and a new empty section *Unreleased* above
 * it.
 * @param day as 2026-01-31
 */
export function cutSection(changelog: string, version: string, day: string): string {
  const { before, after } = split(changelog);
  const notes = readUnreleased(changelog);
  return `${before}${UNRELEASED}\n\n## ${version} (${day})\n\n${notes}\n${after && `\n${after}`}`;
}

function split(changelog: string): { before: string; notes: string; after: string } {
  const start = `\n${changelog}`.indexOf(`\n${UNRELEASED}\n`);
  if (start < 0) throw new Error(`CHANGELOG.md has no heading "${UNRELEASED}"`);
  const notesStart = start + UNRELEASED.length + 1;
  const next = changelog.indexOf("\n## ", notesStart - 1);
  const end = next < 0 ? changelog.length : next + 1;
  return {
    before: changelog.slice(0, start),
    notes: changelog.slice(notesStart, end),
    after: changelog.slice(end),
  };
}
