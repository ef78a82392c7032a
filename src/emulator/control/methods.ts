import type { Fault } from "../faults.ts";
import { turnKnob, type KnobInput, type KnobName } from "./knobs.ts";
import type { Route } from "../routes.ts";
import type { SignIn } from "../sign-in/tokens.ts";
import type { State } from "../state/state.ts";

/** Returns the most used knobs as methods. Each does the same as `POST /_emu/<knob>`; bad input throws. */
export function createControls(state: State) {
  /** Turns any knob by name; returns the answer of `POST /_emu/<knob>`. */
  const turn = <N extends KnobName>(name: N, input: KnobInput<N>): unknown =>
    turnKnob(state, name, input);
  return {
    turn,
    approveDevice: (userCode: string) => turn("approveDevice", { userCode }),
    denyDevice: (userCode: string) => turn("denyDevice", { userCode }),
    /** Pending polls before approval. 0: at once; null (default): a person approves. */
    autoApprove: (afterPolls: number | null) => turn("autoApprove", { afterPolls }),
    /** Performs a complete device sign-in of a client with this name and these scopes. */
    signIn: (clientName: string, scopes: string[]) =>
      turn("signIn", { clientName, scopes }) as SignIn,
    /** Expires all access tokens, or one. */
    expireAccessTokens: (token?: string) => turn("expireAccessTokens", toField("token", token)),
    expireRoleCredentials: (which: KnobInput<"expireRoleCredentials"> = {}) =>
      turn("expireRoleCredentials", which),
    revokeRefreshTokens: (token?: string) => turn("revokeRefreshTokens", toField("token", token)),
    /** Revokes all sessions, or that of one access or refresh token. */
    revokeSessions: (token?: string) => turn("revokeSessions", toField("token", token)),
    /** Invalidates one client, or all. */
    invalidateClient: (clientId?: string) =>
      turn("invalidateClient", toField("clientId", clientId)),
    setFault: (fault: Fault) => turn("setFault", fault),
    clearFaults: (route?: Route) => turn("clearFaults", route === undefined ? {} : { route }),
    assign: (accountId: string, roleName: string, accountName?: string) =>
      turn("assign", { accountId, roleName, ...toField("accountName", accountName) }),
    unassign: (accountId: string, roleName: string) => turn("unassign", { accountId, roleName }),
    deny: (accountId: string, roleName: string, denied = true) =>
      turn("deny", { accountId, roleName, denied }),
    setOrg: (org: KnobInput<"org">) => turn("org", org),
  };
}

/** Returns methods for the access keys that the emulated STS accepts. */
export function createKeyControls({ issued }: State) {
  return {
    /** Returns the role credentials with this key id; undefined if the emulator did not issue them. */
    findOwner: (accessKeyId: string) => issued.roleCredentials.get(accessKeyId),
    /** Makes STS accept other keys, such as long-term keys of a user. */
    acceptKeys: (accessKeyId: string, secretAccessKey: string, sessionToken = "") =>
      void issued.roleCredentials.set(accessKeyId, {
        accessKeyId,
        secretAccessKey,
        sessionToken,
        accountId: "000000000000",
        roleName: accessKeyId,
        username: "user",
        expiresAt: Infinity,
        chained: true,
      }),
  };
}

function toField<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
