// This program's own rows on Node: what a start costs beside a start of Node alone, what a large config costs beside
// reading and hashing it, and how long a long listing takes beside what the service's rate limit allows.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Bench } from "tinybench";
import { benchListings } from "./listing.ts";
import { openPlace, program, ROLE } from "../place.ts";

const PROFILES = 10_000;
const READ_AND_HASHED = "a config of 10 MB: read and hashed by bare Node";

/** Prints the tables; sets the exit code to 1 where a row is bad. @param only the rows whose name has that text, and bare Node */
export async function benchOwn({ quick, only }) {
  const iterations = quick ? 5 : 20;
  const accounts = quick ? 200 : 1_000;
  const isWanted = ({ name }) => name.includes(only);
  const place = await openPlace();
  try {
    // Every sample, bare Node's too, says at its end how much memory it had at the most.
    const peakReporter = join(place.home, "peak.cjs");
    // Not maxRSS where there is another way: there, what this process had when it started the other counts, too.
    writeFileSync(
      peakReporter,
      `
      const { readFileSync, writeSync } = require("node:fs");
      const kilobytes = () => { try { return /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]; } catch { return process.resourceUsage().maxRSS; } };
      process.on("exit", () => writeSync(2, "peak " + kilobytes() + "\\n"));
    `,
    );
    const rows = rowsIn(place);
    const medians = await measured(
      rows.filter((row) => row === rows[0] || isWanted(row)),
      { place, iterations, nodeFlags: ["--require", peakReporter] },
    );
    const org = `${accounts.toLocaleString("en-US")} accounts × 4 roles`;
    const namesOf = (text) =>
      new Set(JSON.parse(text).map(({ accountId, roleName }) => `${accountId} ${roleName}`));
    const listings = [
      {
        name: `roles of ${org}`,
        argv: ["roles", "--json"],
        isGood: (text, roles) => namesOf(text).size === roles,
      },
      {
        name: `profiles sync of ${org}`,
        argv: ["profiles", "sync", "--yes", "--json"],
        isGood: (text, roles) => JSON.parse(text).add.length === roles,
      },
    ];
    const timed = await benchListings({
      program,
      nodeFlags: ["--require", peakReporter],
      accounts,
      rows: listings.filter(isWanted),
    });
    if (timed.length > 0)
      console.log(
        "\nwhole process, one run each, at the emulator's realistic rate limit\n\n| | s | × what the limit allows | peak MB |\n|---|---:|---:|---:|",
      );
    for (const { name, seconds, allowedSeconds, peakMegabytes } of timed)
      console.log(
        seconds === undefined
          ? `| ${name} | failed | | |`
          : `| ${name} | ${seconds.toFixed(1)} | ${(seconds / allowedSeconds).toFixed(2)} | ${peakMegabytes.toFixed(0)} |`,
      );
    if ([...Object.values(medians), ...timed.map(({ seconds }) => seconds)].includes(undefined))
      process.exitCode = 1;
  } finally {
    place.close();
  }
}

/** The first is what all the others are beside. */
function rowsIn({ home, dropRoles }) {
  const bigConfig = join(home, "big-config");
  const smallConfig = join(home, "small-config");
  writeFileSync(bigConfig, configText(PROFILES));
  writeFileSync(smallConfig, configText(1));
  const nothing = () => undefined;
  // The same program on a small and on a large file: the one is what its start costs, and what is more is the file's.
  const onConfig = (size, file, profiles) => {
    const middle = `account-${String(Math.floor(profiles / 2)).padStart(5, "0")}`;
    return [
      {
        name: `a config of ${size}: profiles`,
        argv: [program, "profiles", "--json"],
        prepare: nothing,
        isGood: (text) => JSON.parse(text).length === profiles,
        variables: { AWS_CONFIG_FILE: file },
      },
      {
        name: `a config of ${size}: configure`,
        argv: [
          program,
          "configure",
          "--profile",
          middle,
          ...ROLE.slice(0, 4),
          "--json",
          "--yes",
          "--role-name",
        ],
        prepare: nothing,
        isGood: (text) => JSON.parse(text).changes.length === 1,
        variables: { AWS_CONFIG_FILE: file },
      },
    ];
  };
  return [
    { name: "node -e 0", argv: ["-e", "0"], prepare: nothing, isGood: () => true },
    {
      name: "credential-process, cold: role credentials",
      argv: [program, "credential-process", ...ROLE],
      prepare: dropRoles,
      isGood: (text) => typeof JSON.parse(text).AccessKeyId === "string",
    },
    {
      name: "completion of a profile's name",
      argv: [program, "__complete", "zsh", "whoami", "ok"],
      prepare: nothing,
      isGood: (text) => text.startsWith("okta\t"),
    },
    ...onConfig("one profile", smallConfig, 1),
    {
      name: READ_AND_HASHED,
      argv: [
        "-e",
        `const { readFileSync } = require("node:fs"); require("node:crypto").createHash("sha256").update(readFileSync(${JSON.stringify(bigConfig)})).digest()`,
      ],
      prepare: nothing,
      isGood: () => true,
    },
    ...onConfig("10 MB", bigConfig, PROFILES),
  ];
}

/** Prints the table. @returns row → median in milliseconds, undefined where a sample was bad */
async function measured(rows, { place, iterations, nodeFlags }) {
  const bench = new Bench({ iterations, time: 0, warmupIterations: 2, warmupTime: 0 });
  const peaks = new Map();
  let edits = 0;
  for (const { name, argv, prepare, isGood, variables = {} } of rows) {
    const run = () => {
      // An edit must be one: each names another role.
      const last = argv.at(-1) === "--role-name" ? [`Role${(edits += 1)}`] : [];
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [...nodeFlags, ...argv, ...last],
        {
          env: { ...place.env, ...variables },
          encoding: "utf8",
          maxBuffer: 1e8,
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      peaks.set(
        name,
        Math.max(peaks.get(name) ?? 0, Number(/^peak (\d+)$/m.exec(stderr)?.[1] ?? 0)),
      );
      if (status !== 0 || !isGood(stdout)) throw new Error(`${name}: exit ${status}`);
    };
    bench.add(name, run, { beforeEach: prepare });
  }
  await bench.run();
  const medians = Object.fromEntries(
    bench.tasks.map(({ name, result }) => [
      name,
      result.state === "completed" ? result.latency.p50 : undefined,
    ]),
  );
  const bare = medians[rows[0].name];
  console.log(`\n${process.version}, ${iterations} runs each; whole process, median\n`);
  console.log("| | ms | × bare Node | peak MB |\n|---|---:|---:|---:|");
  for (const [name, ms] of Object.entries(medians))
    console.log(
      ms === undefined
        ? `| ${name} | failed | | |`
        : `| ${name} | ${ms.toFixed(0)} | ${(ms / bare).toFixed(2)} | ${((peaks.get(name) ?? 0) / 1024).toFixed(0)} |`,
    );
  if (medians[READ_AND_HASHED] !== undefined) tellLargeConfig(medians);
  return medians;
}

/** The whole process against reading and hashing the file; a command that was left out of this run has no line. */
function tellLargeConfig(median) {
  console.log(`\n${READ_AND_HASHED}: ${median[READ_AND_HASHED]?.toFixed(0)} ms; against that\n`);
  console.log("| | whole process | without what a small config takes |\n|---|---:|---:|");
  for (const command of ["profiles", "configure"]) {
    const [small, large] = [
      median[`a config of one profile: ${command}`],
      median[`a config of 10 MB: ${command}`],
    ];
    if (small !== undefined && large !== undefined)
      console.log(
        `| ${command} | ${(large / median[READ_AND_HASHED]).toFixed(2)} × | ${((large - small) / median[READ_AND_HASHED]).toFixed(2)} × |`,
      );
  }
}

/** Profiles as people keep them: comments, blank lines, a nested block each; a kilobyte of text for one. */
function configText(profiles) {
  const session = `[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`;
  const profile = (index) =>
    `\n# ${"kept in step by hand, do not rename. ".repeat(21)}\n[profile account-${String(index).padStart(5, "0")}]\nsso_session = corp\nsso_account_id = 100000000001\n` +
    "sso_role_name = ViewOnlyAccess\nregion = eu-west-1\noutput = json\ns3 =\n  max_concurrent_requests = 20\n  addressing_style = path\n";
  return session + Array.from({ length: profiles }, (_, index) => profile(index)).join("");
}
