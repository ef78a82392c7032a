import type { Emulator } from "../../src/emulator/emulator.ts";
import type { KnobInput, KnobName } from "../../src/emulator/control/knobs.ts";
import * as sdk from "../support/emulator-clients.ts";

/** A row's input: an emulator, and a function that turns a knob in process or over HTTP. */
export interface Bench {
  emulator: Emulator;
  turn: <N extends KnobName>(name: N, input: KnobInput<N>) => Promise<unknown>;
}

/** Turns its knob and checks the effect in the services. */
export type Row = (bench: Bench) => Promise<void>;
export type Rows = Partial<Record<KnobName, Row>>;

export const ACCOUNT = "100000000001";
export const ROLE = "ViewOnlyAccess";
export const CREDENTIALS_PATH = `/federation/credentials?account_id=${ACCOUNT}&role_name=${ROLE}`;

export async function fetchStatus(
  emulator: Emulator,
  accessToken: string,
  path = "/assignment/accounts",
): Promise<number> {
  return (await sdk.fetchPortal(emulator, path, accessToken)).status;
}
