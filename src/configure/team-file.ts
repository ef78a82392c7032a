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

/** A team file, read with `ini`: here the file and its grammar are ours (decision 1). What it says is judged in the domain. */

const MAX_TEAM_BYTES = 64 * 1024;

/** @throws LatchkeyError USAGE where there is no such file, CONFIG_INVALID with the line for what must be mended in it. */
export function readTeamFile(path: string): TeamFile {
  const bytes = readIfPresent(path, MAX_TEAM_BYTES);
  if (bytes === undefined)
    throw usageError(
      `--from names ${path}, which is not there.`,
      "Give the path of your team's file.",
    );
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  return parseTeamStatements(parseStatements(text, path), path);
}

/** `ini` tells values and no lines: so each line is looked at by itself, under the section above it. */
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
    throw toError("it is no section and no key with a value.", "Write it as key = value.");
  if (!/^["']/.test(written) && /\S[;#]/.test(written))
    throw toError(
      `the value of ${key} has a # or ; in it, which begins a comment.`,
      `Put it in double quotes: ${key} = "…"`,
    );
  // As an element of its own: a key such as __proto__ is then one that is not known, and no harm.
  const { value } = toRecord(decode(`value = ${written}`));
  const isText = typeof value === "string" || typeof value === "boolean";
  return { key, value: isText ? String(value) : "" };
}
