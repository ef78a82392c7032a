import { CONFIG_TEXT_RULES } from "./rules/config-text.ts";
import { CREDENTIALS_RULES } from "./rules/credentials.ts";
import { ENVIRONMENT_RULES } from "./rules/environment.ts";
import { FILE_RULES, TOOL_RULES } from "./rules/files-and-tools.ts";
import type { Rule } from "./rule.ts";
import { KEY_RULES } from "./rules/keys.ts";
import { NETWORK_RULES } from "./rules/network.ts";
import { PROCESS_RULES } from "./rules/processes.ts";
import { PROFILE_RULES } from "./rules/profiles.ts";
import { READER_RULES } from "./rules/readers.ts";
import { ROLE_RULES } from "./rules/roles.ts";
import { SESSION_RULES, TOKEN_RULES } from "./rules/sessions.ts";
import { VALUE_RULES } from "./rules/values.ts";

/** All rules by subject, in the order of the output. */
export const RULES_BY_SUBJECT: Readonly<Record<string, readonly Rule[]>> = {
  config: [...CONFIG_TEXT_RULES, ...READER_RULES, ...KEY_RULES, ...VALUE_RULES],
  profiles: [...PROFILE_RULES, ...ROLE_RULES],
  sessions: SESSION_RULES,
  processes: PROCESS_RULES,
  credentials: CREDENTIALS_RULES,
  environment: ENVIRONMENT_RULES,
  network: NETWORK_RULES,
  tokens: TOKEN_RULES,
  files: FILE_RULES,
  tools: TOOL_RULES,
};

export const DOCTOR_RULES: readonly Rule[] = Object.values(RULES_BY_SUBJECT).flat();
