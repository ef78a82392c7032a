import fc from "fast-check";

/** One reader or writer, and what must hold of it whatever it is given. */
export interface Target {
  /** As `--only` names it. */
  readonly name: string;
  /** Checks random values, and those of `cases` first. */
  run(how: HowToRun): Promise<Outcome>;
}

export interface HowToRun {
  readonly seed: number;
  /** Of a failure that was found: it alone is repeated. */
  readonly path?: string | undefined;
  readonly milliseconds?: number;
  readonly runs?: number;
}

export interface Outcome {
  readonly runs: number;
  /** What was found, with the value in its smallest form; undefined where nothing was. */
  readonly failure: string | undefined;
}

interface Definition<Value> {
  readonly name: string;
  readonly values: fc.Arbitrary<Value>;
  /** Throws where something does not hold. */
  readonly check: (value: Value) => void | Promise<void>;
  /** What was found here once. */
  readonly cases?: readonly Value[];
  /** Opens what all runs share. @returns what closes it. */
  readonly open?: () => Promise<() => void | Promise<void>>;
  /** How long one value may take. */
  readonly slowMilliseconds?: number;
}

/** No value is larger than a few kB: what takes as long is not linear in it. A busy machine may stop a process for a while. */
const SLOW_MILLISECONDS = 5_000;

export function createTarget<Value>(definition: Definition<Value>): Target {
  const { name, values, cases = [], open = () => Promise.resolve(() => undefined) } = definition;
  return {
    name,
    async run({ seed, path, milliseconds, runs = Number.MAX_SAFE_INTEGER }) {
      const close = await open();
      try {
        const result = await fc.check(
          fc.asyncProperty(values, (value) => checkInTime(definition, value)),
          {
            seed,
            numRuns: runs,
            examples: path === undefined ? cases.map((each): [Value] => [each]) : [],
            ...(path === undefined ? {} : { path }),
            ...(milliseconds === undefined ? {} : { interruptAfterTimeLimit: milliseconds }),
          },
        );
        // Interrupted before the first run is no failure of the target's.
        const isFound = result.failed && result.counterexample !== null;
        return { runs: result.numRuns, failure: isFound ? describeFailure(result) : undefined };
      } finally {
        await close();
      }
    },
  };
}

async function checkInTime<Value>(
  { check, slowMilliseconds = SLOW_MILLISECONDS }: Definition<Value>,
  value: Value,
): Promise<void> {
  const startedAt = performance.now();
  await check(value);
  const took = performance.now() - startedAt;
  if (took > slowMilliseconds) throw new Error(`took ${Math.round(took)} ms`);
}

function describeFailure<Value>({
  counterexample,
  counterexamplePath,
  errorInstance,
}: fc.RunDetails<[Value]>): string {
  const value = fc.stringify(counterexample?.[0]);
  const why =
    errorInstance instanceof Error
      ? (errorInstance.stack ?? errorInstance.message)
      : String(errorInstance);
  return `--path ${counterexamplePath ?? ""}\n${value}\n${why}`;
}

/** Fails a run. @param what a function where it is much to say. */
export function ensure(holds: boolean, what: string | (() => string)): asserts holds {
  if (!holds) throw new Error(typeof what === "string" ? what : what());
}
