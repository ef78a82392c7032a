import { refuseFile, type FileReading, type ReadSection, type Statement } from "./reading.ts";

interface OpenSection extends ReadSection {
  readonly keys: Map<string, Statement>;
}

/**
 * A file as the SDK for Go v1 reads it (1.55, by its source), which has a grammar of its own. A profile is a header, in
 * either file, with the word profile or without; of two sections of one name the last counts; an indented key is a key.
 */
export function readAsGoV1(text: string): FileReading {
  const read = new Map<string, OpenSection>();
  let section: OpenSection = { line: 0, keys: new Map() };
  let isPassedOver = false;
  for (const [index, full] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    // Below a key without a value, or a line that is none.
    if (isPassedOver && /^\s/.test(full)) continue;
    const [, header, below] = /^\[([^\]]*)\](.*)$/s.exec(trim(full)) ?? [];
    if (header !== undefined) {
      if (trim(header) === "" || /\[|[ =:]\s*[#;]|^[#;]/.test(header))
        return refuseFile(line, "a header without a name, or with a comment in it");
      section = { line, keys: new Map() };
      read.set(trim(header), section);
    }
    const statement = readStatement(trim(below ?? full));
    if (statement.kind === "refused") return refuseFile(line, statement.why);
    if (statement.kind === "key") section.keys.set(statement.key, { value: statement.value, line });
    isPassedOver = statement.kind === "passed-over";
  }
  return { sections: selectProfiles(read), refused: undefined };
}

function trim(text: string): string {
  return text.replace(/^(?:(?!\ufeff)[\s\u0085])+|(?:(?!\ufeff)[\s\u0085])+$/g, "");
}

type GoStatement =
  | { readonly kind: "nothing" }
  | { readonly kind: "passed-over" }
  | { readonly kind: "key"; readonly key: string; readonly value: string }
  | { readonly kind: "refused"; readonly why: string };

/** A comment, a quote or a bracket where the grammar has none refuses the whole file. */
function readStatement(text: string): GoStatement {
  if (text === "" || /^[#;]/.test(text)) return { kind: "nothing" };
  const at = text.search(/[=:]/);
  const key = at === -1 ? text : text.slice(0, at);
  if (key === "") return { kind: "refused", why: "a line without a key" };
  if (/[[\]]| \s*[#;,]/.test(key))
    return { kind: "refused", why: "a bracket or a comment where a key is expected" };
  const value = at === -1 ? "" : trim(text.slice(at + 1));
  return value === "" ? { kind: "passed-over" } : readValue(trim(key), value);
}

function readValue(key: string, value: string): GoStatement {
  if (/^[#;,]/.test(value)) return { kind: "refused", why: "a comment where a value is expected" };
  const [, quoted] = /^"((?:\\.|[^"])*)"/s.exec(value) ?? [];
  if (quoted !== undefined) return { kind: "key", key, value: quoted };
  const kept = value.replace(/([=:[\]]| \s*)[#;].*/s, "$1");
  // A quote opens where a piece begins: behind a blank, a bracket or a delimiter.
  const unquoted = kept.replace(/([\s=:[\]])"(?:\\.|[^"])*"/gs, "$1");
  return /(?:^|[\s=:[\]])"/.test(unquoted)
    ? { kind: "refused", why: "a quote that is not closed" }
    : { kind: "key", key, value: kept.replace(/ +$/, "") };
}

/** `[NAME]` before `[profile NAME]`. */
function selectProfiles(read: ReadonlyMap<string, OpenSection>): Map<string, OpenSection> {
  const seen = new Map<string, OpenSection>();
  for (const [header, section] of read) {
    const isSession = header.startsWith("sso-session ");
    const name = header.replace(/^profile /, "");
    if (name === header || !read.has(name))
      seen.set(isSession ? header : `profile ${name}`, section);
  }
  return seen;
}
