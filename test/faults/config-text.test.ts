import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createHome, PROGRAM, SESSION_CONFIG, type Home } from "../support/home.ts";
import { PYTHON, requireParts } from "../support/interop-parts.ts";
import { CONFIGURE, runWith, startCommand } from "./support/child.ts";
import { nodeRow, row } from "./support/row.ts";
import { patience } from "../support/patience.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/** The config as text, as people, editors and other tools write it. */

async function editConfig(
  before: string | Buffer,
): Promise<{ home: Home; exitCode: number; stderr: string; after: Buffer }> {
  const home = await createHome();
  const file = home.write(".aws/config", "");
  writeFileSync(file, before);
  const { exitCode, stderr } = await home.run(CONFIGURE);
  return { home, exitCode, stderr, after: readFileSync(file) };
}

row(
  66,
  "a file with CRLF lines gets CRLF lines, a mixed file those of its majority; every other byte stays",
  async () => {
    for (const [before, end] of [
      ["# mine\r\n[default]\r\nregion=eu-west-9\r\n", "\r\n"],
      ["[default]\r\nregion = a\r\noutput = json\ncli_pager =\r\n", "\r\n"],
      ["[default]\nregion = a\r\noutput = json\ncli_pager =\n", "\n"],
    ] as const) {
      const { exitCode, stderr, after } = await editConfig(before);
      expect(exitCode, stderr).toBe(0);
      expect(after.toString("latin1")).toBe(`${before}${SESSION_CONFIG.replaceAll("\n", end)}`);
    }
  },
);

row(67, "a byte order mark stays, and the section behind it is still found", async () => {
  const before = Buffer.from("\ufeff[profile okta]\nregion = eu-west-9\n", "utf8");
  const { exitCode, stderr, after } = await editConfig(before);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("byte order mark");
  expect(after.subarray(0, 3)).toEqual(before.subarray(0, 3));
  expect(after.toString("utf8").match(/^\ufeff?\[profile okta\]$/gm)).toHaveLength(1);
  expect(after.toString("utf8")).toContain("region = eu-west-1\n");
});

row(68, "bytes that are not UTF-8 stay unchanged", async () => {
  const before = Buffer.from("# caf\u00e9 \u00ff\n[default]\nregion = x\n", "latin1");
  const { exitCode, stderr, after } = await editConfig(before);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("UTF-8");
  expect(after.subarray(0, before.length)).toEqual(before);
  expect(after.subarray(before.length).toString("utf8")).toBe(SESSION_CONFIG);
});

row(
  69,
  "after a last line without a line end, comments only or nothing, new text begins on its own line",
  async () => {
    for (const [before, between] of [
      ["[default]\nregion = x", "\n"],
      ["# only words\n; and these\n", ""],
      ["", ""],
    ] as const) {
      const { exitCode, stderr, after } = await editConfig(before);
      expect(exitCode, stderr).toBe(0);
      expect(after.toString("utf8")).toBe(`${before}${between}${SESSION_CONFIG}`);
    }
  },
);

row(69, "a NUL in the file exits 7 and names its line", async () => {
  const before = "[default]\nregion = x\0y\n";
  const { exitCode, stderr, after } = await editConfig(before);
  expect(exitCode, stderr).toBe(7);
  expect(stderr).toMatch(/line 2\b/);
  expect(after.toString("utf8")).toBe(before);
});

for (const [what, before, line] of [
  [
    "our section twice",
    "[profile okta]\nregion = a\n[default]\nregion = b\n[profile okta]\noutput = text\n",
    5,
  ],
  [
    "the same section twice, quoted the second time",
    "[profile okta]\nregion = a\n[profile 'okta']\noutput = text\n",
    3,
  ],
  ["a key of ours twice", "[profile okta]\nregion = a\nregion = b\n", 3],
] as const) {
  row(70, `${what} is refused with its lines, and never merged`, async () => {
    const { exitCode, stderr, after } = await editConfig(before);
    expect(exitCode, stderr).toBe(7);
    expect(stderr).toMatch(new RegExp(`lines? [^.]*${line}`));
    expect(after.toString("utf8")).toBe(before);
  });
}

row(
  70,
  "names with blanks, tabs, nested blocks and trailing comments stay, and a nested key is not edited",
  async () => {
    const before =
      '[profile "a b"]\nregion = x ; not a comment\n[profile\tokta]\ns3 =\n\tregion = nested\n\tmax_concurrent_requests = 20\noutput = text\n';
    const { home, exitCode, stderr, after } = await editConfig(before);
    expect(exitCode, stderr).toBe(0);
    const text = after.toString("utf8");
    expect(
      text.startsWith(
        '[profile "a b"]\nregion = x ; not a comment\n[profile\tokta]\ns3 =\n\tregion = nested\n\tmax_concurrent_requests = 20\n',
      ),
    ).toBe(true);
    expect(text).toMatch(/^region = eu-west-1$/m);
    expect(readByBoto3(home, "okta")).toEqual({
      region: "eu-west-1",
      sso_account_id: "100000000001",
      s3: { region: "nested", max_concurrent_requests: "20" },
    });
  },
);

for (const before of [
  '[profile "okta"]\nregion = a\n',
  "[profile 'okta'] ; mine\noutput = text # why\n",
  "[profile okta]\ns3 =\n    region = inner\n\n    x = y\n",
  "[profile other]\na = 1\na = 2\n",
  "[default]\na = 1\n[default]\na = 2\n",
]) {
  row(
    70,
    `${JSON.stringify(before)} is edited around: its other lines stay, and the profile is there once`,
    async () => {
      const { exitCode, stderr, after } = await editConfig(before);
      expect(exitCode, stderr).toBe(0);
      const lines = after.toString("utf8").split("\n");
      for (const line of before
        .split("\n")
        .filter((one) => !one.startsWith("region") && !one.startsWith("output")))
        expect(lines).toContain(line);
      expect(lines.filter((line) => /^\[profile .?okta/.test(line))).toHaveLength(1);
    },
  );
}

/** Reads the profile with botocore, so that the result does not depend on latchkey's own parser. */
function readByBoto3(home: Home, profile: string): unknown {
  const script =
    "import json,sys,botocore.session as s\np=s.Session(profile=sys.argv[1]).get_scoped_config()\nprint(json.dumps({k:p[k] for k in ('region','sso_account_id','s3')}))";
  requireParts(PYTHON);
  return JSON.parse(
    execFileSync(PYTHON, ["-c", script, profile], {
      env: { HOME: home.path, PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    }),
  ) as unknown;
}

nodeRow(
  71,
  "ten megabytes with ten thousand profiles are read and edited in seconds and under 300 MB",
  "its memory is measured through NODE_OPTIONS",
  async () => {
    const home = await createHome();
    const padding = `# ${"x".repeat(950)}\n`;
    const profiles = Array.from(
      { length: 10_000 },
      (_, index) =>
        `[profile p${index}]\nsso_session = corp\nsso_account_id = ${String(300_000_000_000 + index)}\nsso_role_name = ViewOnlyAccess\nregion = eu-west-1\n${padding}`,
    );
    const before = `${profiles.join("")}${SESSION_CONFIG.slice(SESSION_CONFIG.indexOf("[sso-session"))}`;
    expect(before.length).toBeGreaterThan(9_000_000);
    home.write(".aws/config", before);
    const note = home.write(
      "note-memory.cjs",
      'process.on("exit", () => require("node:fs").appendFileSync(process.env.HOME + "/memory", `${process.resourceUsage().maxRSS}\\n`));',
    );
    const env = { NODE_OPTIONS: `--require ${note}` };
    const listed = await runWith(home, ["profiles", "--json"], { env });
    expect(listed, listed.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(listed.stdout)).toHaveLength(10_000);
    const written = await runWith(home, CONFIGURE, { env });
    expect(written, written.stderr).toMatchObject({ exitCode: 0 });
    expect(home.read(".aws/config").startsWith(profiles.join(""))).toBe(true);
    expect(home.read(".aws/config")).toContain("[profile okta]");
    const used = home.read("memory").trim().split("\n").map(Number);
    expect(used).toHaveLength(2);
    for (const kilobytes of used) expect(kilobytes).toBeLessThan(300 * 1024);
    for (const { milliseconds } of [listed, written])
      expect(milliseconds).toBeLessThan(patience(10_000));
  },
);

row(
  72,
  "a directory, a FIFO or a device in the config's place exits 7 and never hangs",
  async () => {
    leaveOutOnWindows("FIFOs and devices");
    for (const plant of [
      (path: string) => mkdirSync(path),
      (path: string) => execFileSync("mkfifo", [path]),
      (path: string) => execFileSync("mknod", [path, "c", "1", "3"]),
    ]) {
      const home = await createHome();
      mkdirSync(join(home.path, ".aws"));
      const path = join(home.path, ".aws/config");
      plant(path);
      for (const argv of [CONFIGURE, ["status"], ["credential-process", "--profile", "okta"]]) {
        const result = await startCommand(home, ["timeout", "20", ...PROGRAM, ...argv]).ended;
        expect(result, result.stderr).toMatchObject({ exitCode: 7, stdout: "" });
        expect(result.stderr).toContain(path);
      }
    }
    const home = await createHome();
    expect(await home.run(CONFIGURE, { env: { AWS_CONFIG_FILE: "/dev/null" } })).toMatchObject({
      exitCode: 7,
      stdout: "",
    });
  },
);

for (const [what, config, words] of [
  [
    "a session that does not exist",
    SESSION_CONFIG.replace("[sso-session corp]", "[sso-session crop]"),
    ["corp", "line 2"],
  ],
  [
    "no start URL",
    SESSION_CONFIG.replace(/sso_start_url.*\n/, ""),
    ["sso_start_url", "sso-session corp", "line 7"],
  ],
  [
    "no region",
    SESSION_CONFIG.replace(/sso_region.*\n/, ""),
    ["sso_region", "sso-session corp", "line 7"],
  ],
  [
    "an invalid region",
    SESSION_CONFIG.replace("us-east-1", "x.evil.com/"),
    ["sso_region", "line 9"],
  ],
  [
    "a region that is a path",
    SESSION_CONFIG.replace("us-east-1", "../up"),
    ["sso_region", "line 9"],
  ],
  [
    "a start URL without TLS",
    SESSION_CONFIG.replace("https://", "http://"),
    ["sso_start_url", "line 8"],
  ],
  [
    "an invalid start URL",
    SESSION_CONFIG.replace("https://emu.awsapps.com/start", "file:///etc/passwd"),
    ["sso_start_url", "line 8"],
  ],
] as const) {
  row(
    73,
    `a config with ${what} exits 7, names file, section and line, and sends no request`,
    async () => {
      const home = await createHome();
      const file = home.write(".aws/config", config);
      for (const argv of [
        ["credential-process", "--profile", "okta"],
        ["login", "--profile", "okta", "--no-browser"],
      ]) {
        const result = await home.run(argv);
        expect(result, argv.join(" ")).toMatchObject({ exitCode: 7, stdout: "" });
        for (const word of [file, ...words]) expect(result.stderr).toContain(word);
      }
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );
}
