import { parseInput } from "../schema.ts";
import type { State } from "../state/state.ts";
import { actionKnobs } from "./action-knobs.ts";
import { settingKnobs, type Knob } from "./setting-knobs.ts";

/** All knobs, by their name in code and under `/_emu/`. */
const KNOBS = { ...settingKnobs, ...actionKnobs };

export type KnobName = keyof typeof KNOBS;
export type SettingName = keyof typeof settingKnobs;
export type KnobInput<N extends KnobName> = (typeof KNOBS)[N] extends Knob<infer T> ? T : never;

export const KNOB_NAMES = Object.keys(KNOBS).toSorted();

export function isKnobName(name: string): name is KnobName {
  return Object.hasOwn(KNOBS, name);
}

/** Turns a knob and returns its answer. @throws InputError whose message names the field */
export function turnKnob(state: State, name: KnobName, input: unknown): unknown {
  // The types match: a knob's schema returns the input of its `apply`.
  const { schema, apply } = KNOBS[name] as Knob<unknown>;
  return apply(state, parseInput(schema, input, name));
}
