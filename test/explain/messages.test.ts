import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CAUSES } from "../../src/explain/causes.ts";
import { FAMILIES, readPastedText } from "../../src/explain/recognize.ts";
import type { Names } from "../../src/explain/names.ts";

/** A message with its cause; `source` says how it was found: by running the client, in its source, or in a report. */
interface Sample {
  readonly client: string;
  readonly cause: string;
  readonly text: string;
  readonly source: string;
  readonly names?: Partial<Names>;
}

const FOLDER = join(import.meta.dirname, "samples");
const SAMPLES = readdirSync(FOLDER).flatMap((file) =>
  (JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Sample[]).map((sample, index) => ({
    ...sample,
    id: `${file} ${index}: ${sample.client} ${sample.cause}`,
  })),
);

function read(text: string) {
  const { recognition, names } = readPastedText(text);
  return { client: recognition?.client, causes: recognition?.message.causes ?? [], names };
}

/** Two versions of a client print most messages alike, and Go v1 prints messages of services. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  "aws-cli-v1": ["aws-cli"],
  "go-v1": ["go-v2", "service"],
};

function listClients(client: string): string[] {
  return [client, ...(ALIKE[client] ?? [])];
}

describe("a message of an AWS client", () => {
  test.each(SAMPLES)("is recognised with its names: $id", ({ client, cause, text, names = {} }) => {
    const found = read(text);
    expect(found.causes, text).toContain(cause);
    expect(listClients(client), text).toContain(found.client ?? "service");
    expect(found.names, text).toMatchObject(names);
  });

  test("is recognised when it is wrapped, coloured, quoted or prefixed", { tags: ["long"] }, () => {
    for (const { text, client } of SAMPLES) {
      const { causes } = read(text);
      for (const [way, change] of Object.entries(WAYS))
        expect({ way, client, causes: read(change(text)).causes }, change(text)).toEqual({
          way,
          client,
          causes,
        });
    }
  });

  test("has a sample for each pattern", { tags: ["long"] }, () => {
    const met = new Set(
      SAMPLES.map(({ text }) => readPastedText(text).recognition?.message.pattern),
    );
    const unmet = FAMILIES.flatMap(({ client, messages }) =>
      messages
        .filter(({ pattern }) => !met.has(pattern))
        .map(({ pattern }) => `${client}: ${pattern}`),
    );
    expect(unmet).toEqual([]);
  });

  test("has a cause from the list, and each cause has a message", () => {
    const used = new Set(
      FAMILIES.flatMap(({ messages }) => messages.flatMap(({ causes }) => causes)),
    );
    expect([...used].toSorted()).toEqual(Object.keys(CAUSES).toSorted());
  });

  test("is in one family only", () => {
    const patterns = FAMILIES.flatMap(({ messages }) => messages.map(({ pattern }) => pattern));
    expect(patterns.filter((pattern, index) => patterns.indexOf(pattern) !== index)).toEqual([]);
  });
});

const eachLine =
  (change: (line: string) => string) =>
  (text: string): string =>
    text.split("\n").map(change).join("\n");

const WAYS: Readonly<Record<string, (text: string) => string>> = {
  "hard-wrapped at 40 columns": (text) => text.replace(/(.{40})/g, "$1\n"),
  "colours around each line": eachLine((line) => `\u001b[31m\u001b[1m${line}\u001b[0m`),
  "colours that a log has escaped": eachLine((line) => `\\x1b[31m${line}\\x1b[0m`),
  "in a box of Terraform": (text) => `╷\n${eachLine((line) => `│ ${line}`)(text)}\n╵\n`,
  "after times": eachLine((line) => `2026-11-29T10:00:00.123Z [ERROR] ${line}`),
  "after a container's name": eachLine((line) => `web-1  | ${line}`),
  "after a step of docker build": eachLine((line) => `#12 3.456 ${line}`),
  "after GitHub's times": eachLine((line) => `2026-11-29T10:00:00.1234567Z ##[error]${line}`),
  "as JSON": (text) => `{"level":"error","msg":${JSON.stringify(text)}}`,
  "with CRLF": (text) => text.replaceAll("\n", "\r\n"),
  "with typographic quotes": (text) => text.replace(/"([^"\n]*)"/g, "“$1”"),
};
