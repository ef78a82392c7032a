import { usageError } from "../errors.ts";

/** Keys that `profiles sync` writes besides its own: `--set key=value`, and the `[set]` section of a team file. */

export type ExtraKey = readonly [key: string, value: string];

/** What latchkey writes itself has flags of its own. */
const OWN = /^(sso_.*|latchkey_.*|region|output)$/;
/** Keys that say where credentials come from, run a program, or send requests elsewhere; and other tools' marks of ownership. */
const DANGEROUS =
  /process|command|pager|plugin|endpoint_url|^(services|ca_bundle|role_arn|role_session_name|source_profile|credential_source|web_identity_token_file|external_id|mfa_serial|login_session|cli_auto_prompt|cli_alias|s3|s3api)$|^aws_|^(common_fate|granted)_|secret|token|password/;

/** What a file from somebody else may set: settings of AWS clients that neither run, sign nor send anything elsewhere. */
export const HARMLESS_KEYS: readonly string[] = [
  "cli_binary_format",
  "cli_history",
  "cli_timestamp_format",
  "color",
  "defaults_mode",
  "duration_seconds",
  "max_attempts",
  "parameter_validation",
  "retry_mode",
  "s3_us_east_1_regional_endpoint",
  "sts_regional_endpoints",
  "tcp_keepalive",
  "use_dualstack_endpoint",
  "use_fips_endpoint",
];

/** @throws LatchkeyError USAGE for what is no `key=value`, and for a key that is not to be set this way. */
export function parseExtraKeys(given: readonly string[]): ExtraKey[] {
  const pairs = given.map((text) => {
    const [, key = "", value = ""] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/su.exec(text) ?? [];
    if (!/^[A-Za-z0-9_]+$/.test(key) || value === "")
      throw usageError(
        "--set takes a key and its value.",
        "For example: --set cli_history=enabled",
      );
    return [key.toLowerCase(), value] as const;
  });
  for (const [key] of pairs) {
    if (OWN.test(key))
      throw usageError(
        `--set can't set ${key}: latchkey writes it itself.`,
        "See the flags for it: latchkey profiles sync --help",
      );
    if (DANGEROUS.test(key))
      throw usageError(
        `--set can't set ${key}: it runs a program, holds or leads to credentials, or sends requests elsewhere.`,
        "Write it by hand where you want it; a sync leaves it there.",
      );
  }
  return [...new Map(pairs)];
}
