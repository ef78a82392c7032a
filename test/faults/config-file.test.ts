import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { expectInvariant, snapshot } from "./support/invariant.ts";
import { inNamespace } from "./support/injection.ts";
import { row } from "./support/row.ts";

const configure = (profile: string): string[] => ["configure", "--profile", profile, "--sso-session", "corp", "--start-url", "https://emu.awsapps.com/start", "--sso-region", "us-east-1", "--account-id", "100000000001", "--role-name", "ViewOnlyAccess", "--yes"];
const section = (profile: string): string => `[profile ${profile}]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\n`;

async function homeWith(text: string | Buffer | undefined, mode = 0o600): Promise<Home> {
  const home = await createHome();
  if (text === undefined) return home;
  home.write(".aws/config", "");
  writeFileSync(join(home.path, ".aws/config"), text);
  chmodSync(join(home.path, ".aws/config"), mode);
  return home;
}

const bytes = (home: Home): Buffer => readFileSync(join(home.path, ".aws/config"));

/** Every line that stood there before stands there still, in its order, to the byte. */
function expectKept(before: Buffer, after: Buffer): void {
  const rest = after.toString("latin1").split("\n");
  for (const line of before.toString("latin1").split("\n")) {
    const at = rest.indexOf(line);
    expect(at, line).not.toBe(-1);
    rest.splice(0, at + 1);
  }
}

describe("the config file", () => {
  row(61, "twenty edits at once beside another program's: none is lost", async () => {
    const home = await homeWith(SESSION_CONFIG);
    const path = join(home.path, ".aws/config");
    const other = spawn("bash", ["-c", 'for i in $(seq 1 40); do printf "# note %s\\n" "$i" >> "$1"; sleep 0.05; done', "sh", path], { stdio: "ignore" });
    const ended = new Promise((resolve) => other.once("close", resolve));
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => home.run(configure(`p${index}`))));
    await ended;
    const text = home.read(".aws/config");
    const done = results.filter(({ exitCode }) => exitCode === 0).length;
    expect(results.every(({ exitCode }) => exitCode === 0 || exitCode === 8)).toBe(true);
    expect(text.match(/^\[profile p\d+\]$/gm)?.length).toBe(done);
    expect(done).toBeGreaterThanOrEqual(18);
    expect(text.startsWith(SESSION_CONFIG)).toBe(true);
    expect((text.match(/^# note \d+$/gm) ?? []).length).toBeGreaterThanOrEqual(38);
  }, 90_000);

  row(62, "a link, relative, absolute and a chain into a repository: links stay, the target changes in its own directory", async () => {
    const home = await homeWith(undefined);
    mkdirSync(join(home.path, ".aws"));
    home.write("repo/aws/real", "# mine\n", 0o644);
    symlinkSync("../repo/aws/real", join(home.path, "repo/link"));
    rmSync(join(home.path, "repo/link"));
    symlinkSync("aws/real", join(home.path, "repo/link"));
    symlinkSync(join(home.path, "repo/link"), join(home.path, ".aws/config"));
    expect(await home.run(configure("p"))).toMatchObject({ exitCode: 0 });
    expect([".aws/config", "repo/link"].every((path) => lstatSync(join(home.path, path)).isSymbolicLink())).toBe(true);
    expect(home.read("repo/aws/real")).toMatch(/^# mine\n\[profile p\]/);
    expect(statSync(join(home.path, "repo/aws/real")).mode & 0o777).toBe(0o644);
    expect(home.list("repo/aws")).toEqual(["real"]);
  });

  row(63, "a dangling link's target is made, one without a directory and one that is a loop: exit 7 or 8, at once", async () => {
    const home = await homeWith(undefined);
    mkdirSync(join(home.path, ".aws"));
    symlinkSync(join(home.path, "target"), join(home.path, ".aws/config"));
    expect(await home.run(configure("p"))).toMatchObject({ exitCode: 0 });
    expect(home.read("target")).toContain("[profile p]");
    rmSync(join(home.path, ".aws/config"));
    symlinkSync("config", join(home.path, ".aws/config"));
    expect(await home.run(configure("p"))).toMatchObject({ exitCode: 7, stderr: expect.stringContaining("leads back to itself") });
  });

  row(64, "a hard link and a bind mount: written in place with a backup, and said", async () => {
    const home = await homeWith("# mine\n");
    linkSync(join(home.path, ".aws/config"), join(home.path, "twin"));
    expect(await home.run(configure("p"))).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("written in place") });
    expect(home.read("twin")).toContain("[profile p]");
    const mounted = await homeWith("# here\n");
    mounted.write("outside", "# outside\n");
    const result = await inNamespace(mounted, 'mount --bind "$HOME/outside" "$HOME/.aws/config" && "$@"', configure("p"));
    expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("written in place") });
    expect(mounted.read("outside")).toMatch(/^# outside\n\[profile p\]/);
    expect(mounted.read(".aws/config")).toBe("# here\n");
    expect(mounted.list(".aws/latchkey/backups")).toHaveLength(1);
  });

  row(65, "a mode of its own stays", async () => {
    for (const mode of [0o640, 0o644, 0o400]) {
      const home = await homeWith("# mine\n", mode);
      expect(await home.run(configure("p"))).toMatchObject({ exitCode: 0 });
      expect(statSync(join(home.path, ".aws/config")).mode & 0o777).toBe(mode);
    }
  });

  const documents: ReadonlyArray<readonly [number, string, Buffer]> = [
    [66, "CRLF, and mixed line ends", Buffer.from("# a\r\n[default]\r\nregion = x\r\n[profile b]\nregion = y\r\n")],
    [67, "a byte order mark", Buffer.from("\u{feff}[default]\nregion = x\n")],
    [68, "bytes that are not UTF-8", Buffer.from([0x23, 0x20, 0xe9, 0x0a, ...Buffer.from("[default]\nregion = x\n")])],
    [69, "no final newline", Buffer.from("[default]\nregion = x")],
    [69, "only comments", Buffer.from("# one\n; two\n")],
    [69, "nothing at all", Buffer.alloc(0)],
  ];
  for (const [number, what, before] of documents) {
    row(number, `${what}: every byte outside the new section stays`, async () => {
      const home = await homeWith(before);
      const saved = snapshot(home);
      const result = await home.run(configure("p"));
      expect(result.exitCode, result.stderr).toBe(0);
      const after = bytes(home);
      expect(after.subarray(0, before.length).equals(before)).toBe(true);
      const lineBreak = what.startsWith("CRLF") ? "\r\n" : "\n";
      expect(after.subarray(before.length).toString()).toContain(section("p").replaceAll("\n", lineBreak));
      expectInvariant(home, saved, result);
    });
  }

  row(69, "a NUL byte: exit 7, untouched", async () => {
    const before = Buffer.from("[default]\nregion = x\u0000y\n");
    const home = await homeWith(before);
    expect(await home.run(configure("p"))).toMatchObject({ exitCode: 7, stderr: expect.stringContaining("NUL") });
    expect(bytes(home).equals(before)).toBe(true);
  });

  row(70, "duplicates in what must be edited are refused with their lines; elsewhere, and in every odd spelling, they are edited around", async () => {
    for (const text of ["[profile p]\nregion = a\n[profile p]\nregion = b\n", "[profile p]\nsso_session = a\nsso_session = b\n", '[profile p]\na = 1\n[profile "p"]\nb = 2\n']) {
      const home = await homeWith(text);
      expect(await home.run(configure("p")), text).toMatchObject({ exitCode: 7, stderr: expect.stringMatching(/line/) });
      expect(home.read(".aws/config")).toBe(text);
    }
    for (const text of ['[profile "p"]\nregion = a\n', "[profile\tp]\nregion = a\n", "[profile 'p'] ; mine\nregion = a # why\n", "[profile p]\ns3 =\n    region = inner\n\n    x = y\n", "[profile other]\na = 1\na = 2\n"]) {
      const home = await homeWith(text);
      expect(await home.run(configure("p")), text).toMatchObject({ exitCode: 0 });
      expectKept(Buffer.from(text), bytes(home));
      expect(home.read(".aws/config").match(/^\s*\[profile[ \t].?p/gm)?.length ?? 0).toBe(1);
    }
  });

  row(71, "ten megabytes and ten thousand profiles: listed and edited in little memory, everything else as it was", async () => {
    const text = Array.from({ length: 10_000 }, (_, index) => `# ${"x".repeat(860)}\n[profile a${index}]\nregion = eu-west-1\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = R\n\n`).join("");
    const home = await homeWith(text);
    const peak = home.write("peak.cjs", 'process.on("exit", () => require("node:fs").writeFileSync(process.env.HOME + "/peak", String(process.resourceUsage().maxRSS)));');
    const env = { NODE_OPTIONS: `--require ${peak}` };
    const listed = await home.run(["profiles", "--json"], { env });
    expect((JSON.parse(listed.stdout) as unknown[]).length).toBe(10_000);
    expect(Number(home.read("peak"))).toBeLessThan(300 * 1024);
    expect(await home.run(configure("a5000"), { env })).toMatchObject({ exitCode: 0 });
    expect(Number(home.read("peak"))).toBeLessThan(300 * 1024);
    expect(home.read(".aws/config").startsWith(text.replace(/(\[profile a5000\]\n(?:.*\n){3})sso_role_name = R\n/, "$1sso_role_name = ViewOnlyAccess\n"))).toBe(true);
  }, 90_000);

  row(72, "a directory, a FIFO or a device where the config should be: exit 7 at once", async () => {
    for (const make of [(path: string) => mkdirSync(path), (path: string) => execFileSync("mkfifo", [path]), (path: string) => symlinkSync("/dev/null", path)]) {
      const home = await homeWith(undefined);
      mkdirSync(join(home.path, ".aws"));
      make(join(home.path, ".aws/config"));
      for (const argv of [configure("p"), ["profiles"]]) expect(await home.run(argv)).toMatchObject({ exitCode: 7, stderr: expect.stringContaining("not a regular file") });
    }
  });

  row(73, "a session that is not there, a region or start URL that is none: exit 7 with section and line", async () => {
    const cases: ReadonlyArray<readonly [string, RegExp]> = [
      [SESSION_CONFIG.replace("sso_session = corp", "sso_session = gone"), /No SSO session "gone".*corp/s],
      [SESSION_CONFIG.replace("sso_region = us-east-1\n", ""), /sso_region is missing \(.*\[sso-session corp\], line 7\)/],
      [SESSION_CONFIG.replace("us-east-1", "mars"), /sso_region is not a region's name \(.*line 9\)/],
      [SESSION_CONFIG.replace("https://", "ftp://"), /sso_start_url is not an https URL \(.*line 8\)/],
    ];
    for (const [text, words] of cases) {
      const home = await homeWith(text);
      expect(await home.run(["credential-process", "--profile", "okta"])).toMatchObject({ exitCode: 7, stdout: "", stderr: expect.stringMatching(words) });
      expect(home.emulator.journal.entries()).toEqual([]);
    }
  });

  row(74, "start URLs of every form: accepted, and the literal text is the name of the token's file", async () => {
    const { createHash } = await import("node:crypto");
    const forms = [
      "https://d-1234567890.awsapps.com/start", "https://d-1234567890.awsapps.com/start/", "https://d-1234567890.awsapps.com/start#/", "https://d-1234567890.awsapps.com/start/#/", "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/d-1234567890",
      "https://start.cn-north-1.home.awsapps.cn/directory/d-1234567890", "https://ssoins-1234567890abcdef.portal.us-east-1.app.aws", "https://ssoins-1234567890abcdef.us-east-1.portal.amazonaws.com", "https://x.portal.cn-north-1.app.amazonwebservices.com.cn", "https://identitycenter.amazonaws.com/ssoins-1234567890abcdef", "https://sso.example.com/start",
    ];
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    for (const startUrl of forms) {
      expect(await home.run(["login", "--start-url", startUrl, "--sso-region", "us-east-1", "--no-browser"]), startUrl).toMatchObject({ exitCode: 0 });
      const file = `.aws/sso/cache/${createHash("sha1").update(startUrl).digest("hex")}.json`;
      expect(JSON.parse(home.read(file)), startUrl).toMatchObject({ startUrl });
    }
    expect(home.emulator.journal.entries({ route: "StartDeviceAuthorization" }).map(({ body }) => (body as { startUrl: string }).startUrl)).toEqual(forms);
    appendFileSync(join(home.path, ".aws/sso/cache/x"), "");
  }, 120_000);
});
