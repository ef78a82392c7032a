import type { Context } from "../../context.ts";
import { isPortableName } from "../../aws-config/header.ts";
import { latchkeyDirectory } from "../../fs/paths.ts";
import { ignoreExpected, readCacheJson, removeFile } from "../../fs/read.ts";
import { writeSecretFile } from "../../fs/replace.ts";
import { isAccountId, isRoleName } from "../../model/role.ts";
import { parseScopes } from "../../model/sso-session.ts";
import { isClientRegion, isRegion, judgeRegion, readTypedStartUrl } from "../../model/start-url.ts";
import { OUTPUT_FORMATS } from "../../model/values.ts";
import { isRecord, toRecord } from "../../text/json.ts";
import { redact } from "../../text/secrets/redact.ts";
import { STEPS, type Step, type StepAnswers } from "./steps.ts";

/**
 * The answers of a run that ended before it wrote anything, used as defaults of the next run. Errors are ignored,
 * because this is only a convenience. Secrets are not stored.
 */
export interface KeptAnswers {
  readonly answers: StepAnswers;
  /** Whether signing in with these answers failed; then each question is asked again. */
  readonly hasFailed: boolean;
}

/** Checks of the stored answers, because another version or a person may have written the file. */
const CHECKS: Readonly<Record<Step, (value: string) => boolean>> = {
  ssoSession: isPortableName,
  startUrl: (value) => {
    const typed = readTypedStartUrl(value);
    return typed.kind === "url" && typed.url === value;
  },
  ssoRegion: (value) => isRegion(value) && judgeRegion(value).kind !== "slip",
  registrationScopes: (value) => parseScopes(value) !== undefined,
  accountId: isAccountId,
  roleName: isRoleName,
  region: (value) => value === "" || (isClientRegion(value) && judgeRegion(value).kind !== "slip"),
  output: (value) => value === "" || OUTPUT_FORMATS.includes(value),
  profile: isPortableName,
};

export function parseKeptAnswers(stored: unknown): KeptAnswers | undefined {
  if (!isRecord(stored) || stored["version"] !== 1) return undefined;
  const source = toRecord(stored["answers"]);
  const right = STEPS.flatMap((step) => {
    const value = source[step];
    const isRight = typeof value === "string" && value.length <= 2048 && CHECKS[step](value);
    return isRight && redact(value) === value ? [[step, value] as const] : [];
  });
  if (right.length === 0) return undefined;
  return { answers: Object.fromEntries(right), hasFailed: stored["hasFailed"] === true };
}

/**
 * Drops stored answers that do not belong to the given answers: a role of another profile, values of another session.
 * @param given Answers from flags.
 */
export function narrowKeptAnswers(kept: StepAnswers, given: StepAnswers): StepAnswers {
  const differs = (step: Step): boolean => given[step] !== undefined && given[step] !== kept[step];
  const isOtherSession = differs("ssoSession") || differs("startUrl") || differs("ssoRegion");
  const isOtherProfile = isOtherSession || (kept.profile !== undefined && differs("profile"));
  const { ssoSession, startUrl, ssoRegion, registrationScopes, ...role } = kept;
  return {
    ...(isOtherSession ? {} : { ssoSession, startUrl, ssoRegion, registrationScopes }),
    ...(isOtherProfile ? {} : role),
  };
}

function answersPath(home: string): string {
  return latchkeyDirectory(home, "answers.json");
}

export function readKeptAnswers({ home }: Context): KeptAnswers | undefined {
  return parseKeptAnswers(ignoreExpected(() => readCacheJson(answersPath(home))));
}

/** Stores the answers. @returns whether that succeeded. */
export function keepAnswers({ home }: Context, { answers, hasFailed }: KeptAnswers): boolean {
  const kept = parseKeptAnswers({ version: 1, answers, hasFailed });
  if (kept === undefined) return false;
  const text = `${JSON.stringify({ version: 1, ...kept })}\n`;
  return ignoreExpected(() => (writeSecretFile(answersPath(home), text), true)) ?? false;
}

export function dropKeptAnswers({ home }: Context): void {
  ignoreExpected(() => removeFile(answersPath(home)));
}
