import { decideDevice, findPendingDevice } from "../sign-in/device-page.ts";
import { knob } from "./setting-knobs.ts";
import {
  anything,
  inputError,
  boolean,
  either,
  integer,
  listOf,
  number,
  object,
  oneOf,
  recordOf,
  string,
} from "../parse.ts";
import { assign, unassign } from "../state/organization.ts";
import { ROUTES } from "../routes.ts";
import { issueSignIn } from "../sign-in/tokens.ts";
import type { SsoSession, State } from "../state/state.ts";

const nothing = object({}, {});
const userCode = object({ userCode: string }, {});
/** Epoch milliseconds or ISO 8601. */
const instant = either(number(0), string, (input) => typeof input === "number");
const place = { accountId: string, roleName: string };

function decide(state: State, typed: string, decision: "approved" | "denied"): void {
  const device = findPendingDevice(state, typed);
  if (device === undefined) throw inputError(`no device waits under the code ${typed}`);
  decideDevice(state, device, decision);
}

/** The sessions meant: that of one token, or all. */
function findSessions(state: State, token: string | undefined): SsoSession[] {
  if (token === undefined) return state.issued.sessions;
  const holder = state.issued.accessTokens.get(token) ?? state.issued.refreshTokens.get(token);
  if (holder === undefined) throw inputError("no session has that token");
  return [holder.session];
}

/** Knobs that do something once. */
export const actionKnobs = {
  clock: knob(
    object({}, { set: instant, advanceMs: number(0), frozen: boolean }),
    ({ clock }, input) => {
      const isInstant = input.set === undefined || !Number.isNaN(new Date(input.set).getTime());
      if (!isInstant) throw inputError("clock.set is no instant");
      if (input.frozen === true) clock.freeze();
      if (input.frozen === false) clock.resume();
      if (input.set !== undefined) clock.set(input.set);
      if (input.advanceMs !== undefined) clock.advance(input.advanceMs);
      return { now: new Date(clock.now()).toISOString() };
    },
  ),
  approveDevice: knob(userCode, (state, input) => decide(state, input.userCode, "approved")),
  denyDevice: knob(userCode, (state, input) => decide(state, input.userCode, "denied")),
  /** A whole sign-in at once: answers with the client and its tokens. */
  signIn: knob(object({}, { clientName: string, scopes: listOf(string) }), (state, input) =>
    issueSignIn(state, input.clientName ?? "a client", input.scopes ?? []),
  ),
  /** One access token, or all. */
  expireAccessTokens: knob(object({}, { token: string }), ({ issued, clock }, input) => {
    if (input.token !== undefined && !issued.accessTokens.has(input.token))
      throw inputError("no such access token");
    for (const access of issued.accessTokens.values()) {
      if (input.token === undefined || input.token === access.token) access.expiresAt = clock.now();
    }
  }),
  expireRoleCredentials: knob(
    object({}, { accountId: string, roleName: string, accessKeyId: string }),
    ({ issued, clock }, input) => {
      for (const credentials of issued.roleCredentials.values()) {
        const meant = (["accountId", "roleName", "accessKeyId"] as const).every(
          (key) => input[key] === undefined || input[key] === credentials[key],
        );
        if (meant) credentials.expiresAt = clock.now();
      }
    },
  ),
  revokeRefreshTokens: knob(object({}, { token: string }), ({ issued }, input) => {
    if (input.token !== undefined && !issued.refreshTokens.has(input.token))
      throw inputError("no such refresh token");
    for (const refresh of issued.refreshTokens.values()) {
      if (input.token === undefined || input.token === refresh.token) refresh.revoked = true;
    }
  }),
  /** The session of one token, or all. */
  revokeSessions: knob(object({}, { token: string }), (state, input) => {
    for (const session of findSessions(state, input.token)) session.revoked = true;
  }),
  invalidateClient: knob(object({}, { clientId: string }), ({ issued }, input) => {
    if (input.clientId !== undefined && !issued.registrations.has(input.clientId))
      throw inputError("no such client");
    for (const client of issued.registrations.values()) {
      if (input.clientId === undefined || input.clientId === client.clientId)
        client.invalidated = true;
    }
  }),
  setFault: knob(
    object(
      { route: oneOf("*", ...ROUTES) },
      {
        match: object({}, { accountId: string, roleName: string, grantType: string }),
        times: integer(1),
        every: integer(1),
        status: integer(200, 599),
        error: string,
        body: anything,
        headers: recordOf(string),
        delayMs: number(0, 3_600_000),
        drop: oneOf("before", "after", "mid-body"),
        truncate: integer(0),
        html: boolean,
      },
    ),
    (state, fault) => {
      state.faults.push({ fault, seen: 0, struck: 0 });
    },
  ),
  clearFaults: knob(object({}, { route: oneOf("*", ...ROUTES) }), (state, input) => {
    state.faults = state.faults.filter(
      ({ fault }) => input.route !== undefined && fault.route !== input.route,
    );
  }),
  assign: knob(object(place, { accountName: string }), ({ org }, input) =>
    assign(org, input.accountId, input.roleName, input.accountName),
  ),
  unassign: knob(object(place, {}), ({ org }, input) =>
    unassign(org, input.accountId, input.roleName),
  ),
  /** Still listed, but refused: a stale assignment. `denied: false` takes it back. */
  deny: knob(object(place, { denied: boolean }), ({ org }, input) => {
    const pair = `${input.accountId}/${input.roleName}`;
    if (input.denied === false) org.denied.delete(pair);
    else org.denied.add(pair);
  }),
  clearJournal: knob(nothing, ({ journal }) => journal.clear()),
};
