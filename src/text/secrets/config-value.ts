import { redact } from "./redact.ts";
import { MASK } from "./sent.ts";

/** Masks values of an AWS config in output that shows its changes: plans, diffs, findings. */

/** Words in a key or a comment that suggest a secret. */
const SECRET_WORD =
  /pass|pwd|secret|token|credential|api[_-]?key|private|signature|cookie|bearer|auth|\b(?:key|pin|otp|mfa|salt)|(?:key|pin|otp)\b/i;

/**
 * Keys of an AWS config that contain no secret: keys of the AWS CLI and the SDKs (AWS SDKs and Tools Reference Guide,
 * "Settings reference"; awscli 2.31, "AWS CLI Config Guide"), keys of nested blocks, and marks of latchkey and other
 * tools.
 */
const HARMLESS_KEYS: ReadonlySet<string> = new Set(
  `region output sso_session sso_start_url sso_region sso_account_id sso_role_name sso_registration_scopes sso_account_name
  credential_process credential_source source_profile role_arn role_session_name mfa_serial duration_seconds
  web_identity_token_file login_session aws_account_id account_id_endpoint_mode services endpoint_url
  ignore_configured_endpoint_urls use_fips_endpoint use_dualstack_endpoint sts_regional_endpoints
  s3_us_east_1_regional_endpoint s3_use_arn_region s3_disable_multiregion_access_points
  s3_disable_express_session_auth ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode
  ec2_metadata_v1_disabled ec2_instance_profile_name disable_ec2_metadata metadata_service_timeout
  metadata_service_num_attempts endpoint_discovery_enabled retry_mode max_attempts defaults_mode
  parameter_validation tcp_keepalive ca_bundle api_versions sdk_ua_app_id request_min_compression_size_bytes
  disable_request_compression request_checksum_calculation response_checksum_validation sigv4a_signing_region_set
  auth_scheme_preference csm_enabled csm_host csm_port csm_client_id cli_timestamp_format cli_follow_urlparam
  cli_pager cli_auto_prompt cli_history cli_binary_format cli_help_output cli_error_format
  s3 s3api dynamodb sts sso ec2 ecr lambda iam
  max_concurrent_requests max_queue_size multipart_threshold multipart_chunksize max_bandwidth
  use_accelerate_endpoint payload_signing_enabled addressing_style preferred_transfer_client target_bandwidth
  io_chunksize should_stream disk_throughput direct_io signature_version
  cli_legacy_plugin_path aws_expiration aws_credential_scope
  latchkey_managed latchkey_exported include_profile parent_profile sso_auto_populated granted_sso_start_url granted_sso_region
  granted_sso_account_id granted_sso_role_name granted_sso_registration_scopes common_fate_generated_from`.split(
    /\s+/,
  ),
);

/** Returns whether the value of a config key may be shown: only if the key is known to contain no secret. */
export function isHarmlessKey(key: string): boolean {
  return HARMLESS_KEYS.has(key.toLowerCase());
}

/**
 * Returns the part of a config value that may be shown, with the rest masked. Each line after the first is checked with
 * its own key, because the value may be a nested block (`s3 =` and the lines below it).
 */
export function maskValue(key: string, value: string): string {
  const [first = "", ...below] = value.split("\n");
  return [maskFirstLine(key, first), ...below.map(maskNestedLine)].join("\n");
}

function maskFirstLine(key: string, value: string): string {
  if (value === "") return "";
  if (!isHarmlessKey(key)) return MASK;
  return key.toLowerCase() === "credential_process" ? maskProcess(value) : maskPlainValue(value);
}

/** Masks a line of a nested block: a line with its own key, or any other text. */
export function maskNestedLine(line: string): string {
  const [, start = "", key = "", value = ""] = /^(\s*([^\s=:]+)\s*[=:]\s*)(.*)$/s.exec(line) ?? [];
  if (key !== "") return start + maskFirstLine(key, value);
  return line.replace(/\S.*$/s, MASK);
}

/** Masks a comment after a value and a password in a URL. The AWS CLI reads such a comment as part of the value. */
function maskPlainValue(value: string): string {
  const at = value.search(/\s[#;]/);
  const [plain, comment] = at === -1 ? [value, ""] : [value.slice(0, at), value.slice(at)];
  const shown = redact(plain).replace(/:\/\/\S*/g, maskUrl);
  return shown + maskComment(comment);
}

/**
 * @param url the part of a URL that starts at `://`.
 * @returns that part without the user before the host and without the query.
 */
function maskUrl(url: string): string {
  const [address = "", ...query] = url.slice(3).split("?");
  const [host = "", ...path] = address.split("/");
  const user = host.includes("@") ? `${MASK}@` : "";
  const rest = [host.slice(host.lastIndexOf("@") + 1), ...path].join("/");
  return `://${user}${rest}${query.length === 0 ? "" : `?${MASK}`}`;
}

/**
 * Returns a comment unchanged only if it contains no word that suggests a secret, no value of an unknown key, and no
 * random-looking word.
 */
export function maskComment(comment: string): string {
  const [, mark = "", words = comment] = /^(\s*[#;]+\s*)(.*)$/s.exec(comment) ?? [];
  const key = /(?<![\w.-])([\w.-]+)\s*[=:](?!\/\/)\s*\S/.exec(words)?.[1];
  const isAssigned = key !== undefined && !isHarmlessKey(key);
  const isTold = isAssigned || SECRET_WORD.test(words) || hasOpaqueWord(words);
  return isTold || redact(words) !== words ? `${mark}${MASK}` : comment;
}

/** Returns whether the text contains a long word with both letters and digits. */
function hasOpaqueWord(words: string): boolean {
  const long = words.match(/[\w+/=-]{16,}/g) ?? [];
  return long.some((word) => /\d/.test(word) && /[A-Za-z]/.test(word));
}

/** Flags of latchkey and other tools whose value is a name, not a secret. */
const HARMLESS_FLAGS =
  /^--?(?:sso-session|account-id|account|role-name|role|role-arn|profile|region|sso-region|start-url|sso-start-url|format|output|duration|server|config|session-name)$/;

/**
 * Masks a line of `credential_process`. The program, paths, flags, known subcommands, and values that are names stay
 * visible. Any other word may be a secret.
 */
function maskProcess(line: string): string {
  let flag = "";
  let isProgram = true;
  return line.replace(/(?:"[^"]*"|'[^']*'|[^\s"'])+|["'].*$/g, (word) => {
    const isAssignment = /^\w+=/.test(word);
    const shown = isProgram && !isAssignment ? word : maskWord(word, flag);
    flag = /^-[^=]*$/.test(word) ? word : "";
    isProgram &&= isAssignment;
    return shown;
  });
}

function maskWord(word: string, flag: string): string {
  const [, name, value = ""] = /^(-[\w-]*|[A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
  if (name === undefined) return maskFlagValue(word, flag);
  return `${name}=${name.startsWith("-") ? maskFlagValue(value, name) : MASK}`;
}

/** @param flag the flag before the word; empty if no flag is before it. */
function maskFlagValue(word: string, flag: string): string {
  if (HARMLESS_FLAGS.test(flag)) return redact(word);
  return isPlainWord(word, flag) && !SECRET_WORD.test(flag) ? redact(word) : MASK;
}

/** Subcommands of programs that print credentials. */
const DEEDS =
  /^(?:aws|sso|get|print|export|exec|login|process|credentials|configure|(?:export-|print-|get-)?credentials?(?:-process)?)$/;

/** Returns whether a word is a flag, a known subcommand, or a path. */
function isPlainWord(word: string, flag: string): boolean {
  if (/^(?:--[a-z][a-z-]*|-\w)$/.test(word)) return true;
  if (flag === "" && DEEDS.test(word)) return true;
  return /^(?:\/|~\/|[A-Za-z]:\\)[\w./\\@+ -]*$/.test(word.replace(/["']/g, ""));
}
