import { faultInput } from "../faults.ts";
import { ROUTES } from "../routes.ts";
import * as v from "../schema.ts";
import { decideDevice, findPendingDevice } from "../sign-in/device-page.ts";
import { issueSignIn } from "../sign-in/tokens.ts";
import { assign, unassign } from "../state/organization.ts";
import type { SsoSession, State } from "../state/state.ts";
import { knob } from "./setting-knobs.ts";

const userCode = v.object({ userCode: v.string });
const oneToken = v.patch({ token: v.string });
/** Epoch milliseconds or ISO 8601. */
const instant = v.either(v.number(0), v.string, (input) => typeof input === "number");
const role = { accountId: v.string, roleName: v.string };

function decide(state: State, typed: string, decision: "approved" | "denied"): void {
  const device = findPendingDevice(state, typed);
  if (device === undefined) throw v.inputError(`no device is waiting with the code ${typed}`);
  decideDevice(state, device, decision);
}

/** Returns the value that the emulator issued under this key, or all issued values if no key is given. */
function select<T>(issued: ReadonlyMap<string, T>, key: string | undefined, noun: string): T[] {
  if (key === undefined) return [...issued.values()];
  const found = issued.get(key);
  if (found === undefined) throw v.inputError(`no such ${noun}`);
  return [found];
}

/** Returns the session of the token, or all sessions if there is no token. */
function findSessions(state: State, token: string | undefined): SsoSession[] {
  if (token === undefined) return state.issued.sessions;
  const holder = state.issued.accessTokens.get(token) ?? state.issued.refreshTokens.get(token);
  if (holder === undefined) throw v.inputError("no session has that token");
  return [holder.session];
}

/** Knobs that perform an action. */
export const actionKnobs = {
  clock: knob(
    v.patch({ set: instant, advanceMs: v.number(0), frozen: v.boolean }),
    ({ clock }, input) => {
      const isInstant = input.set === undefined || !Number.isNaN(new Date(input.set).getTime());
      if (!isInstant) throw v.inputError("clock.set is not an instant");
      if (input.frozen === true) clock.freeze();
      if (input.frozen === false) clock.resume();
      if (input.set !== undefined) clock.set(input.set);
      if (input.advanceMs !== undefined) clock.advance(input.advanceMs);
      return { now: new Date(clock.now()).toISOString() };
    },
  ),
  approveDevice: knob(userCode, (state, input) => decide(state, input.userCode, "approved")),
  denyDevice: knob(userCode, (state, input) => decide(state, input.userCode, "denied")),
  /** Performs a complete sign-in; returns the client and its tokens. */
  signIn: knob(v.patch({ clientName: v.string, scopes: v.listOf(v.string) }), (state, input) =>
    issueSignIn(state, input.clientName ?? "a client", input.scopes ?? []),
  ),
  /** Expires one access token, or all. */
  expireAccessTokens: knob(oneToken, ({ issued, clock }, { token }) => {
    for (const access of select(issued.accessTokens, token, "access token"))
      access.expiresAt = clock.now();
  }),
  expireRoleCredentials: knob(
    v.patch({ ...role, accessKeyId: v.string }),
    ({ issued, clock }, input) => {
      for (const credentials of issued.roleCredentials.values()) {
        const isMeant = (["accountId", "roleName", "accessKeyId"] as const).every(
          (key) => input[key] === undefined || input[key] === credentials[key],
        );
        if (isMeant) credentials.expiresAt = clock.now();
      }
    },
  ),
  revokeRefreshTokens: knob(oneToken, ({ issued }, { token }) => {
    for (const refresh of select(issued.refreshTokens, token, "refresh token"))
      refresh.revoked = true;
  }),
  /** Revokes the session of one token, or all sessions. */
  revokeSessions: knob(oneToken, (state, input) => {
    for (const session of findSessions(state, input.token)) session.revoked = true;
  }),
  invalidateClient: knob(v.patch({ clientId: v.string }), ({ issued }, { clientId }) => {
    for (const client of select(issued.registrations, clientId, "client"))
      client.invalidated = true;
  }),
  setFault: knob(faultInput, (state, fault) => {
    state.faults.push({ fault, seen: 0, struck: 0 });
  }),
  clearFaults: knob(v.patch({ route: v.oneOf("*", ...ROUTES) }), (state, input) => {
    state.faults = state.faults.filter(
      ({ fault }) => input.route !== undefined && fault.route !== input.route,
    );
  }),
  assign: knob(v.object({ ...role, accountName: v.optional(v.string) }), ({ org }, input) =>
    assign(org, input.accountId, input.roleName, input.accountName),
  ),
  unassign: knob(v.object(role), ({ org }, input) =>
    unassign(org, input.accountId, input.roleName),
  ),
  /** Refuses a role that is still listed, like a stale assignment. `denied: false` undoes it. */
  deny: knob(v.object({ ...role, denied: v.optional(v.boolean) }), ({ org }, input) => {
    const pair = `${input.accountId}/${input.roleName}`;
    if (input.denied === false) org.denied.delete(pair);
    else org.denied.add(pair);
  }),
  clearJournal: knob(v.object({}), ({ journal }) => journal.clear()),
};
