import {
  findSection,
  findSections,
  parseConfig,
  parseNestedValues,
  type ConfigDocument,
  type ConfigSection,
} from "../aws-config/document.ts";
import { encodeText } from "../aws-config/text.ts";
import { readAsDotnet } from "./dotnet.ts";
import { readAsJavascript } from "./javascript.ts";
import {
  refuseFile,
  toReading,
  type Family,
  type FileKind,
  type FileReading,
  type ReadSection,
  type Reading,
  type Statement,
  type Statements,
} from "./reading.ts";
import { readAsGoV1, readBySpecification } from "./specification.ts";

/** Reads one file like each family of clients. */

/** @param text from `decodeBytes`: with its byte order mark, and a lone surrogate for each byte that is not UTF-8. */
export function readAs(family: Family, kind: FileKind, text: string): Reading {
  return toReading(readFileAs(family, kind, text));
}

export function readFileAs(family: Family, kind: FileKind, text: string): FileReading {
  switch (family) {
    case "aws-cli":
      return readAsBotocore(kind, parseConfig(encodeText(text)));
    case "javascript":
      return readAsJavascript(kind, text.toWellFormed());
    case "go-v1":
      return readAsGoV1(text.toWellFormed());
    case "terraform":
      return readBySpecification("go-v2", kind, text);
    case "dotnet":
      return readAsDotnet(kind, text.toWellFormed());
    default:
      return readBySpecification(family, kind, text);
  }
}

/** Reads a file like botocore. `parseConfig` already reads it that way. */
function readAsBotocore(kind: FileKind, document: ConfigDocument): FileReading {
  const problem = document.problems.find((one) => one.kind !== "nul-byte");
  return problem === undefined
    ? readDocument(kind, document)
    : refuseFile(problem.line, problem.kind);
}

/** Returns the sections even if botocore refuses the file. */
export function readDocument(kind: FileKind, document: ConfigDocument): FileReading {
  const sections = new Map<string, ReadSection>();
  for (const section of document.sections) {
    const read = kind === "config" ? readProfile(document, section) : readRaw(document, section);
    if (read !== undefined && !sections.has(read.id)) sections.set(read.id, read);
  }
  return { sections, refused: undefined };
}

type NamedSection = ReadSection & { readonly id: string };

function readProfile(
  document: ConfigDocument,
  { type, name, line }: ConfigSection,
): NamedSection | undefined {
  if (type === "other") return undefined;
  const found = findSection(document, type, name);
  return found && { id: `${type} ${name}`, line, keys: flattenKeys(found) };
}

/** In the credentials file, the whole header is the profile's name. */
function readRaw(
  document: ConfigDocument,
  { place: { header }, line, entries }: ConfigSection,
): NamedSection | undefined {
  if (header === "DEFAULT") return undefined;
  const shared = findSections(document, "other", "DEFAULT").flatMap((one) => one.entries);
  return { id: `profile ${header}`, line, keys: flattenKeys({ entries: [...shared, ...entries] }) };
}

/** Returns the keys; a nested key becomes `block.key`. */
function flattenKeys({ entries }: Pick<ConfigSection, "entries">): Statements {
  const keys = new Map<string, Statement>();
  for (const entry of entries) {
    const nested = parseNestedValues(entry);
    if (nested === undefined) keys.set(entry.key, entry);
    else
      for (const [key, value] of Object.entries(nested))
        keys.set(`${entry.key}.${key}`, { value, line: entry.line });
  }
  return keys;
}
