import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/emulator.ts";
import { signedInHome, type Home, type RunResult } from "../support/home.ts";
import { secretsIn, snapshot } from "./support/invariant.ts";
import { ROLE } from "./support/injection.ts";

/** Secrets that the service gave out, looked for where none may be: error output, other files, command lines. */

const COMMANDS: ReadonlyArray<readonly string[]> = [
  ["login", "--no-browser", "--force"], ["accounts", "--json"], ["roles"], ROLE, ["whoami", "okta"], ["status", "--verify"], ["profiles"],
  ["configure", "--profile", "p", "--sso-session", "corp", "--account-id", "100000000001", "--role-name", "ViewOnlyAccess", "--yes", "--verify", "--no-browser"], ["logout"],
];

type Fault = NonNullable<EmulatorOptions["faults"]>[number];

/** Each kind of fault, with bodies that repeat what a client sent or might print. */
function faults(home: Home): ReadonlyArray<readonly [string, Fault | undefined]> {
  const echo = { message: `token ${[...secretsIn([...snapshot(home).values()])].join(" ")} refused`, error: "invalid_grant", error_description: [...secretsIn([...snapshot(home).values()])].join(" ") };
  return [["none", undefined], ["4xx that echoes", { route: "*", status: 400, body: echo }], ["401 that echoes", { route: "*", status: 401, body: echo }], ["403", { route: "*", status: 403, body: echo }],
    ["5xx", { route: "*", status: 500, body: echo, times: 2 }], ["HTML", { route: "*", html: true }], ["cut", { route: "*", truncate: 30, times: 2 }], ["dropped", { route: "*", drop: "mid-body", times: 2 }]];
}

/** The secrets of a text: every one of those that were served. */
function leaks(text: string, secrets: ReadonlySet<string>): string[] {
  return [...secrets].filter((secret) => text.includes(secret)).map((secret) => `${secret.slice(0, 6)}…`);
}

/** Command lines of all processes of the program, sampled while it runs. */
function commandLines(): string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
    } catch {
      return [];
    }
  });
}

async function sampled(home: Home, argv: readonly string[], env: Readonly<Record<string, string>>): Promise<RunResult & { readonly lines: ReadonlySet<string> }> {
  const lines = new Set<string>();
  const timer = setInterval(() => commandLines().filter((line) => line.includes("run.js")).forEach((line) => lines.add(line)), 5);
  try {
    return { ...(await home.run(argv, { env })), lines };
  } finally {
    clearInterval(timer);
  }
}

describe("no secret where none may be", () => {
  test.each([["plain", [], {}], ["--debug and DEBUG=*", ["--debug"], { DEBUG: "*" }]] as const)("over the commands and the kinds of fault, %s", { timeout: 600_000 }, async (_, extra, env) => {
    let scanned = 0;
    // How much is said does not hang on the kind of fault: the second run takes the first three.
    const kinds = extra.length === 0 ? faults(await signedInHome()).length : 3;
    for (let kind = 0; kind < kinds; kind += 1) {
      const home = await signedInHome({ autoApprove: { afterPolls: 0 } });
      await home.run([...ROLE.slice(0, 4), "100000000002", ...ROLE.slice(5)]);
      const secrets = new Set(secretsIn([...snapshot(home).values()]));
      expect(secrets.size).toBeGreaterThanOrEqual(5);
      const [name, fault] = faults(home)[kind] ?? ["none", undefined];
      for (const command of COMMANDS) {
        if (fault !== undefined) home.emulator.setFault(fault);
        const { stdout, stderr, lines } = await sampled(home, [...command, ...extra], env);
        home.emulator.clearFaults();
        for (const secret of secretsIn([...snapshot(home).values()])) secrets.add(secret);
        const where = `${command.join(" ")} (${name})`;
        expect(leaks(stderr, secrets), where).toEqual([]);
        if (command !== ROLE) expect(leaks(stdout, secrets), where).toEqual([]);
        expect(lines.size, where).toBeGreaterThan(0);
        expect(leaks([...lines].join("\n"), secrets), where).toEqual([]);
        // The scanner finds one that is planted in a copy of each.
        const [planted = ""] = secrets;
        for (const text of [stderr, stdout, [...lines].join("\n")]) expect(leaks(`${text}${planted}`, secrets)).not.toEqual([]);
        scanned += 1;
      }
      const elsewhere = [...snapshot(home)].filter(([path]) => !/\/(sso\/cache|registrations|role-credentials)\//.test(path) && !path.includes("/cache/compiled/"));
      for (const [path, text] of elsewhere) expect(leaks(text, secrets), path).toEqual([]);
      expect(home.emulator.journal.count("CreateToken") + home.emulator.journal.count("GetRoleCredentials")).toBeGreaterThan(1);
    }
    expect(scanned).toBe(COMMANDS.length * kinds);
  });
});
