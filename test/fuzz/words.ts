import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatBashReply, parseBashLine } from "../../src/completion/bash-line.ts";
import { findCompletions, type Manifest } from "../../src/completion/candidates.ts";
import { toCandidate, type CandidateSource } from "../../src/completion/values.ts";
import { parseOwnProcess } from "../../src/clients/identity.ts";
import {
  formatChanges,
  isProcessWord,
  joinProcessWords,
  quoteShellWord,
  SHELLS,
  splitProcessWords,
  splitShellWords,
} from "../../src/text/shell-words.ts";
import { formatBatchLine } from "../../src/text/batch-line.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { createTarget, ensure } from "./target.ts";
import { arbitraryText } from "./values.ts";

/** Checks words of command lines: a quoted text is read as one word, by latchkey and by the shells. */

const noNul = arbitraryText(12).map((text) => text.replaceAll("\0", ""));
/** Without half characters, which have no encoding in bytes. */
const wholeTexts = noNul.map((text) => text.toWellFormed());
/** A shell takes 2 ms to start, so it gets many words each time. */
const batches = fc.array(wholeTexts, { minLength: 1, maxLength: 40 });

/** Returns a shell's output for lines that each print their words. */
function runShell(shell: string, script: string): string[] {
  const printed = execFileSync(shell, ["-c", script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
  });
  return printed.split("\0").slice(0, -1);
}

const hasShell = process.platform !== "win32";

function expectSame(read: readonly string[], wanted: readonly string[], what: string): void {
  ensure(
    read.length === wanted.length && read.every((word, index) => word === wanted[index]),
    `${what}: ${JSON.stringify(read)}`,
  );
}

const shellWords = createTarget({
  name: "shell-words",
  values: batches,
  check(words) {
    for (const word of words) {
      const split = splitShellWords(quoteShellWord(word));
      expectSame(split ?? [], [word], "latchkey's splitter");
      for (const shell of SHELLS) formatChanges(shell, new Map([["VALUE", word]]));
    }
    if (!hasShell) return;
    const quoted = words.map((word) => `printf '%s\\0' ${quoteShellWord(word)}\n`);
    expectSame(runShell("sh", quoted.join("")), words, "sh");
    const set = words.map((word) => {
      const line = formatChanges("bash", new Map([["VALUE", word]]));
      return `${line}printf '%s\\0' "$VALUE"\n`;
    });
    expectSame(runShell("sh", set.join("")), words, "sh, of a variable");
  },
});

const shellSplitter = createTarget({
  name: "shell-splitter",
  values: fc.oneof(
    arbitraryText(),
    fc
      .array(fc.constantFrom("a", "b c", " ", "'", '"', "\\", "\\\\", "''", '""', "\t", "\n"), {
        maxLength: 12,
      })
      .map((parts) => parts.join("")),
  ),
  check(line) {
    for (const platform of ["linux", "win32"]) {
      const words = splitProcessWords(line, platform);
      if (words === undefined) continue;
      if (words.every((word) => word !== "" && isProcessWord(word, platform)))
        expectSame(
          splitProcessWords(joinProcessWords(words, platform), platform) ?? [],
          words,
          platform,
        );
    }
    parseOwnProcess(line);
    formatBatchLine("C:\\x.cmd", [line]);
  },
});

const processLine = createTarget({
  name: "credential-process-line",
  values: fc.tuple(batches, fc.constantFrom("linux", "win32")),
  check([texts, platform]) {
    const words = texts.filter((text) => isProcessWord(text, platform));
    if (words.length === 0) return;
    const line = joinProcessWords(words, platform);
    ensure(!/[\p{Cc}\u2028\u2029]/u.test(line), "more than one line");
    expectSame(splitProcessWords(line, platform) ?? [], words, `botocore on ${platform}`);
    if (platform === "win32" || !hasShell) return;
    expectSame(runShell("sh", `printf '%s\\0' ${line}`), words, "sh");
  },
});

const NAMES = ["okta", "a b", "it's", "$(id)", "a:b", "é!", "-x", 'q"', "x=y"];
const source: CandidateSource = {
  listProfiles: () => NAMES.map((name) => toCandidate(name)),
  listSessions: () => NAMES.map((name) => toCandidate(name)),
  listStartUrls: () => [toCandidate("https://acme.awsapps.com/start")],
  listAccounts: () => [{ accountId: "000000000042", accountName: "a b", emailAddress: undefined }],
  listRoles: () => NAMES.map((name) => toCandidate(name)),
  listAccountsInSessions: () => [
    { session: "corp", accountId: "000000000042", accountName: "acme", roleNames: ["Admin"] },
  ],
};

function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(CHECKOUT, "oclif.manifest.json"), "utf8")) as Manifest;
}

const typedWords = fc.array(
  fc.oneof(
    fc.constantFrom(
      "profiles",
      "sync",
      "exec",
      "use",
      "--",
      "--profile",
      "--profile=",
      "--account-id",
      "-",
      "--json",
      "settings",
      "",
      "acme/",
      "constructor",
      "__proto__",
    ),
    arbitraryText(4),
  ),
  { maxLength: 5 },
);

let manifest: Manifest | undefined;

const completionWords = createTarget({
  name: "completion-words",
  values: fc.tuple(typedWords, arbitraryText(), fc.constantFrom(" \t\n\"'@><=;|&(:", "", "$@:=")),
  check([words, line, breaks]) {
    manifest ??= readManifest();
    for (const { value, description } of findCompletions(manifest, words, source))
      ensure(!/[\0\n\r\t\u001b]/.test(value + description), "a candidate with more than one line");
    const parsed = parseBashLine(line, breaks);
    ensure(parsed.words.length > 0, "no word at the cursor");
    formatBashReply(line, parsed);
  },
});

/** Checks how bash reads a line that Tab has completed. */
const completionReplies = createTarget({
  name: "completion-replies",
  values: fc.array(fc.tuple(wholeTexts, fc.constantFrom("", "'", '"')), {
    minLength: 1,
    maxLength: 30,
  }),
  check(values) {
    const finished = values
      .filter(([value]) => value !== "" && !/[\n\r]/.test(value))
      .flatMap(([value, quote]) => {
        const typed = `latchkey use ${quote}`;
        const reply = formatBashReply(value, parseBashLine(typed, " \t\n\"'@><=;|&(:"));
        return reply === undefined ? [] : [{ value, line: `${typed}${reply}${quote}` }];
      });
    for (const { value, line } of finished)
      expectSame(parseBashLine(line, "").words, ["latchkey", "use", value], "latchkey's reader");
    if (!hasShell) return;
    const script = finished.map(({ line }) => line.replace(/^latchkey use/, `printf '%s\\0'`));
    expectSame(
      runShell("bash", script.join("\n")),
      finished.map(({ value }) => value),
      "bash",
    );
  },
});

export const WORD_TARGETS = [
  shellWords,
  shellSplitter,
  processLine,
  completionWords,
  completionReplies,
];
