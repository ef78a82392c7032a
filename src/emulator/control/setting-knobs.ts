import * as v from "../schema.ts";
import { directoryInput } from "../state/directory.ts";
import { createOrg, orgInput } from "../state/organization.ts";
import { SECTIONS, type Settings } from "../state/settings.ts";
import type { State } from "../state/state.ts";

/** A knob: `schema` checks its input, `apply` uses it and returns the answer for the caller. */
export interface Knob<T> {
  schema: v.Schema<T>;
  apply: (state: State, input: T) => unknown;
}

export function knob<T>(schema: v.Schema<T>, apply: (state: State, input: T) => unknown): Knob<T> {
  return { schema, apply };
}

type SectionInput<S extends keyof typeof SECTIONS> = v.InferOutput<(typeof SECTIONS)[S]>;

function changeSection<S extends keyof typeof SECTIONS>(name: S): Knob<SectionInput<S>> {
  const schema = SECTIONS[name] as v.Schema<SectionInput<S>>;
  return knob(schema, ({ settings }, input) => {
    Object.assign(settings[name], input);
  });
}

/** Returns a knob for a setting with one value; `field` is the input field that contains it. */
function changeValue<N extends keyof Settings, F extends string>(
  name: N,
  field: F,
  schema: v.Schema<Settings[N]>,
): Knob<Record<F, Settings[N]>> {
  const input = v.object({ [field]: schema }) as v.Schema<Record<F, Settings[N]>>;
  return knob(input, ({ settings }, fields) => {
    settings[name] = fields[field];
  });
}

/** Below the documented 20 per second: at that rate, listings of 665 accounts failed. */
const REALISTIC_RATE = { burst: 40, refillPerSecond: 10, key: "token" } as const;

const rateInput = v.either(
  v.oneOf("off", "realistic"),
  v.object({
    burst: v.number(1),
    refillPerSecond: v.number(0),
    key: v.optional(v.oneOf("token", "ip")),
  }),
  (input) => typeof input === "string",
);

/** Knobs that change the emulator's behaviour. Each can also be an option at the start. */
export const settingKnobs = {
  region: changeValue("region", "region", v.string),
  startUrls: changeValue("allowedStartUrls", "allow", v.orNull(v.listOf(v.string))),
  publicBaseUrl: changeValue("publicBaseUrl", "url", v.orNull(v.string)),
  identity: changeSection("identity"),
  lifetimes: changeSection("lifetimes"),
  rotation: changeSection("rotation"),
  omitRefreshToken: changeValue("omitRefreshToken", "omit", v.boolean),
  slowDown: changeSection("slowDown"),
  autoApprove: changeValue("autoApproveAfterPolls", "afterPolls", v.orNull(v.integer(0))),
  authorize: changeValue(
    "authorize",
    "mode",
    v.oneOf("auto", "consent", "deny", "wrong-state", "never"),
  ),
  paging: changeSection("paging"),
  errorShape: changeValue("errorShape", "shape", v.oneOf("header+body", "header", "body")),
  nulls: changeValue("nulls", "write", v.boolean),
  sigv4: changeSection("sigv4"),
  rate: knob(rateInput, (state, input) => {
    state.buckets.clear();
    if (input === "off") state.settings.rate = null;
    else if (input === "realistic") state.settings.rate = { ...REALISTIC_RATE };
    else state.settings.rate = { key: "token", ...input };
  }),
  org: knob(orgInput, (state, input) => {
    state.org = createOrg(input);
  }),
  directory: knob(directoryInput, ({ directory }, input) => {
    Object.assign(directory, structuredClone(input));
  }),
};
