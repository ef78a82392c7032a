import type { CauseId } from "../causes.ts";
import type { SessionFacts } from "./facts.ts";

/** What is wrong with a token, by its file and by what AWS has said of it before: a cause, and the words for it. */
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
        ? `the token of ${label} is from ${token.region}, and the config says ${region}`
        : `the token under the name ${label} is another portal's`,
    };
  const { until, isExpired, hasRefreshToken, refused } = token;
  if (refused === "token")
    return { cause: "session-ended", words: `AWS refuses the token of ${label}` };
  if (!isExpired) return undefined;
  const ended = `the token of ${label} ended at ${until}`;
  if (!hasRefreshToken)
    return { cause: "token-expired", words: `${ended} and has no refresh token` };
  if (refused === "refresh")
    return { cause: "refresh-refused", words: `${ended}, and AWS refused to renew it` };
  return portal === undefined
    ? { cause: "token-expired", words: `${ended}; whether AWS renews it was not asked` }
    : undefined;
}
