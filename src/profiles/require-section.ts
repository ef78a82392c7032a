import { configError, type LatchkeyError } from "../errors.ts";
import {
  findSection,
  listProfileNames,
  listSessionNames,
  type ConfigDocument,
  type ConfigSection,
} from "../aws-config/document.ts";
import { findOddCharacter } from "../text/odd-character.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { closestMatches } from "../text/terminal.ts";

/** Finds a section that must exist in the config. If it does not exist, the error lists similar names. */

/** The config, with its path for messages. */
interface NamedConfig {
  readonly document: ConfigDocument;
  readonly file: string;
}

/** @param namedAt the variable that contains the profile's name. @throws LatchkeyError CONFIG_INVALID */
export function requireProfileSection(
  { document, file }: NamedConfig,
  name: string,
  namedAt?: string,
): ConfigSection {
  const section = findSection(document, "profile", name);
  if (section !== undefined) return section;
  throw createNotFoundError({
    kind: "profile",
    name,
    namedAt,
    known: listProfileNames(document),
    file,
    cure: `latchkey configure --profile ${quoteShellWord(name)}`,
  });
}

/** @param namedAt the file, section and line that contain the session's name. @throws LatchkeyError CONFIG_INVALID */
export function requireSessionSection(
  { document, file }: NamedConfig,
  name: string,
  namedAt?: string,
): ConfigSection {
  const section = findSection(document, "sso-session", name);
  if (section !== undefined) return section;
  throw createNotFoundError({
    kind: "SSO session",
    name,
    namedAt,
    known: listSessionNames(document),
    file,
    cure: `latchkey configure --sso-session ${quoteShellWord(name)}`,
  });
}

/** A requested section that is not in the config. */
interface MissingSection {
  readonly kind: "SSO session" | "profile" | "SSO session or profile";
  readonly name: string;
  /** The line of the config, or the variable, that contains the name. */
  readonly namedAt?: string | undefined;
  /** The names of the existing sections. */
  readonly known: readonly string[];
  readonly file: string;
  /** The command that creates the section. */
  readonly cure: string;
}

/** @returns CONFIG_INVALID with similar names. */
export function createNotFoundError(missing: MissingSection): LatchkeyError {
  const { kind, name, namedAt, file } = missing;
  const variable = kind === "profile" && namedAt !== undefined ? ` (${namedAt} names it)` : "";
  const where =
    kind === "profile" || namedAt === undefined ? ` in ${file}` : `, which is named in ${namedAt}`;
  const character = findOddCharacter(name);
  const odd = character === undefined ? "" : `: the name has ${character}`;
  return configError(`No ${kind} "${name}"${where}${variable}${odd}.`, suggestNames(missing));
}

function suggestNames({ name, known, cure }: MissingSection): string {
  const close = closestMatches(name, known);
  if (close.length > 0) return `The nearest names: ${close.join(", ")}`;
  if (known.length > 0) return `Known names: ${known.slice(0, 8).join(", ")}`;
  return `There is none yet: ${cure}`;
}
