/** Types for a config or credentials file as a family of AWS clients reads it. */

/** Clients that share a file reader; Terraform (aws-sdk-go-base) uses Go v2's. */
export type Family =
  "aws-cli" | "javascript" | "go-v2" | "go-v1" | "terraform" | "java" | "rust" | "dotnet";

export type FileKind = "config" | "credentials";

/** Values by key. Keys are in lower case if the family ignores case; a nested key is `s3.region`. */
export type Keys = ReadonlyMap<string, string>;

/** A config or credentials file as one family reads it; empty if the family refuses it. */
export interface Reading {
  /** Profiles by name, from the config (`[profile x]`, `[default]`) or the credentials file. */
  readonly profiles: ReadonlyMap<string, Keys>;
  /** `[sso-session NAME]`. */
  readonly sessions: ReadonlyMap<string, Keys>;
  /** Why the whole file is refused; undefined if it is read. */
  readonly refused: Refusal | undefined;
}

interface Refusal {
  readonly line: number;
  readonly why: string;
}

/** A value and its line. */
export interface Statement {
  readonly value: string;
  readonly line: number;
}

export type Statements = ReadonlyMap<string, Statement>;

/** Like `Reading`, with line numbers, which are needed to find differences. */
export interface FileReading {
  /** By kind and name: `profile okta`, `profile default`, `sso-session corp`, `services local`. */
  readonly sections: ReadonlyMap<string, ReadSection>;
  readonly refused: Refusal | undefined;
}

export interface ReadSection {
  /** The line of its first header. */
  readonly line: number;
  readonly keys: Statements;
}

export function refuseFile(line: number, why: string): FileReading {
  return { sections: new Map(), refused: { line, why } };
}

export function toReading({ sections, refused }: FileReading): Reading {
  const select = (kind: string): Map<string, Keys> =>
    new Map(
      [...sections]
        .filter(([id]) => id.startsWith(`${kind} `))
        .map(([id, { keys }]) => [
          id.slice(kind.length + 1),
          new Map([...keys].map(([key, { value }]) => [key, value])),
        ]),
    );
  return { profiles: select("profile"), sessions: select("sso-session"), refused };
}

/**
 * Yields the lines with their numbers, but only the first of consecutive empty lines: the others have no meaning for any
 * client, and an excerpt (excerpt.ts) contains many of them.
 */
export function* numberLines(
  text: string,
  lineBreak: string | RegExp,
): Generator<readonly [line: string, number: number]> {
  let number = 1;
  for (const [index, piece] of text.split(/(?<=\n)(\n{2,})/).entries()) {
    if (index % 2 === 1) {
      number += piece.length;
      continue;
    }
    const lines = piece.split(lineBreak);
    for (const [offset, line] of lines.entries()) yield [line, number + offset];
    number += lines.length - 1;
  }
}
