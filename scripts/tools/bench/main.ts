// npm run bench: this program beside its peers, then its own start and its long work, all measured in one run.
//   --quick       few samples, small orgs     --write   puts the tables and the chart into docs/
//   --only TEXT   of its own rows those whose name has that text, and no race
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { chartOf } from "./chart.ts";
import { contestants as invite } from "./contestants.ts";
import { emptyExecutable, floorsIn } from "./floors.ts";
import { benchOwn } from "./own.ts";
import { openPlace, root } from "../place.ts";
import * as race from "./race.ts";
import { commandsTableOf, goalsOf, tableOf } from "./report.ts";

const quick = process.argv.includes("--quick");
const write = process.argv.includes("--write");
const only = process.argv.includes("--only")
  ? process.argv[process.argv.indexOf("--only") + 1]
  : undefined;
const counts = quick ? { samples: 5, warmUps: 1 } : { samples: 15, warmUps: 2 };
const AT_ONCE = quick ? 20 : 100;
const ACCOUNTS = quick ? 40 : 200;

/** @returns the report's markdown, the chart, and whether every row was good */
async function measureRace() {
  const place = await openPlace();
  const org = await openPlace({ accounts: ACCOUNTS, roles: 3 });
  try {
    const contestants = invite(place);
    const baselines = [
      { name: "an empty executable of Bun", argv: [emptyExecutable(place.home)] },
      { name: "bare Node", argv: [process.execPath, "-e", "0"] },
    ];
    const { json, identity } = await floorsIn(place);
    const readers = [
      { name: "a JSON file printed, in one file of Bun", ...json.standalone },
      { name: "a JSON file printed, on Node", ...json.node },
    ];
    const names = [...baselines, ...readers, ...contestants].map(({ name }) => name);
    const own = contestants.slice(0, 2).map(({ name }) => name);
    const rows = {
      hot: await told("hot", race.hot(place, contestants, [...baselines, ...readers], counts)),
    };
    rows.cold = await told("cold", race.cold(place, contestants, counts));
    rows.start = await told("start-up", race.start(place, contestants, baselines, counts));
    rows.memory = await race.memory(place, contestants, [...baselines, ...readers]);
    const commandRows = await told(
      "commands",
      race.commands(place, contestants, baselines, identity, counts),
    );
    rows.storm = await told(`${AT_ONCE} at once`, race.storm(place, contestants, AT_ONCE));
    rows.listing = await told(`listing ${ACCOUNTS} × 3`, race.listing(org, invite(org), ACCOUNTS));
    const baselineNames = baselines.map(({ name }) => name);
    const conditions = `${counts.samples} samples each, in turns; ${AT_ONCE} at once; ${ACCOUNTS} accounts × 3 roles; ${cpus().length} cores (${cpus()[0]?.model.trim()}), Linux ${release()}`;
    const text = [
      conditions,
      "",
      tableOf({ names, rows }),
      "",
      "This program's own commands:",
      "",
      commandsTableOf(commandRows, baselineNames, own),
      "",
      goalsOf({ rows }, commandRows, baselineNames, own),
      "",
      "Versions:",
      "",
      `- Node ${process.version}`,
      ...contestants
        .filter(({ absent }) => !absent)
        .map(({ name, version }) => `- ${name}: ${version}`),
    ].join("\n");
    const failed = Object.values(rows).some((row) =>
      own.some((name) => row.get(name)?.failed !== undefined),
    );
    return {
      text,
      chart: chartOf({ names, rows }, `latchkey and its peers: ${conditions}`),
      good: !failed,
    };
  } finally {
    place.close();
    org.close();
  }
}

/** A line on stderr for those who wait. */
async function told(what, work) {
  console.error(`measuring: ${what}`);
  return work;
}

if (only === undefined) {
  const { text, chart, good } = await measureRace();
  console.log(text);
  if (write) {
    writeFileSync(join(root, "docs", "benchmarks.svg"), chart);
    const page = join(root, "docs", "benchmarks.md");
    const [before, , after] = readFileSync(page, "utf8").split(/<!-- (?:measured|end) -->\n/);
    writeFileSync(page, `${before}<!-- measured -->\n${text}\n<!-- end -->\n${after}`);
  }
  if (!good) process.exitCode = 1;
}
await benchOwn({ quick, only: only ?? "" });
