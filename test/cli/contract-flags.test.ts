import { describe, expect, test } from "vitest";
import { createHome } from "../support/home.ts";

describe("commands that do not exist", () => {
  test.each([
    [["sso"], /"sso" is not a complete command.*latchkey sso login/s],
    [["sso", "--help"], /"sso" is not a complete command.*latchkey sso list-accounts/s],
    [["sso", "logi"], /latchkey sso login/],
    [["lgin"], /There is no command "lgin".*latchkey login/s],
    [["accounst", "--help"], /latchkey accounts/],
    [["nothing-like-it"], /latchkey --help/],
  ])("latchkey %j is answered by latchkey's own error", async (argv, words) => {
    const home = await createHome();
    const plain = await home.run(argv);
    expect(plain).toMatchObject({ exitCode: 2, stdout: "" });
    expect(plain.stderr).toMatch(words);
    expect(plain.stderr.split("\n")).toHaveLength(3);
    expect(plain.stderr).not.toMatch(/sso:|configure:/);
    const json = await home.run([...argv, "--json"]);
    expect(json).toMatchObject({ exitCode: 2, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { code: "USAGE", message: expect.any(String), hint: expect.any(String) },
    });
  });

  test("an unknown flag and a stray argument exit 2 in two lines", { tags: ["long"] }, async () => {
    const home = await createHome();
    for (const argv of [
      ["accounts", "--nope"],
      ["roles", "one", "stray"],
      ["configure", "--form", "odd"],
      ["accounts", "--csv", "--json"],
    ]) {
      const result = await home.run(argv);
      expect(result.exitCode, argv.join(" ")).toBe(2);
      if (!argv.includes("--json"))
        expect(result.stderr).toMatch(/^latchkey: error: .+\nlatchkey: hint: .+\n$/);
    }
  });

  test("--help and --version go through stdout and exit 0", { tags: ["long"] }, async () => {
    const home = await createHome();
    for (const argv of [
      ["--help"],
      ["login", "--help"],
      ["configure", "sso", "--help"],
      ["help"],
    ]) {
      const result = await home.run(argv);
      expect(result, argv.join(" ")).toMatchObject({ exitCode: 0, stderr: "" });
      expect(result.stdout).toContain("USAGE");
    }
    const version = (await home.run(["--version"])).stdout;
    expect(version).toMatch(/^latchkey\/\d+\.\d+\.\d+ /);
    expect((await home.run(["--no-color", "--version"])).stdout).toBe(version);
    expect((await home.run(["--help"])).stdout).toContain(`\n  ${version}`);
  });
});
