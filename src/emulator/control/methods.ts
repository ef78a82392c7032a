import type { Fault } from "../faults.ts";
import { turnKnob, type KnobInput, type KnobName } from "./knobs.ts";
import type { Route } from "../routes.ts";
import type { SignIn } from "../sign-in/tokens.ts";
import type { State } from "../state/state.ts";

/** The knobs that tests turn most, as methods. Each does what `POST /_emu/<knob>` does; bad input throws. */
export function createControls(state: State) {
  /** Any knob, by its name; returns what `POST /_emu/<knob>` answers. */
  const turn = <N extends KnobName>(name: N, input: KnobInput<N>): unknown =>
    turnKnob(state, name, input);
  return {
    turn,
    approveDevice: (userCode: string) => turn("approveDevice", { userCode }),
    denyDevice: (userCode: string) => turn("denyDevice", { userCode }),
    /** Pending polls before approval; 0 at once; null (the default state) leaves it to a person. */
    autoApprove: (afterPolls: number | null) => turn("autoApprove", { afterPolls }),
    /** A whole sign-in at once, as a device sign-in with this name and these scopes would end. */
    signIn: (clientName: string, scopes: string[]) =>
      turn("signIn", { clientName, scopes }) as SignIn,
    /** All access tokens, or one. */
    expireAccessTokens: (token?: string) => turn("expireAccessTokens", toField("token", token)),
    expireRoleCredentials: (which: KnobInput<"expireRoleCredentials"> = {}) =>
      turn("expireRoleCredentials", which),
    revokeRefreshTokens: (token?: string) => turn("revokeRefreshTokens", toField("token", token)),
    /** All sessions, or that of one access or refresh token. */
    revokeSessions: (token?: string) => turn("revokeSessions", toField("token", token)),
    /** One client, or all. */
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

/** What tests ask and tell about keys that STS takes. */
export function createKeyControls({ issued }: State) {
  return {
    /** Whose keys these are; undefined: not given out here. */
    findOwner: (accessKeyId: string) => issued.roleCredentials.get(accessKeyId),
    /** Lets STS take keys that were made elsewhere, a user's of long standing for one. */
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
