import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPastedText } from "../../src/explain/recognize.ts";

/** Output of real clients, wrapped as by the programs that start them. */
interface Sample {
  readonly client: string;
  readonly cause: string;
  readonly text: string;
  readonly source: string;
}

const MEASURED = (
  JSON.parse(readFileSync(new URL("samples/measured.json", import.meta.url), "utf8")) as Sample[]
).filter(({ text }) => text.length < 5_000);

interface Wrapper {
  readonly client: string;
  /** The clients that it contains or starts. */
  readonly inner: readonly string[];
  readonly wrap: (text: string) => string;
}

const wrapInBox = (text: string): string =>
  `╷\n${text
    .split("\n")
    .map((line) => `│ ${line}`)
    .join("\n")}\n╵\n`;

/** The output forms of Terraform 1.11, kubectl 1.32 and Docker 28. */
const WRAPPERS: readonly Wrapper[] = [
  {
    client: "terraform",
    inner: ["terraform", "go-v2"],
    wrap: (text) =>
      `Initializing the backend...\n${wrapInBox(`Error: No valid credential sources found\n\nPlease see https://developer.hashicorp.com/terraform/language/backend/s3\nfor more information about providing credentials.\n\nError: ${text.trim()}\n`)}`,
  },
  {
    client: "kubectl",
    inner: ["aws-cli", "aws-cli-v1"],
    wrap: (text) =>
      `${text}\nE1129 15:04:43.812345   20042 memcache.go:265] couldn't get current server API group list: Get "https://127.0.0.1:6443/api?timeout=32s": getting credentials: exec: executable aws failed with exit code 255\nUnable to connect to the server: getting credentials: exec: executable aws failed with exit code 255\n`,
  },
  {
    client: "docker",
    inner: ["go-v2", "go-v1"],
    wrap: (text) => `error getting credentials - err: exit status 1, out: \`${text.trim()}\`\n`,
  },
];

const rows = WRAPPERS.flatMap(({ client, inner, wrap }) =>
  MEASURED.filter((sample) => inner.includes(sample.client)).map((sample, index) => ({
    ...sample,
    wrapped: wrap(sample.text),
    wrapper: client,
    id: `${client} around ${sample.client} ${index}, ${sample.cause}`,
  })),
);

test.each(rows)("a message inside another program's output is recognised: $id", (row) => {
  const { recognition } = readPastedText(row.wrapped);
  expect(recognition?.client, row.wrapped).toBe(row.wrapper);
  expect(recognition?.message.causes, row.wrapped).toContain(row.cause);
});

test("each of these programs wraps samples", () => {
  expect(new Set(rows.map(({ wrapper }) => wrapper)).size).toBe(WRAPPERS.length);
  expect(rows.length).toBeGreaterThan(100);
});
