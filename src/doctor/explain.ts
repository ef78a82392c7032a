import type { Context } from "../context.ts";
import { findSection, type ConfigSection } from "../aws-config/document.ts";
import { LatchkeyError, configError, hasCode, type ErrorCode } from "../errors.ts";
import { wasNeverSent } from "../aws/call/failure.ts";
import { findCredentialsLine, findValue } from "../profiles/profile.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { diagnose } from "./findings.ts";
import { locateKey, type Observations } from "./observations.ts";
import { observeFiles } from "./observe.ts";
import { DOCTOR_RULES } from "./rule-table.ts";

/**
 * Finds the reason of a failure in this machine's files: the doctor's findings for the profile and its source profiles.
 * Tokens and services are not checked.
 */

/**
 * The rules whose findings explain a failure with that code. Files contain few reasons for a refused role or an
 * unreachable host.
 */
const REASONS: Readonly<Partial<Record<ErrorCode, readonly string[]>>> = {
  CONFIG_INVALID: [
    "credentials-refused",
    "session-missing",
    "session-conflict",
    "session-incomplete",
    "start-url-invalid",
    "sso-region-invalid",
    "role-incomplete",
    "account-id-invalid",
    "process-gone",
    "process-quotes",
    "process-calls-itself",
    "role-without-source",
    "source-profile-missing",
    "source-profile-loop",
    "role-duration",
    "role-session-name",
    "region-misspelt",
  ],
  ACCESS_DENIED: ["role-duration", "role-session-name"],
  UNREACHABLE: ["region-misspelt", "ca-bundle-unusable"],
};

/** Returns an error with the reason, else the given error. */
export async function explainFailure(
  context: Context,
  error: LatchkeyError,
  profile: string,
): Promise<LatchkeyError> {
  const ids = REASONS[error.code] ?? [];
  if (ids.length === 0 || (error.code === "UNREACHABLE" && !wasNeverSent(error.cause)))
    return error;
  const seen = { ...(await observeFiles(context, false)), services: [], tools: [] };
  if (namesItsLine(error, findSection(seen.config.document, "profile", profile))) return error;
  return explainKind(seen, error, profile) ?? explainFinding(seen, ids, profile, error) ?? error;
}

/** Whether the error already has the line of the problem, not only that of the profile's header. */
function namesItsLine(
  { code, message }: LatchkeyError,
  section: ConfigSection | undefined,
): boolean {
  const line = /, line (\d+)/.exec(message)?.[1];
  return code === "CONFIG_INVALID" && line !== undefined && Number(line) !== section?.line;
}

/** Explains valid profiles that latchkey can't use: one of `aws login`, and one without a source of credentials. */
function explainKind(
  { config, credentialsProfiles }: Observations,
  error: LatchkeyError,
  name: string,
): LatchkeyError | undefined {
  const section = findSection(config.document, "profile", name);
  const isUnusable = hasCode(error, "CONFIG_INVALID") && section !== undefined;
  if (!isUnusable || credentialsProfiles.has(name)) return undefined;
  const place = locateKey(config.path, section, "login_session");
  if (findValue(section, "login_session") !== undefined)
    return new LatchkeyError(
      "SIGN_IN_REQUIRED",
      `The profile "${name}" signs in with aws login, and that sign-in has expired (${place}).`,
      { hint: `aws login --profile ${quoteShellWord(name)}`, cause: error },
    );
  if (findCredentialsLine(section) !== undefined) return undefined;
  return configError(
    `The profile "${name}" has no source of credentials (${place}).`,
    `Give it a role: latchkey configure --profile ${quoteShellWord(name)}`,
  );
}

function explainFinding(
  seen: Observations,
  ids: readonly string[],
  name: string,
  cause: LatchkeyError,
): LatchkeyError | undefined {
  const concerned = listSources(seen, name);
  const rules = DOCTOR_RULES.filter(({ id }) => ids.includes(id));
  const { findings } = diagnose(rules, seen, true);
  const found = findings.find(
    ({ profiles }) => profiles.length === 0 || profiles.some((each) => concerned.includes(each)),
  );
  if (found === undefined) return undefined;
  const { summary, evidence, hint } = found;
  return new LatchkeyError("CONFIG_INVALID", `${summary} (${evidence}).`, { hint, cause });
}

/** Returns the profile and its source profiles. */
function listSources({ config }: Observations, name: string): string[] {
  const names: string[] = [];
  for (let next: string | undefined = name; next !== undefined && !names.includes(next);) {
    names.push(next);
    const section = findSection(config.document, "profile", next);
    next = section && findValue(section, "source_profile");
  }
  return names;
}
