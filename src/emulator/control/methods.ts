import type { Fault } from "../faults.ts";
import { turnKnob, type KnobInput, type KnobName } from "./knobs.ts";
import type { Route } from "../routes.ts";
import type { SignIn } from "../sign-in/tokens.ts";
import type { State } from "../state/state.ts";

/** The knobs that tests turn most, as methods. Each does what `POST /_emu/<knob>` does; bad input throws. */
export interface Controls {
  approveDevice(userCode: string): void;
  denyDevice(userCode: string): void;
  /** Pending polls before approval; 0 at once; null (the default state) leaves it to a person. */
  autoApprove(afterPolls: number | null): void;
  /** A whole sign-in at once, as a device sign-in with this name and these scopes would end. */
  signIn(clientName: string, scopes: string[]): SignIn;
  /** All access tokens, or one. */
  expireAccessTokens(token?: string): void;
  expireRoleCredentials(which?: KnobInput<"expireRoleCredentials">): void;
  revokeRefreshTokens(token?: string): void;
  /** All sessions, or that of one access or refresh token. */
  revokeSessions(token?: string): void;
  /** One client, or all. */
  invalidateClient(clientId?: string): void;
  setFault(fault: Fault): void;
  clearFaults(route?: Route): void;
  assign(accountId: string, roleName: string, accountName?: string): void;
  unassign(accountId: string, roleName: string): void;
  deny(accountId: string, roleName: string, denied?: boolean): void;
  setOrg(org: KnobInput<"org">): void;
  /** Any other knob, by its name; returns what `POST /_emu/<knob>` answers. */
  turn<N extends KnobName>(name: N, input: KnobInput<N>): unknown;
}

function toField<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

export function createControls(state: State): Controls {
  const turn = <N extends KnobName>(name: N, input: KnobInput<N>): unknown =>
    turnKnob(state, name, input);
  return {
    turn,
    approveDevice: (userCode) => turn("approveDevice", { userCode }),
    denyDevice: (userCode) => turn("denyDevice", { userCode }),
    autoApprove: (afterPolls) => turn("autoApprove", { afterPolls }),
    signIn: (clientName, scopes) => turn("signIn", { clientName, scopes }) as SignIn,
    expireAccessTokens: (token) => turn("expireAccessTokens", toField("token", token)),
    expireRoleCredentials: (which = {}) => turn("expireRoleCredentials", which),
    revokeRefreshTokens: (token) => turn("revokeRefreshTokens", toField("token", token)),
    revokeSessions: (token) => turn("revokeSessions", toField("token", token)),
    invalidateClient: (clientId) => turn("invalidateClient", toField("clientId", clientId)),
    setFault: (fault) => turn("setFault", fault),
    clearFaults: (route) => turn("clearFaults", route === undefined ? {} : { route }),
    assign: (accountId, roleName, accountName) =>
      turn("assign", { accountId, roleName, ...toField("accountName", accountName) }),
    unassign: (accountId, roleName) => turn("unassign", { accountId, roleName }),
    deny: (accountId, roleName, denied = true) => turn("deny", { accountId, roleName, denied }),
    setOrg: (org) => turn("org", org),
  };
}
