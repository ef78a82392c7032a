// This program beside what people would use instead, row by row, in one run, on one emulator and one home.
import { inTurns, mustBeCredentials, peakMegabytes, timed } from "./samples.ts";

const LISTED_ROLES = 3;

/** A row: contestant's name → `{value}` and `{note}` where there is more to say, or `{why}` it can't, or `{failed}`. */
function row(contestants, results, reasonOf) {
  return new Map(
    contestants.map((one) => {
      const why = reasonOf(one);
      if (typeof why === "string") return [one.name, { why }];
      const result = results.get(one.name);
      return [
        one.name,
        typeof result === "string"
          ? { failed: result }
          : typeof result === "object"
            ? result
            : { value: result },
      ];
    }),
  );
}

const able = (contestants, reasonOf) =>
  contestants.filter((one) => typeof reasonOf(one) !== "string");
const forCredentials = ({ credentials }) =>
  typeof credentials === "string" ? credentials : undefined;
const forRefresh = (one) =>
  forCredentials(one) ?? (one.refreshes === true ? undefined : one.refreshes);

/** Credentials while a token and, for those who keep any, role credentials are at hand. */
export async function hot(place, contestants, baselines, counts) {
  const runs = able(contestants, forCredentials).map(({ name, credentials }) => ({
    name,
    async run() {
      const sample = await timed(credentials, place.env);
      mustBeCredentials(sample, credentials);
      return sample.milliseconds;
    },
  }));
  const results = await inTurns(
    [
      ...baselines.map((one) => ({
        name: one.name,
        run: async () => (await timed(one, place.env)).milliseconds,
      })),
      ...runs,
    ],
    counts,
  );
  return row([...baselines, ...contestants], results, (one) =>
    baselines.includes(one) ? undefined : forCredentials(one),
  );
}

/** Credentials an hour later: a refresh of the token and a fetch of the role's credentials, as the journal must show. */
export async function cold(place, contestants, counts) {
  const runs = able(contestants, forRefresh).map(({ name, credentials }) => ({
    name,
    async run() {
      place.expireAll();
      await place.clearJournal();
      const sample = await timed(credentials, place.env);
      mustBeCredentials(sample, credentials);
      const [refreshes, fetches] = await answered(place);
      if (refreshes !== 1 || fetches !== 1)
        throw new Error(`${refreshes} refreshes and ${fetches} fetches in the journal`);
      return sample.milliseconds;
    },
  }));
  return row(contestants, await inTurns(runs, counts), forRefresh);
}

/** @returns how many refreshes and fetches of role credentials the service has granted */
async function answered(place) {
  const entries = await place.journal();
  const count = (route) =>
    entries.filter((entry) => entry.route === route && entry.status === 200).length;
  return [count("CreateToken"), count("GetRoleCredentials")];
}

/** As many at once on an expired token, as `make -j` or an editor's plugins do it: until the last has ended. */
export async function storm(place, contestants, atOnce) {
  const results = new Map();
  for (const { name, credentials } of able(contestants, forRefresh)) {
    place.signInAgain();
    place.expireAll();
    await place.clearJournal();
    const started = performance.now();
    const samples = await Promise.all(
      Array.from({ length: atOnce }, () => timed(credentials, place.env)),
    );
    const seconds = (performance.now() - started) / 1000;
    const failed = samples.filter((sample) => !isGood(sample, credentials)).length;
    const [refreshes] = await answered(place);
    const note = `${refreshes} refresh${refreshes === 1 ? "" : "es"}${failed === 0 ? "" : `, ${failed} of ${atOnce} got nothing`}`;
    results.set(name, failed === 0 ? { value: seconds, note } : { failed: note });
  }
  place.signInAgain();
  return row(contestants, results, forRefresh);
}

function isGood(sample, credentials) {
  try {
    mustBeCredentials(sample, credentials);
    return true;
  } catch {
    return false;
  }
}

/** Every role of every account, at the emulator's realistic rate limit: seconds, and whether any call was lost. */
export async function listing(place, contestants, accounts) {
  const results = new Map();
  for (const { name, listing: how } of able(contestants, ({ listing: why }) => why)) {
    // Turning the knob fills the bucket: every one begins with the same.
    await place.knob("rate", "realistic");
    await place.clearJournal();
    const { milliseconds, exitCode, stdout, stderr } = await timed(how, place.env);
    const throttled = (await place.journal()).filter(({ status }) => status === 429).length;
    const roles = exitCode === 0 ? JSON.parse(stdout).length : 0;
    const note = `${throttled} refused for their pace`;
    results.set(
      name,
      roles === accounts * LISTED_ROLES
        ? { value: milliseconds / 1000, note }
        : {
            failed: `${roles} of ${accounts * LISTED_ROLES} roles, exit ${exitCode}, ${note}: ${stderr.trim().split("\n").at(-1)?.slice(0, 160)}`,
          },
    );
  }
  return row(contestants, results, ({ listing: why }) => why);
}

export async function start(place, contestants, baselines, counts) {
  const runs = able(contestants, ({ start: why }) => why).map(({ name, start: how }) => ({
    name,
    run: () => mustEndWell(how, place.env),
  }));
  const results = await inTurns(
    [
      ...baselines.map((one) => ({ name: one.name, run: () => mustEndWell(one, place.env) })),
      ...runs,
    ],
    counts,
  );
  return row([...baselines, ...contestants], results, ({ start: why }) => why);
}

/** The last row of `commands`: what the slowest of them can't be quicker than. */
export const IDENTITY_ALONE = "the call of whoami alone";

/**
 * This program's own commands in both forms, beside the baselines.
 * @param identity argv of what makes that call and does nothing else, in both forms
 * @returns command → row
 */
export async function commands(place, [standalone, node], baselines, identity, counts) {
  const argvOf = (words) => ({
    [standalone.name]: [...standalone.start.argv.slice(0, -1), ...words],
    [node.name]: [...node.start.argv.slice(0, -1), ...words],
  });
  const all = [["--help"], ["settings"], ["status"], ["accounts"], ["whoami", "okta"]].map(
    (words) => [words[0], argvOf(words)],
  );
  all.push([
    IDENTITY_ALONE,
    { [standalone.name]: identity.standalone.argv, [node.name]: identity.node.argv },
  ]);
  const rows = new Map();
  for (const [what, argvs] of all) {
    const runs = [
      ...baselines,
      ...Object.entries(argvs).map(([name, argv]) => ({ name, argv })),
    ].map((one) => ({ name: one.name, run: () => mustEndWell(one, place.env) }));
    rows.set(what, await inTurns(runs, counts));
  }
  return rows;
}

async function mustEndWell(how, env) {
  const { milliseconds, exitCode, stderr } = await timed(how, env);
  if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr.trim()}`);
  return milliseconds;
}

/** Of one hot call each: the one before it has left what there is to keep. */
export async function memory(place, contestants, baselines) {
  for (const { credentials } of able(contestants, forCredentials))
    await timed(credentials, place.env);
  const results = new Map([
    ...baselines.map((one) => [one.name, peakMegabytes(one, place.env)]),
    ...able(contestants, forCredentials).map(({ name, credentials }) => [
      name,
      peakMegabytes(credentials, place.env),
    ]),
  ]);
  return row(
    [...baselines, ...contestants],
    new Map([...results].map(([name, value]) => [name, value ?? "not measured"])),
    (one) => (baselines.includes(one) ? undefined : forCredentials(one)),
  );
}
