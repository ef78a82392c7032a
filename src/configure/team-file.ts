import { decode } from "ini";
import {
  lineErrors,
  parseTeamStatements,
  type TeamFile,
  type TeamStatement,
  type ToLineError,
} from "./team-statements.ts";
import { toRecord } from "../text/json.ts";
import { usageError } from "../errors.ts";
import { readIfPresent } from "../fs/read.ts";

/**
 * Reads a team file with the `ini` package, since its grammar is latchkey's own (decision 1). Its values are checked in
 * team-statements.ts.
 */

const MAX_TEAM_BYTES = 64 * 1024;

/**
 * Returns the answers in a team file.
 * @throws LatchkeyError USAGE if the file does not exist, CONFIG_INVALID with the line of a mistake in it.
 */
export function readTeamFile(path: string): TeamFile {
  const bytes = readIfPresent(path, MAX_TEAM_BYTES);
  if (bytes === undefined)
    throw usageError(
      `--from names ${path}, which does not exist.`,
      "Give the path of your team's file.",
    );
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  return parseTeamStatements(parseStatements(text, path), path);
}

/** Parses line by line, because `ini` does not return line numbers. */
function parseStatements(text: string, file: string): TeamStatement[] {
  const statements: TeamStatement[] = [];
  let section = "";
  text.split(/\r\n|\r|\n/).forEach((content, index) => {
    const line = index + 1;
    const trimmed = content.trim();
    if (trimmed === "" || /^[;#]/.test(trimmed)) return;
    const [, header] = /^\[([^[\]]*)\]\s*([;#].*)?$/.exec(trimmed) ?? [];
    if (header !== undefined) {
      section = header.trim();
      return;
    }
    statements.push({ section, line, ...parseStatement(trimmed, lineErrors(file, line)) });
  });
  return statements;
}

function parseStatement(text: string, toError: ToLineError): { key: string; value: string } {
  const [, key, written = ""] = /^([^=\s"';#]+)\s*=\s*(.*)$/.exec(text) ?? [];
  if (key === undefined)
    throw toError("it is neither a section nor a key with a value.", "Write it as key = value.");
  if (!/^["']/.test(written) && /\S[;#]/.test(written))
    throw toError(
      `the value of ${key} has a # or ; in it, which begins a comment.`,
      `Put it in double quotes: ${key} = "…"`,
    );
  // Parsed under the name "value", so that a key such as __proto__ is only an unknown key.
  const { value } = toRecord(decode(`value = ${written}`));
  const isText = typeof value === "string" || typeof value === "boolean";
  return { key, value: isText ? String(value) : "" };
}
