import type { SectionType } from "./header.ts";
import type { ConfigSection } from "./lines.ts";

/** Sections by type and name: thousands of profiles are looked up by name. */
export type SectionIndex = Readonly<Record<SectionType, SectionsByName>>;

interface SectionsByName {
  /** The last of each name, in the order of the first. */
  readonly last: Map<string, ConfigSection>;
  /** All of a name that stands more than once, which few do. */
  readonly repeated: Map<string, ConfigSection[]>;
}

export function createIndex(): SectionIndex {
  const createMap = (): SectionsByName => ({ last: new Map(), repeated: new Map() });
  return {
    profile: createMap(),
    "sso-session": createMap(),
    services: createMap(),
    other: createMap(),
  };
}

/** Adds the section that comes next in the file. Returns whether its header is written the same way as one before. */
export function addSection(index: SectionIndex, section: ConfigSection): boolean {
  const { last, repeated } = index[section.type];
  const { name } = section;
  const above = last.get(name);
  last.set(name, section);
  if (above === undefined) return false;
  const all = repeated.get(name) ?? [above];
  // The one before first: of many, it is that.
  const isWrittenTwice =
    isWrittenAs(above, section) || all.some((one) => isWrittenAs(one, section));
  all.push(section);
  repeated.set(name, all);
  return isWrittenTwice;
}

function isWrittenAs(some: ConfigSection, other: ConfigSection): boolean {
  return some.place.header === other.place.header;
}

/** Every section of that name, in the file's order. */
export function findAllSections(
  index: SectionIndex,
  type: SectionType,
  name: string,
): readonly ConfigSection[] {
  const { last, repeated } = index[type];
  const only = last.get(name);
  return repeated.get(name) ?? (only === undefined ? [] : [only]);
}

/** Each name once, in the order of the first. */
export function listNames(index: SectionIndex, type: SectionType): string[] {
  return [...index[type].last.keys()];
}
