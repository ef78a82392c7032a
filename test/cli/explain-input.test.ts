import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ENDED, explainJson, inOkta, NO_ACCESS, NO_REFRESH, NO_TOKEN } from "../support/explain.ts";
import { createHome, createSignedInHome, SESSION_CONFIG } from "../support/home.ts";
import { CTRL_C, CTRL_D, ENTER, ESCAPE, startSession } from "../support/pty.ts";

describe("no questions, and nothing stored", () => {
  test("--offline makes no request and runs no program", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    home.write(
      ".aws/config",
      `${SESSION_CONFIG}\n[profile own]\ncredential_process = sh -c 'echo ran > ${home.path}/ran'\n`,
    );
    home.emulator.journal.clear();
    for (const text of [
      NO_TOKEN,
      NO_REFRESH,
      ENDED,
      NO_ACCESS,
      "unknown words",
      "Unable to locate credentials",
    ])
      await home.run(["explain", "--offline", text], inOkta);
    await home.run(
      [
        "explain",
        "--offline",
        "--profile",
        "own",
        "Error when retrieving credentials from custom-process: no",
      ],
      inOkta,
    );
    expect(home.emulator.journal.entries()).toEqual([]);
    expect(home.exists("ran")).toBe(false);
    expect(await explainJson(home, ENDED, ["--offline"])).toMatchObject({ here: "unknown" });
    expect(await explainJson(home, NO_TOKEN, ["--offline"])).toMatchObject({ here: "no" });
  });

  test("no file contains a word of the pasted text", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const marked = "Unable to locate credentials. word-of-the-pasted-text";
    await home.run(["explain"], { ...inOkta, input: marked });
    await home.run(["explain", `${NO_TOKEN} word-of-the-pasted-text`], inOkta);
    expect(listTexts(home.path).filter((text) => text.includes("word-of-the-pasted-text"))).toEqual(
      [],
    );
  });
});

function listTexts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"));
}

describe("the input", () => {
  test(
    "words, quoted or not, and stdin give the same answer; at most twelve lines, and the fix is the last",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const quoted = await home.run(["explain", NO_TOKEN], inOkta);
      expect(quoted).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await home.run(["explain", ...NO_TOKEN.split(" ")], inOkta)).toEqual(quoted);
      expect(await home.run(["explain"], { ...inOkta, input: `some log\n${NO_TOKEN}\n` })).toEqual(
        quoted,
      );
      const lines = quoted.stdout.trimEnd().split("\n");
      expect(lines.length).toBeLessThanOrEqual(12);
      expect(lines[0]).toBe("AWS CLI: you are not signed in.");
      expect(lines.at(-1)).toBe("→ Run the command again.");
    },
  );

  test("empty input in any form exits 2", { tags: ["long"] }, async () => {
    const home = await createHome();
    for (const input of ["", " \n\t\n"])
      expect(await home.run(["explain"], { input })).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("There is no text to explain."),
      });
    expect((await home.run(["explain", ""])).exitCode).toBe(2);
  });

  test.each([
    [
      "binary",
      Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)).toString(
        "latin1",
      ),
    ],
    ["a megabyte of one line", "x".repeat(1_000_000)],
    ["a megabyte of lines", "Refreshing state... [id=vpc-0a1b2c3d]\n".repeat(27_000)],
    ["control characters", "\u001b[2J\u001b]0;title\u0007\u0000\u0008\u009b31m"],
    ["another language", "エラー: 資格情報が見つかりません。 Fehler: Zugriff verweigert"],
    ["half of an escape, many times", "\u001b]".repeat(100_000)],
  ])(
    "%s is not known: exit 3, and its control characters are not printed",
    { tags: ["long"] },
    async (_, input) => {
      const home = await createSignedInHome();
      const result = await home.run(["explain", "--offline"], { ...inOkta, input });
      expect(result).toMatchObject({ exitCode: 3, stderr: "" });
      expect(result.stdout).toMatch(/^latchkey does not recognise this message\.\n/);
      expect(result.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      expect(result.stdout.split("\n").length).toBeLessThanOrEqual(13);
    },
  );

  test("names are found also in an unknown text", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const text =
      "boom at arn:aws:iam::111122223333:role/Deploy in eu-west-1: HTTP status 418, Request ID: 0a1b2c3d-1111-2222-3333-444455556666";
    expect(await explainJson(home, text, ["--offline"])).toMatchObject({
      exitCode: 3,
      client: null,
      cause: null,
      here: "unknown",
      names: {
        account: "111122223333",
        role: "Deploy",
        region: "eu-west-1",
        status: 418,
        requestId: "0a1b2c3d-1111-2222-3333-444455556666",
        arn: "arn:aws:iam::111122223333:role/Deploy",
      },
    });
  });

  test(
    "a profile named in the text is used only if this machine has it",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      for (const [name, shown] of [
        ["ghost", "okta"],
        ["okta", "okta"],
      ]) {
        const { stdout } = await home.run(
          ["explain", "--offline", `something odd with --profile ${name}`],
          inOkta,
        );
        expect(stdout).toContain(`the profile ${shown}`);
      }
    },
  );

  test("secrets in the text are masked in all output", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const secrets = [
      "AKIAIOSFODNN7EXAMPLE",
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
      "X-Amz-Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
      "hunter2secret",
    ];
    const text = `The config profile (${secrets[0]}) could not be found
profile "${secrets[2]}" role/${secrets[1]} https://dev:hunter2secret@b.s3.amazonaws.com/x?${secrets[3]}
request id: ${secrets[0]} region ${secrets[1]} sso-session ${secrets[2]}`;
    for (const argv of [[], ["--json"]])
      for (const input of [text, text.replace("could not be found", "is odd")]) {
        const { stdout, stderr } = await home.run(["explain", "--offline", ...argv], { input });
        for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
      }
  });

  test("the last one of several errors in a log is explained", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const text = `${NO_TOKEN}\n${"step done\n".repeat(40)}The config profile (okto) could not be found\n`;
    expect(await explainJson(home, text, ["--offline"])).toMatchObject({
      cause: "profile-missing",
    });
    const turned = `The config profile (okto) could not be found\n${"step done\n".repeat(40)}${NO_TOKEN}\n`;
    expect(await explainJson(home, turned, ["--offline"])).toMatchObject({
      cause: "token-missing",
    });
  });
});

describe("at a terminal", () => {
  test("a paste with an empty line inside is read completely, and an empty line after it ends it", async () => {
    const home = await createSignedInHome();
    const session = startSession(home, ["explain", "--offline"], 80, { AWS_PROFILE: "okta" });
    await session.see("An empty line or Ctrl-D ends it.");
    session.type(`\u001b[200~Initializing${ENTER}${ENTER}${NO_TOKEN}${ENTER}\u001b[201~`);
    await session.see("does not exist");
    session.type(ENTER);
    await session.see("you are not signed in");
    expect(await session.ended).toBe(0);
  });

  test("without bracketed paste, an empty line ends the input only if nothing follows it", async () => {
    const home = await createSignedInHome();
    const session = startSession(home, ["explain", "--offline"], 80, { AWS_PROFILE: "okta" });
    await session.see("An empty line or Ctrl-D ends it.");
    session.type(`Initializing${ENTER}${ENTER}${NO_TOKEN}${ENTER}${ENTER}`);
    await session.see("you are not signed in");
    expect(await session.ended).toBe(0);
  });

  test.each([
    ["Ctrl-D ends it", `${NO_TOKEN}${CTRL_D}`, 0],
    ["Ctrl-C cancels it", `${NO_TOKEN}${CTRL_C}`, 130],
    ["Esc cancels it", ESCAPE, 130],
    ["Ctrl-D at once is no text", CTRL_D, 2],
  ])("%s", { tags: ["long"] }, async (_, keys, exitCode) => {
    const home = await createSignedInHome();
    const session = startSession(home, ["explain", "--offline"], 80, { AWS_PROFILE: "okta" });
    await session.see("An empty line or Ctrl-D ends it.");
    session.type(keys);
    expect(await session.ended).toBe(exitCode);
  });
});
