import { CAUSES, type CauseId } from "../causes.ts";
import type { Facts } from "../machine/facts.ts";
import {
  judgeAge,
  judgeConfig,
  judgeOthers,
  judgeProcess,
  judgeProfile,
  judgeRegion,
  judgeSession,
} from "./files.ts";
import {
  judgeClock,
  judgeIdentity,
  judgeNothing,
  judgePermission,
  judgePlace,
  judgePortal,
  judgeRegistry,
  judgeRole,
  judgeScopes,
  judgeToken,
  judgeWay,
} from "./services.ts";
import { judgeByRules, type Judge, type Verdict } from "./verdict.ts";

/** Decides which cause is true on this machine. Pure functions. */

/**
 * Returns the first cause, in the order of `CAUSES`, that is true here. If none is true, returns the most likely one with
 * the result of its check.
 * @param causes the most likely one first.
 */
export function judgeCauses(causes: readonly [CauseId, ...CauseId[]], facts: Facts): Verdict {
  const order = Object.keys(CAUSES);
  const judge = (cause: CauseId): Verdict => ({
    cause,
    ...JUDGES[cause]({ ...facts, causes }, cause),
  });
  const likeliest = judge(causes[0]);
  const verdicts = [likeliest, ...causes.slice(1).map(judge)];
  return (
    verdicts
      .toSorted((a, b) => order.indexOf(a.cause) - order.indexOf(b.cause))
      .find(({ here }) => here === "yes") ?? likeliest
  );
}

const JUDGES: Readonly<Record<CauseId, Judge>> = {
  "profile-missing": judgeProfile,
  "session-missing": judgeSession,
  "client-too-old": judgeAge,
  "config-invalid": judgeConfig,
  "other-credentials": judgeOthers,
  "process-gone": judgeProcess,
  "process-failed": judgeProcess,
  "process-output": judgeProcess,
  "region-missing": judgeRegion,
  "region-wrong": judgeByRules(judgePlace),
  certificate: judgeByRules(judgeWay),
  proxy: judgeByRules(judgeWay),
  unreachable: judgeWay,
  throttled: judgeWay,
  "clock-off": judgeClock,
  "token-missing": judgeToken,
  "scope-missing": judgeScopes,
  "session-ended": judgeToken,
  "refresh-refused": judgeToken,
  "token-expired": judgeToken,
  "role-not-assigned": judgeRole,
  "assume-role-refused": judgeIdentity,
  "credentials-expired": judgeIdentity,
  "credentials-invalid": judgeIdentity,
  "permission-missing": judgePermission,
  "registry-login": judgeRegistry,
  "sign-in-ended": judgePortal,
  "no-credentials": judgeNothing,
};
