import { directoryInput } from "../state/directory.ts";
import {
  boolean,
  either,
  integer,
  listOf,
  orNull,
  number,
  object,
  oneOf,
  recordOf,
  string,
} from "../parse.ts";
import type { Schema } from "../parse.ts";
import { createOrg } from "../state/organization.ts";
import { REALISTIC_RATE } from "../portal/rate.ts";
import { AUTHORIZE_MODES, ERROR_SHAPES, ROTATION_MODES } from "../state/settings.ts";
import type { State } from "../state/state.ts";

/** How one knob is turned: its input narrowed, then applied. What it returns goes back to the caller. */
export interface Knob<T> {
  schema: Schema<T>;
  apply: (state: State, input: T) => unknown;
}

export function knob<T>(schema: Schema<T>, apply: (state: State, input: T) => unknown): Knob<T> {
  return { schema, apply };
}

const seconds = number(0);

const account = object(
  { accountId: string, roles: listOf(string) },
  { accountName: string, emailAddress: string },
);

/** Knobs that change how the emulator behaves from now on; each can also be set at the start. */
export const settingKnobs = {
  region: knob(object({ region: string }, {}), ({ settings }, input) => {
    settings.region = input.region;
  }),
  startUrls: knob(object({ allow: orNull(listOf(string)) }, {}), ({ settings }, input) => {
    settings.allowedStartUrls = input.allow;
  }),
  publicBaseUrl: knob(object({ url: orNull(string) }, {}), ({ settings }, input) => {
    settings.publicBaseUrl = input.url;
  }),
  identity: knob(object({}, { username: string, partition: string }), ({ settings }, input) => {
    Object.assign(settings.identity, input);
  }),
  lifetimes: knob(
    object(
      {},
      {
        accessTokenSeconds: seconds,
        legacyAccessTokenSeconds: seconds,
        sessionSeconds: seconds,
        registrationSeconds: seconds,
        deviceCodeSeconds: seconds,
        intervalSeconds: orNull(seconds),
        authorizationCodeSeconds: seconds,
        roleCredentialsSeconds: seconds,
        roleSeconds: recordOf(seconds),
        signInTokenSeconds: seconds,
      },
    ),
    ({ settings }, input) => {
      Object.assign(settings.lifetimes, input);
    },
  ),
  rotation: knob(
    object({ mode: oneOf(...ROTATION_MODES) }, { graceMs: number(0) }),
    ({ settings }, input) => {
      Object.assign(settings.rotation, input);
    },
  ),
  omitRefreshToken: knob(object({ omit: boolean }, {}), ({ settings }, input) => {
    settings.omitRefreshToken = input.omit;
  }),
  slowDown: knob(object({}, { strict: boolean, next: integer(0) }), ({ settings }, input) => {
    Object.assign(settings.slowDown, input);
  }),
  autoApprove: knob(object({ afterPolls: orNull(integer(0)) }, {}), ({ settings }, input) => {
    settings.autoApproveAfterPolls = input.afterPolls;
  }),
  authorize: knob(object({ mode: oneOf(...AUTHORIZE_MODES) }, {}), ({ settings }, input) => {
    settings.authorize = input.mode;
  }),
  paging: knob(
    object({}, { pageSize: integer(1, 100), emptyPages: boolean, repeatToken: boolean }),
    ({ settings }, input) => {
      Object.assign(settings.paging, input);
    },
  ),
  errorShape: knob(object({ shape: oneOf(...ERROR_SHAPES) }, {}), ({ settings }, input) => {
    settings.errorShape = input.shape;
  }),
  nulls: knob(object({ write: boolean }, {}), ({ settings }, input) => {
    settings.nulls = input.write;
  }),
  sigv4: knob(object({}, { verify: boolean, windowSeconds: seconds }), ({ settings }, input) => {
    Object.assign(settings.sigv4, input);
  }),
  rate: knob(
    either(
      oneOf("off", "realistic"),
      object({ burst: number(1), refillPerSecond: number(0) }, { key: oneOf("token", "ip") }),
      (input) => typeof input === "string",
    ),
    (state, input) => {
      state.buckets.clear();
      if (input === "off") state.settings.rate = null;
      else if (input === "realistic") state.settings.rate = { ...REALISTIC_RATE };
      else state.settings.rate = { key: "token", ...input };
    },
  ),
  org: knob(
    object(
      {},
      {
        accounts: either(
          integer(0, 100_000),
          listOf(account),
          (input) => typeof input === "number",
        ),
        roles: integer(0, 1000),
        seed: string,
      },
    ),
    (state, input) => {
      state.org = createOrg(input);
    },
  ),
  directory: knob(directoryInput, ({ directory }, input) => {
    Object.assign(directory, structuredClone(input));
  }),
};
