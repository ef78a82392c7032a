import { actionKnobs } from "./action-knobs.ts";
import { settingKnobs, type Knob } from "./setting-knobs.ts";
import { isInputError, parseInput } from "../schema.ts";
import type { State } from "../state/state.ts";

/** Every knob there is, by the name it has in code and under `/_emu/`. */
const KNOBS = { ...settingKnobs, ...actionKnobs };

export type KnobName = keyof typeof KNOBS;
export type SettingName = keyof typeof settingKnobs;
export type KnobInput<N extends KnobName> = (typeof KNOBS)[N] extends Knob<infer T> ? T : never;

export const KNOB_NAMES = Object.keys(KNOBS).toSorted();

function findKnob(name: string): Knob<unknown> | undefined {
  if (!Object.hasOwn(KNOBS, name)) return undefined;
  // Parser and application belong together, so the input that the one returns is the other's.
  return KNOBS[name as KnobName] as Knob<unknown>;
}

/** Turns a knob and returns its answer. Bad input throws a BadInput whose message names the field. */
export function turnKnob<N extends KnobName>(state: State, name: N, input: KnobInput<N>): unknown {
  const found = findKnob(name);
  return found?.apply(state, parseInput(found.schema, input, name));
}

type TurnResult = { result: unknown } | { unknownKnob: true } | { problem: string };

/** The same for input from anywhere. */
export function tryKnob(state: State, name: string, input: unknown): TurnResult {
  const found = findKnob(name);
  if (found === undefined) return { unknownKnob: true };
  try {
    return { result: found.apply(state, parseInput(found.schema, input, name)) };
  } catch (error) {
    if (isInputError(error)) return { problem: error.message };
    throw error;
  }
}
