import fc from "fast-check";

/** A reader or writer, with a property that must hold for all values. */
export interface Target {
  /** The name for `--only`. */
  readonly name: string;
  /** Checks the values of `cases`, then random ones. */
  run(how: HowToRun): Promise<Outcome>;
}

export interface HowToRun {
  readonly seed: number;
  /** The path of a known failure, to repeat only this one. */
  readonly path?: string | undefined;
  readonly milliseconds?: number;
  readonly runs?: number;
}

export interface Outcome {
  readonly runs: number;
  /** The failure, with the value in its smallest form; undefined if there is none. */
  readonly failure: string | undefined;
}

interface Definition<Value> {
  readonly name: string;
  readonly values: fc.Arbitrary<Value>;
  /** Throws if the property does not hold. */
  readonly check: (value: Value) => void | Promise<void>;
  /** Values that failed in the past. */
  readonly cases?: readonly Value[];
  /** Opens resources for all runs, and returns a function that closes them. */
  readonly open?: () => Promise<() => void | Promise<void>>;
  /** How long one value may take. */
  readonly slowMilliseconds?: number;
}

/**
 * Values have at most a few kB, so a longer time means more than linear work. It allows for short stops on a busy machine.
 */
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
        // An interruption before the first run is not a failure of the target.
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

/** Fails a run unless `holds`. @param what the failure; a function if the text is expensive */
export function ensure(holds: boolean, what: string | (() => string)): asserts holds {
  if (!holds) throw new Error(typeof what === "string" ? what : what());
}
