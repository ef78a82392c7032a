import type { Document, Node, Pair } from "yaml";
import { configError } from "../../errors.ts";

/**
 * Reads another tool's YAML as maps of texts. Scalars are not converted, so that an account ID keeps its leading zeros.
 */

export interface YamlEntry {
  readonly key: string;
  readonly line: number;
  /** undefined if the value is a list, a map, or empty. */
  readonly text: string | undefined;
  /** Whether the value is neither a map nor empty. */
  readonly isOther: boolean;
  /** The entries of a map; empty for any other value. */
  readonly entries: readonly YamlEntry[];
}

/** The maximum depth, deeper than any tool's config. */
const MOST_LEVELS = 12;
/**
 * The maximum number of merges: over one for each of ten thousand roles. Maps merged into merged maps could otherwise
 * use up the memory.
 */
const MOST_MERGES = 20_000;

/** @throws LatchkeyError CONFIG_INVALID with file and line, but without the text, which may be a secret. */
export async function parseYamlMap(text: string, file: string): Promise<readonly YamlEntry[]> {
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  const options = { schema: "failsafe", prettyErrors: false, lineCounter: lines } as const;
  const document = yaml.parseDocument(text, options);
  const [error] = document.errors;
  if (error !== undefined)
    throw configError(
      `${file}, line ${lines.linePos(error.pos[0]).line} is not valid YAML.`,
      "Fix that line in an editor.",
    );
  const read = { yaml, document, lines, file, merges: 0, resolved: new Map() };
  return listEntries(read, document.contents, MOST_LEVELS);
}

interface YamlReading {
  readonly yaml: typeof import("yaml");
  readonly document: Document;
  readonly lines: { linePos(offset: number): { readonly line: number } };
  readonly file: string;
  readonly resolved: Map<unknown, Node | undefined>;
  merges: number;
}

function listEntries(reading: YamlReading, node: unknown, levels: number): YamlEntry[] {
  const { yaml } = reading;
  const map = resolveAlias(reading, node);
  if (levels === 0 || !yaml.isMap(map)) return [];
  const entries = new Map<string, YamlEntry>();
  for (const pair of map.items as Pair<unknown, unknown>[]) {
    const key = yaml.isScalar(pair.key) ? String(pair.key.value) : "";
    const merged = key === "<<" ? listMerged(reading, pair.value, levels) : undefined;
    for (const entry of merged ?? [toEntry(reading, key, pair, levels)])
      if (merged === undefined || !entries.has(entry.key)) entries.set(entry.key, entry);
  }
  return [...entries.values()];
}

/** Reads `<<: *common`, or a list of aliases. The map's own keys override merged ones. */
function listMerged(reading: YamlReading, node: unknown, levels: number): YamlEntry[] {
  const merged = resolveAlias(reading, node);
  reading.merges += 1;
  if (reading.merges > MOST_MERGES)
    throw configError(
      `${reading.file} merges more than ${MOST_MERGES} maps.`,
      "Write it with fewer aliases.",
    );
  const maps: unknown[] = reading.yaml.isSeq(merged) ? merged.items : [merged];
  return maps.flatMap((map) => listEntries(reading, map, levels - 1));
}

function toEntry(
  reading: YamlReading,
  key: string,
  pair: Pair<unknown, unknown>,
  levels: number,
): YamlEntry {
  const value = resolveAlias(reading, pair.value);
  const { yaml, lines } = reading;
  const text = yaml.isScalar(value) ? toText(value.value) : undefined;
  const start = yaml.isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
  let entries: YamlEntry[] | undefined;
  return {
    key,
    line: lines.linePos(start).line,
    text,
    isOther: text !== undefined || yaml.isSeq(value),
    // Read on demand, because nested aliases could otherwise use up the memory.
    get entries() {
      entries ??= listEntries(reading, value, levels - 1);
      return entries;
    },
  };
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== "~" && value !== "null"
    ? value
    : undefined;
}

function resolveAlias({ yaml, document, resolved }: YamlReading, node: unknown): Node | undefined {
  if (!yaml.isAlias(node)) return yaml.isNode(node) ? node : undefined;
  // Cached, because the library walks the whole document for each alias.
  if (!resolved.has(node)) resolved.set(node, node.resolve(document) as Node | undefined);
  return resolved.get(node);
}

/** Returns the entry with this name as Go does: the exact name, otherwise a name that differs only in case. */
export function findEntry(entries: readonly YamlEntry[], name: string): YamlEntry | undefined {
  const lower = name.toLowerCase();
  return (
    entries.find(({ key }) => key === name) ??
    entries.find(({ key }) => key.toLowerCase() === lower)
  );
}

export function findText(entries: readonly YamlEntry[], name: string): string | undefined {
  return findEntry(entries, name)?.text;
}
