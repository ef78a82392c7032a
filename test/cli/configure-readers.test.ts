import { describe, expect, test } from "vitest";
import { createHome } from "../support/home.ts";

/** What `configure` reports about clients that can't read the file that it writes to. */

async function configure(config: string, ...flags: readonly string[]) {
  const home = await createHome();
  home.write(".aws/config", config);
  const result = await home.run([
    ...["configure", "--profile", "a", "--sso-session", "corp"],
    ...["--start-url", "https://emu.awsapps.com/start", "--sso-region", "us-east-1"],
    ...["--account-id", "100000000001", "--role-name", "Admin", "--yes"],
    ...flags,
  ]);
  return { ...result, config: home.read(".aws/config") };
}

describe("latchkey configure and the clients that read the file", () => {
  test("names the clients that can't read the file, with the line, and writes", async () => {
    const { exitCode, stderr, stdout, config } = await configure("[default]\n  region=us-east-1\n");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toMatch(
      /Java and Rust can't read .*config: the first key of a section is indented in line 2\. It is left as it is\./,
    );
    expect(stdout + stderr).toContain("Try it:  aws sts get-caller-identity --profile a");
    expect(config).toMatch(
      /^\[default\]\n {2}region=us-east-1\n\[profile a\]\nsso_session = corp\n/,
    );
  });

  test("names the right line of a block that the AWS CLI can't read, and suggests no AWS CLI command", async () => {
    const { exitCode, stderr, stdout } = await configure(
      "[default]\ns3 =\n  addressing_style = path\n\n  oops\n",
    );
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /the AWS CLI, Java, Rust and \.NET can't read .*config: a nested line without = in line 5/,
    );
    expect(stdout + stderr).toContain("Try it:  latchkey whoami a");
    expect(stdout + stderr).not.toContain("aws sts");
  });

  test.each([
    ["{{ if .work }}\n[default]\nregion = x\n{{ end }}\n", /template \(\{\{ … \}\} in line 1\)/],
    ["[default]\nregion = {{ .region }}\n", /template \(\{\{ … \}\} in line 2\)/],
    ["{% if work %}\n[default]\nregion = x\n{% endif %}\n", /template \(\{% … %\} in line 1\)/],
    ["[default]\nregion = <%= region %>\n", /template \(<% … %> in line 2\)/],
  ])("refuses a template, whatever its first line is: %j", async (text, message) => {
    const { exitCode, stderr, config } = await configure(text);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(message);
    expect(stderr).toContain("--force");
    expect(config).toBe(text);
  });

  test("refuses an edit after which Java and Rust could no longer read the file", async () => {
    const text = "[profile a]\ncredential_process = /bin/cat\n  # from the wiki\nregion = x\n";
    const { exitCode, stderr, config } = await configure(text, "--force");
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/Java and Rust could no longer read line 2 .*indented/);
    expect(config).toBe(text);
  });
});
