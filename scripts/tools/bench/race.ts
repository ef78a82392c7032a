// Compares latchkey with its alternatives, row by row, in one run with one emulator and one home.
import type { EndedProcess } from "../../../test/support/child.ts";
import { parseJson } from "../../../src/text/json.ts";
import type { Place } from "../place.ts";
import type { Contestant, Way } from "./contestant.ts";
import type { OwnForms } from "./contestants.ts";
import type { Floor } from "./floors.ts";
import {
  measurePeak,
  readLastLine,
  requireCredentials,
  runSample,
  sampleInTurns,
  timeCommand,
  timeCredentials,
  type Cell,
  type Command,
  type Counts,
  type Row,
} from "./samples.ts";

export const LISTED_ROLES = 3;

export interface Race {
  readonly place: Place;
  readonly contestants: readonly Contestant[];
  readonly counts: Counts;
}

/** A command with a name. */
export interface Named {
  readonly name: string;
  readonly command: Command;
}

/**
 * Measures a call for credentials while the token is valid and, in tools that cache role credentials, these are valid too.
 */
export async function measureHot(race: Race, baselines: readonly Named[]): Promise<Row> {
  const { place, counts } = race;
  const samplers = [
    ...baselines.map(({ name, command }) => ({
      name,
      sample: () => timeCommand(command, place.env),
    })),
    ...listAble(race, chooseCredentials).map(({ name, command }) => ({
      name,
      sample: () => timeCredentials(command, place.env),
    })),
  ];
  return addUnable(race, chooseCredentials, await sampleInTurns(samplers, counts));
}

/**
 * Measures a call for credentials an hour later. The emulator's journal must contain one token refresh and one fetch of
 * role credentials.
 */
export async function measureCold(race: Race): Promise<Row> {
  const { place, counts } = race;
  const samplers = listAble(race, chooseRefresh).map(({ name, command }) => ({
    name,
    async sample() {
      place.expireAll();
      await place.emulator.clearJournal();
      const milliseconds = await timeCredentials(command, place.env);
      const { refreshes, fetches } = await countGranted(place);
      if (refreshes !== 1 || fetches !== 1)
        throw new Error(`${refreshes} refreshes and ${fetches} fetches in the journal`);
      return milliseconds;
    },
  }));
  return addUnable(race, chooseRefresh, await sampleInTurns(samplers, counts));
}

/**
 * Measures many callers at once with an expired token, as with `make -j` or editor plugins. Measures until the last
 * caller has ended.
 */
export async function measureStorm(race: Race, atOnce: number): Promise<Row> {
  const { place } = race;
  const cells = new Map<string, Cell>();
  for (const { name, command } of listAble(race, chooseRefresh)) {
    await place.signInAgain();
    place.expireAll();
    await place.emulator.clearJournal();
    const started = performance.now();
    const samples = await Promise.all(
      Array.from({ length: atOnce }, () => runSample(command, place.env)),
    );
    const seconds = (performance.now() - started) / 1000;
    const failed = samples.filter((sample) => !hasCredentials(command, sample)).length;
    const { refreshes } = await countGranted(place);
    const note = `${refreshes} refresh${refreshes === 1 ? "" : "es"}`;
    cells.set(
      name,
      failed === 0
        ? { kind: "measured", value: seconds, note }
        : { kind: "failed", reason: `${note}, ${failed} of ${atOnce} got nothing` },
    );
  }
  await place.signInAgain();
  return addUnable(race, chooseRefresh, cells);
}

/** Measures the listing of every role at the emulator's realistic rate limit: the seconds, and whether calls failed. */
export async function measureListing(race: Race, accounts: number): Promise<Row> {
  const { place } = race;
  const wanted = accounts * LISTED_ROLES;
  const cells = new Map<string, Cell>();
  for (const { name, command } of listAble(race, ({ listing }) => listing)) {
    // Setting the knob fills the bucket of the rate limit, so all contestants begin equally.
    await place.emulator.turnKnob("rate", "realistic");
    await place.emulator.clearJournal();
    const ended = await runSample(command, place.env);
    const journal = await place.emulator.readJournal();
    const throttled = journal.filter(({ status }) => status === 429).length;
    const note = `${throttled} refused by the rate limit`;
    const roles = countRoles(ended);
    const problem = `${roles} of ${wanted} roles, exit ${ended.exitCode}, ${note}: ${readLastLine(ended.stderr).slice(0, 160)}`;
    cells.set(
      name,
      roles === wanted
        ? { kind: "measured", value: ended.milliseconds / 1000, note }
        : { kind: "failed", reason: problem },
    );
  }
  return addUnable(race, ({ listing }) => listing, cells);
}

export async function measureStart(race: Race, baselines: readonly Named[]): Promise<Row> {
  const able = listAble(race, ({ start }) => start);
  const cells = await sampleProcesses(race, [...baselines, ...able]);
  return addUnable(race, ({ start }) => start, cells);
}

/** The last row of the commands: the least time in which the slowest of the commands can be done. */
export const IDENTITY_ALONE = "the call of whoami alone";

const COMMANDS = [["--help"], ["settings"], ["status"], ["accounts"], ["whoami", "okta"]];

/**
 * Measures latchkey's own commands, as standalone program and on Node, and the baselines. Returns a row for each command.
 * @param identity the program that makes only the request of whoami
 */
export async function measureCommands(
  race: Race,
  { standalone, node }: OwnForms,
  baselines: readonly Named[],
  identity: Floor,
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  for (const words of COMMANDS) {
    const forms = [standalone, node].map(({ name, program }) => ({
      name,
      command: { argv: [...program, ...words] },
    }));
    rows.set(words[0] ?? "", await sampleProcesses(race, [...baselines, ...forms]));
  }
  const alone = [
    { name: standalone.name, command: identity.standalone },
    { name: node.name, command: identity.node },
  ];
  return rows.set(IDENTITY_ALONE, await sampleProcesses(race, [...baselines, ...alone]));
}

/** Measures the memory of one hot call for each contestant. A call before it has filled the cache. */
export async function measureMemory(race: Race, baselines: readonly Named[]): Promise<Row> {
  const { env } = race.place;
  const able = listAble(race, chooseCredentials);
  for (const { command } of able) await runSample(command, env);
  const cells = new Map<string, Cell>();
  for (const { name, command } of [...baselines, ...able]) {
    const peak = measurePeak(command, env);
    cells.set(
      name,
      peak === undefined
        ? { kind: "failed", reason: "not measured" }
        : { kind: "measured", value: peak },
    );
  }
  return addUnable(race, chooseCredentials, cells);
}

function sampleProcesses({ place, counts }: Race, processes: readonly Named[]) {
  const samplers = processes.map(({ name, command }) => ({
    name,
    sample: () => timeCommand(command, place.env),
  }));
  return sampleInTurns(samplers, counts);
}

type Choose = (contestant: Contestant) => Way;

function chooseCredentials({ credentials }: Contestant): Way {
  return credentials;
}

function chooseRefresh({ credentials, noRefresh }: Contestant): Way {
  return "why" in credentials ? credentials : (noRefresh ?? credentials);
}

function listAble({ contestants }: Race, choose: Choose): Named[] {
  return contestants.flatMap((contestant) => {
    const way = choose(contestant);
    return "why" in way ? [] : [{ name: contestant.name, command: way }];
  });
}

/** Adds a cell with the reason for each contestant that can't do this. */
function addUnable({ contestants }: Race, choose: Choose, cells: Row): Row {
  const row = new Map(cells);
  for (const contestant of contestants) {
    const way = choose(contestant);
    if ("why" in way) row.set(contestant.name, { kind: "unable", reason: way.why });
  }
  return row;
}

/** Returns how many refreshes, and how many fetches of role credentials, the service has granted. */
async function countGranted(place: Place): Promise<{ refreshes: number; fetches: number }> {
  const granted = (await place.emulator.readJournal()).filter(({ status }) => status === 200);
  return {
    refreshes: granted.filter(({ route }) => route === "CreateToken").length,
    fetches: granted.filter(({ route }) => route === "GetRoleCredentials").length,
  };
}

function hasCredentials(command: Command, sample: EndedProcess): boolean {
  try {
    requireCredentials(command, sample);
    return true;
  } catch {
    return false;
  }
}

function countRoles({ exitCode, stdout }: EndedProcess): number {
  const roles = exitCode === 0 ? parseJson(stdout) : undefined;
  return Array.isArray(roles) ? roles.length : 0;
}
