// Runs the whole race and makes its report.
import { cpus, release } from "node:os";
import { openPlace, type Place } from "../place.ts";
import { drawChart } from "./chart.ts";
import type { Contestant } from "./contestant.ts";
import { inviteOthers, inviteOwn, type OwnForms } from "./contestants.ts";
import { buildFloors, compileEmpty, type Floor } from "./floors.ts";
import {
  LISTED_ROLES,
  measureCold,
  measureCommands,
  measureHot,
  measureListing,
  measureMemory,
  measureStart,
  measureStorm,
  type Named,
  type Race,
} from "./race.ts";
import { formatCommandsTable, formatGoals, formatTable, type Pairs, type Table } from "./report.ts";
import type { Row } from "./samples.ts";

export interface RaceReport {
  /** Markdown. */
  readonly text: string;
  /** SVG. */
  readonly chart: string;
  /** Whether every row of this program was measured. */
  readonly isGood: boolean;
}

interface Size {
  readonly counts: { readonly samples: number; readonly warmUps: number };
  readonly atOnce: number;
  readonly accounts: number;
}

const QUICK: Size = { counts: { samples: 5, warmUps: 1 }, atOnce: 20, accounts: 40 };
const FULL: Size = { counts: { samples: 15, warmUps: 2 }, atOnce: 100, accounts: 200 };

export async function runRace(isQuick: boolean): Promise<RaceReport> {
  const size = isQuick ? QUICK : FULL;
  const place = await openPlace();
  try {
    const org = await openPlace({ accounts: size.accounts, roles: LISTED_ROLES });
    try {
      return await measureAndReport(size, place, org);
    } finally {
      org.close();
    }
  } finally {
    place.close();
  }
}

async function measureAndReport(size: Size, place: Place, org: Place): Promise<RaceReport> {
  const own = inviteOwn();
  const contestants = inviteAll(own, place);
  const race = { place, contestants, counts: size.counts };
  const { json, identity } = await buildFloors(place);
  const baselines = createBaselines(place);
  const readers = createReaders(json);
  const rows = {
    hot: await tell("hot", measureHot(race, [...baselines, ...readers])),
    cold: await tell("cold", measureCold(race)),
    start: await tell("start-up", measureStart(race, baselines)),
    memory: await measureMemory(race, [...baselines, ...readers]),
  };
  const commands = await tell("commands", measureCommands(race, own, baselines, identity));
  const table: Table = {
    names: [...baselines, ...readers, ...contestants].map(({ name }) => name),
    rows: {
      ...rows,
      storm: await tell(`${size.atOnce} at once`, measureStorm(race, size.atOnce)),
      listing: await tell(
        `listing ${size.accounts} × ${LISTED_ROLES}`,
        measureListing({ ...race, place: org, contestants: inviteAll(own, org) }, size.accounts),
      ),
    },
  };
  const conditions = describeConditions(size);
  return {
    text: formatReport({ race, table, commands, pairs: pairForms(own, baselines), conditions }),
    chart: drawChart(table, `latchkey and its peers: ${conditions}`),
    isGood: [own.standalone, own.node].every(({ name }) => isMeasured(table, name)),
  };
}

function inviteAll({ standalone, node }: OwnForms, place: Place): Contestant[] {
  return [standalone, node, ...inviteOthers(place)];
}

function createBaselines({ home }: Place): [Named, Named] {
  return [
    { name: "an empty executable of Bun", command: compileEmpty(home) },
    { name: "bare Node", command: { argv: [process.execPath, "-e", "0"] } },
  ];
}

function createReaders({ standalone, node }: Floor): Named[] {
  return [
    { name: "a JSON file printed, in one file of Bun", command: standalone },
    { name: "a JSON file printed, on Node", command: node },
  ];
}

function pairForms(own: OwnForms, [empty, bare]: readonly [Named, Named]): Pairs {
  return {
    standalone: {
      title: "standalone / empty executable",
      own: own.standalone.name,
      baseline: empty.name,
    },
    node: { title: "on Node / bare Node", own: own.node.name, baseline: bare.name },
  };
}

function describeConditions({ counts, atOnce, accounts }: Size): string {
  const cores = cpus();
  const machine = `${cores.length} cores (${cores[0]?.model.trim()}), Linux ${release()}`;
  return `${counts.samples} samples each, in turns; ${atOnce} at once; ${accounts} accounts × ${LISTED_ROLES} roles; ${machine}`;
}

function isMeasured({ rows }: Table, name: string): boolean {
  return Object.values(rows).every((row) => row.get(name)?.kind !== "failed");
}

interface Measured {
  readonly race: Race;
  readonly table: Table;
  readonly commands: ReadonlyMap<string, Row>;
  readonly pairs: Pairs;
  readonly conditions: string;
}

function formatReport({ race, table, commands, pairs, conditions }: Measured): string {
  return [
    conditions,
    "",
    formatTable(table),
    "",
    "This program's own commands:",
    "",
    formatCommandsTable(commands, pairs),
    "",
    formatGoals(table, commands, pairs),
    "",
    "Versions:",
    "",
    `- Node ${process.version}`,
    ...race.contestants
      .filter(({ isAbsent }) => isAbsent !== true)
      .map(({ name, version }) => `- ${name}: ${version}`),
  ].join("\n");
}

/** Prints the current step on stderr. */
function tell<T>(what: string, work: Promise<T>): Promise<T> {
  console.error(`measuring: ${what}`);
  return work;
}
