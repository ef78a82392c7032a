import { usageError } from "../errors.ts";

/** Extra keys for `profiles sync` to write: from `--set key=value`, or the `[set]` section of a team file. */

export type ExtraKey = readonly [key: string, value: string];

/** Keys that latchkey writes itself, set by their own flags. */
const OWN = /^(sso_.*|latchkey_.*|region|output)$/;
/** Keys that give credentials, run a program or change an endpoint, and other tools' marks of ownership. */
const DANGEROUS =
  /process|command|pager|plugin|endpoint_url|^(services|ca_bundle|role_arn|role_session_name|source_profile|credential_source|web_identity_token_file|external_id|mfa_serial|login_session|cli_auto_prompt|cli_alias|s3|s3api)$|^aws_|^(common_fate|granted)_|secret|token|password/;

/** Keys that a team file may set: client settings that run nothing and change neither credentials nor endpoints. */
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

/** Parses values of `--set`. @throws LatchkeyError USAGE if a text is not `key=value`, or `--set` can't set the key. */
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
        "Write it into the config by hand; a sync keeps it.",
      );
  }
  return [...new Map(pairs)];
}
