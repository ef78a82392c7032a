import type { CauseId } from "../causes.ts";
import type { SessionFacts } from "./facts.ts";

/** Returns the cause for which a token fails, from its file and from refusals that were recorded earlier. */
export function findTokenFault({
  label,
  token,
  portal,
  region,
}: SessionFacts): { readonly cause: CauseId; readonly words: string } | undefined {
  if (token.kind === "none")
    return { cause: "token-missing", words: `${label} has no token on this machine` };
  if (token.kind === "unreadable")
    return { cause: "token-missing", words: `the token of ${label} can't be read` };
  if (token.kind === "foreign")
    return {
      cause: token.isOfSameUrl ? "region-wrong" : "token-missing",
      words: token.isOfSameUrl
        ? `the token of ${label} is from ${token.region}, but the config has ${region}`
        : `the token file of ${label} has another portal's token`,
    };
  const { until, isExpired, hasRefreshToken, refused } = token;
  if (refused === "token")
    return { cause: "session-ended", words: `AWS refuses the token of ${label}` };
  if (!isExpired) return undefined;
  const ended = `the token of ${label} expired at ${until}`;
  if (!hasRefreshToken)
    return { cause: "token-expired", words: `${ended} and has no refresh token` };
  if (refused === "refresh")
    return { cause: "refresh-refused", words: `${ended}, and AWS refused to refresh it` };
  return portal === undefined
    ? { cause: "token-expired", words: `${ended}; AWS was not asked to refresh it` }
    : undefined;
}
