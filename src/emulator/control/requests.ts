import { json, type ReceivedRequest, type Reply } from "../http.ts";
import { parseJson } from "../parse.ts";
import { isInputError } from "../schema.ts";
import type { State } from "../state/state.ts";
import { isKnobName, KNOB_NAMES, turnKnob } from "./knobs.ts";

/** Serves `/_emu/…`: the knobs and the journal as JSON. These requests are not in the journal. */
export function administer(state: State, request: ReceivedRequest): Reply {
  // Browsers send Origin with a cross-site POST; tools do not.
  if (request.headers["origin"] !== undefined) return json(403, { message: "not for browsers" });
  const name = request.path.slice("/_emu/".length);
  switch (request.method) {
    case "GET":
      return read(state, name);
    case "DELETE":
      if (name !== "journal") return json(404, { message: `nothing to delete: ${name}` });
      state.journal.clear();
      return json(200, {});
    case "POST":
      return turn(state, name, request.body);
    default:
      return json(405, { message: "GET, POST or DELETE" });
  }
}

const READABLE = new Map<string, (state: State) => unknown>([
  ["journal", ({ journal }) => journal.entries()],
  [
    "settings",
    ({ clock, settings }) => ({ now: new Date(clock.now()).toISOString(), ...settings }),
  ],
  [
    "devices",
    ({ issued }) =>
      [...issued.devices.values()].map(({ userCode, clientName, status }) => {
        return { userCode, clientName, status };
      }),
  ],
  ["knobs", () => KNOB_NAMES],
]);

function read(state: State, name: string): Reply {
  const readable = READABLE.get(name);
  if (readable === undefined)
    return json(404, { message: `read journal, settings, devices or knobs; not ${name}` });
  return json(200, readable(state));
}

function turn(state: State, name: string, body: string): Reply {
  const input = body === "" ? {} : parseJson(body);
  if (input === undefined) return json(400, { message: "the body is not JSON" });
  if (!isKnobName(name))
    return json(404, { message: `no knob ${name}; there are: ${KNOB_NAMES.join(", ")}` });
  try {
    return json(200, turnKnob(state, name, input) ?? {});
  } catch (error) {
    if (isInputError(error)) return json(400, { message: error.message });
    throw error;
  }
}
