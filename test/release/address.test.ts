import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRelease } from "../../scripts/package/repository.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { testOnPosixOnly } from "../support/windows.ts";

const { repository } = readRelease();

/** A repository named latchkey with its owner. Below: sites and package scopes of that name. */
const REPOSITORY = /\b(?:github(?:usercontent)?(?:\.com)?|ghcr\.io)[:/]([\w.-]+)\/latchkey\b/gi;
const ELSEWHERE = [
  /\blatchkey(?:-\w+)?\.(?:app|cloud|com|dev|io|net|org|page|run|sh|tools)\b/gi,
  /(?<![\w.])@latchkey[\w-]*\//gi,
];

/** Returns all other spellings of latchkey's public address in a text. */
function listForeign(text: string): string[] {
  return [
    ...[...text.matchAll(REPOSITORY)]
      .filter(([, owner]) => owner?.toLowerCase() !== repository.owner.toLowerCase())
      .map(([address]) => address),
    ...ELSEWHERE.flatMap((pattern) => [...text.matchAll(pattern)].map(([address]) => address)),
  ];
}

function listTexts(...folders: string[]): Array<[path: string, text: string]> {
  const list = execFileSync("git", ["ls-files", "-z", "--", ...folders], {
    cwd: CHECKOUT,
    encoding: "utf8",
  });
  return list
    .split("\0")
    .filter((path) => path !== "")
    .map((path) => [path, readFileSync(join(CHECKOUT, path), "utf8")]);
}

const testOnTree = testOnPosixOnly("the tests on Windows have no git repository");

describe("latchkey has one public address, `repository` in package.json", () => {
  testOnTree("no file contains another one", () => {
    const texts = listTexts(".");
    expect(texts.length).toBeGreaterThan(1000);
    expect(
      texts.flatMap(([path, text]) => listForeign(text).map((address) => `${path}: ${address}`)),
    ).toEqual([]);
  });

  testOnTree("the program, its scripts, its workflows and its tests read it from there", () => {
    const texts = listTexts("src", "bin", "scripts", "test", ".github", "*.ts");
    const address = `${repository.owner}/${repository.name}`;
    const naming = texts.filter(([, text]) => text.includes(address));
    expect(naming.map(([path]) => path)).toEqual([]);
  });

  test.each([
    ["github.com", "/else/latchkey", 1],
    ["https://raw.githubusercontent.com", "/else/latchkey/main/LICENSE", 1],
    ["git@github.com", ":else/latchkey.git", 1],
    ["github", ":else/latchkey", 1],
    ["https://latchkey", ".dev/install", 1],
    ["https://docs.latchkey-cli", ".com", 1],
    ["npm install @latchkey", "/cli", 1],
    ["github", `:${repository.owner}/latchkey`, 0],
    ["https://github.com", `/${repository.owner}/latchkey/issues`, 0],
    ["github.com", "/else/latchkeys", 0],
    ["github.com", "/else/key", 0],
    ["somebody", "@latchkey.example", 0],
  ])("%s%s contains %i other ones", (start, end, count) => {
    expect(listForeign(start + end)).toHaveLength(count);
  });
});
