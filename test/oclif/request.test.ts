import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { ProgramConfig, type Package } from "../../src/oclif/config.ts";
import { readRequest } from "../../src/oclif/request.ts";
import { findSynonym, listSynonyms } from "../../src/oclif/synonyms.ts";
import { listOwnWords } from "../../src/text/exec-words.ts";
import { describeUnknown } from "../../src/oclif/unknown-words.ts";

const root = resolve(import.meta.dirname, "..", "..");
const readJson = (file: string): unknown => JSON.parse(readFileSync(resolve(root, file), "utf8"));
const known = new ProgramConfig({
  packageJson: readJson("package.json") as Package["packageJson"],
  manifest: readJson("oclif.manifest.json") as Package["manifest"],
  root,
});

const read = (line: string) => readRequest(line.split(" ").filter(Boolean), known);

describe("the request of a command line", () => {
  test.each([
    ["", { kind: "overview", json: false, isPlain: false }],
    ["--json", { kind: "overview", json: true, isPlain: false }],
    ["--debug --json", { kind: "overview", json: true, isPlain: false }],
    ["-h", { kind: "help", id: undefined }],
    ["--help --json", { kind: "help", id: undefined }],
    ["help", { kind: "help", id: undefined }],
    ["help ls", { kind: "help", id: "profiles" }],
    ["help sso login", { kind: "help", id: "sso:login" }],
    ["help federation", { kind: "help", id: "federation" }],
    ["help demo foo", { kind: "help", id: "demo" }],
    ["federation", { kind: "help", id: "federation" }],
    ["federation -h", { kind: "help", id: "federation" }],
    ["federation --json", { kind: "group", id: "federation" }],
    ["profiles sync -h", { kind: "help", id: "profiles:sync" }],
    ["profiles sync --prune -h", { kind: "help", id: "profiles:sync" }],
    ["populate --help", { kind: "help", id: "populate" }],
    ["exec okta -- ls -h", { kind: "run", id: "exec", words: ["okta", "--", "ls", "-h"] }],
    ["run okta -- ls -h", { kind: "run", id: "exec", words: ["okta", "--", "ls", "-h"] }],
    ["exec -h -- ls", { kind: "help", id: "exec" }],
    ["login okta", { kind: "run", id: "login", words: ["okta"] }],
    ["federation:policy access", { kind: "run", id: "federation:policy", words: ["access"] }],
    ["demo foo", { kind: "run", id: "demo", words: ["foo"] }],
    ["--profile okta whoami", { kind: "run", id: "whoami", words: ["--profile", "okta"] }],
    ["--profile=okta whoami", { kind: "run", id: "whoami", words: ["--profile=okta"] }],
    ["-p okta --json whoami", { kind: "run", id: "whoami", words: ["-p", "okta", "--json"] }],
    [
      "--profile okta sts get-caller-identity",
      { kind: "run", id: "sts:get-caller-identity", words: ["--profile", "okta"] },
    ],
    ["ls --json", { kind: "run", id: "profiles", words: ["--json"] }],
    ["profiles ls", { kind: "run", id: "profiles:ls", words: [] }],
    ["sync --dry-run", { kind: "run", id: "profiles:sync", words: ["--dry-run"] }],
    ["env okta", { kind: "run", id: "export", words: ["--format", "env", "okta"] }],
    ["env okta --format fish", { kind: "run", id: "export", words: ["okta", "--format", "fish"] }],
    ["env --json", { kind: "run", id: "export", words: ["--json"] }],
    ["settings set time 12h", { kind: "run", id: "settings", words: ["time", "12h"] }],
    ["settings unset browser", { kind: "run", id: "settings", words: ["--unset", "browser"] }],
    ["configure profile dev", { kind: "run", id: "configure", words: ["dev"] }],
    ["configure dev", { kind: "run", id: "configure", words: ["dev"] }],
  ])("latchkey %s", (line, request) => {
    expect(read(line)).toEqual(request);
  });
});

describe("words that name no command", () => {
  test.each([
    ["profles sync --dry-run", "profiles sync --dry-run"],
    ["lgin okta", "login okta"],
    ["accounst", "accounts"],
    ["sso logi --qr", "sso login --qr"],
    ["lsit", "profiles"],
    ["swich okta", "use okta"],
    ["whomai --json", "whoami --json"],
    ["federation polcy access", "federation policy access"],
    ["configure list", "whoami"],
    ["rotate", "login"],
    ["flush --all", "logout --all"],
    ["time", "status"],
  ])("latchkey %s: latchkey %s is meant", (line, meant) => {
    const request = read(line);
    if (request.kind !== "unknown") throw new Error(`${line} is ${request.kind}`);
    const { words, error } = describeUnknown(request, known);
    expect(words?.join(" ")).toBe(meant);
    expect(error).toMatchObject({ code: "USAGE", hint: expect.stringContaining("latchkey ") });
  });

  test.each([
    ["sso", '"sso" is not a complete command.', /^There are: .*latchkey sso login/],
    ["federation foo", 'There is no command "federation foo".', /latchkey federation check/],
    ["zzz-zzz okta", 'There is no command "zzz-zzz".', /latchkey --help/],
    ["--nope", "latchkey has no flag --nope.", /latchkey --help/],
  ])("latchkey %s offers nothing", (line, message, hint) => {
    const request = read(line);
    if (request.kind !== "unknown") throw new Error(`${line} is ${request.kind}`);
    const { words, error } = describeUnknown(request, known);
    expect(words).toBeUndefined();
    expect(error.message).toBe(message);
    expect(error.hint).toMatch(hint);
  });
});

test("every synonym of exec separates latchkey's words from the command's", () => {
  const isExec = (typed: string): boolean => {
    const { synonym } = findSynonym([typed]) ?? {};
    return synonym?.kind === "run" && synonym.words[0] === "exec";
  };
  const names = ["exec", ...listSynonyms().filter(isExec)];
  expect(names.length).toBeGreaterThan(1);
  for (const name of names)
    expect(listOwnWords([name, "okta", "aws", "--json"], {}), name).toEqual(["exec", "okta"]);
});

test("every synonym refers to an existing command, and none hides a command's own name", () => {
  for (const typed of listSynonyms()) {
    const { synonym } = findSynonym(typed.split(" ")) ?? {};
    if (synonym?.words !== undefined)
      expect(readRequest(synonym.words, known).kind, typed).toBe("run");
    expect(known.findCommand(typed.replaceAll(" ", ":")), typed).toBeUndefined();
    if (synonym?.kind === "name") expect(synonym.hint, typed).toMatch(/latchkey [a-z]/);
  }
});
