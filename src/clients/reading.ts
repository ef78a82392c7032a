/** What a family of AWS clients reads in a config or in a credentials file. */

/** Clients that share one reader of files; Terraform's (aws-sdk-go-base) is Go v2's. */
export type Family =
  "aws-cli" | "javascript" | "go-v2" | "go-v1" | "terraform" | "java" | "rust" | "dotnet";

export type FileKind = "config" | "credentials";

/** Values by keys, in lower case where the family finds them however they are written; a nested key as `s3.region`. */
export type Keys = ReadonlyMap<string, string>;

/** A config or a credentials file as one family of clients reads it; empty where it is refused. */
export interface Reading {
  /** Profiles by name, of the config (`[profile x]`, `[default]`) or of the credentials file. */
  readonly profiles: ReadonlyMap<string, Keys>;
  /** `[sso-session NAME]`. */
  readonly sessions: ReadonlyMap<string, Keys>;
  /** Why the whole file is refused; undefined where it is read. */
  readonly refused: Refusal | undefined;
}

interface Refusal {
  readonly line: number;
  readonly why: string;
}

/** A value where it stands. */
export interface Statement {
  readonly value: string;
  readonly line: number;
}

export type Statements = ReadonlyMap<string, Statement>;

/** The same with the lines, by which differences are found. */
export interface FileReading {
  /** By kind and name: `profile okta`, `profile default`, `sso-session corp`, `services local`. */
  readonly sections: ReadonlyMap<string, ReadSection>;
  readonly refused: Refusal | undefined;
}

export interface ReadSection {
  /** Of its first header. */
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
 * A file's lines with their numbers. Of blank lines behind one another the first alone: the others tell no client
 * anything, and an excerpt (excerpt.ts) is made of them.
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
