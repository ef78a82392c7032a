import { KNOB_NAMES, tryKnob } from "./knobs.ts";
import { parseJson } from "../parse.ts";
import { json, type ReceivedRequest, type Reply } from "../http.ts";
import type { State } from "../state/state.ts";

/** `/_emu/…`: the knobs and the journal as JSON. Never in the journal itself. */
export function administer(state: State, request: ReceivedRequest): Reply {
  // A page in a browser sends Origin with a cross-site POST; tools do not.
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

function read(state: State, name: string): Reply {
  switch (name) {
    case "journal":
      return json(200, state.journal.entries());
    case "settings":
      return json(200, { now: new Date(state.clock.now()).toISOString(), ...state.settings });
    case "devices":
      return json(
        200,
        [...state.issued.devices.values()].map(({ userCode, clientName, status }) => {
          return { userCode, clientName, status };
        }),
      );
    case "knobs":
      return json(200, KNOB_NAMES);
    default:
      return json(404, { message: `read journal, settings, devices or knobs; not ${name}` });
  }
}

function turn(state: State, name: string, body: string): Reply {
  const input = body === "" ? {} : parseJson(body);
  if (input === undefined) return json(400, { message: "the body is not JSON" });
  const turned = tryKnob(state, name, input);
  if ("unknownKnob" in turned)
    return json(404, { message: `no knob ${name}; there are: ${KNOB_NAMES.join(", ")}` });
  if ("problem" in turned) return json(400, { message: turned.problem });
  return json(200, turned.result ?? {});
}
