import { CONFIG_TEXT_RULES } from "./doctor-config-text.ts";
import { CREDENTIALS_RULES } from "./doctor-credentials.ts";
import { ENVIRONMENT_RULES } from "./doctor-environment.ts";
import { FILE_RULES } from "./doctor-files.ts";
import { KEY_RULES } from "./doctor-keys.ts";
import { NETWORK_RULES } from "./doctor-network.ts";
import { PROCESS_RULES } from "./doctor-processes.ts";
import { PROFILE_RULES } from "./doctor-profiles.ts";
import { READER_RULES } from "./doctor-readers.ts";
import { ROLE_RULES } from "./doctor-roles.ts";
import { SESSION_RULES } from "./doctor-sessions.ts";
import { TOKEN_RULES } from "./doctor-tokens.ts";
import { TOOL_RULES } from "./doctor-tools.ts";
import type { Rule } from "./findings.ts";

/** All that the doctor looks for, in the order in which it says it. */
export const DOCTOR_RULES: readonly Rule[] = [
  ...CONFIG_TEXT_RULES,
  ...READER_RULES,
  ...KEY_RULES,
  ...PROFILE_RULES,
  ...ROLE_RULES,
  ...SESSION_RULES,
  ...PROCESS_RULES,
  ...CREDENTIALS_RULES,
  ...ENVIRONMENT_RULES,
  ...NETWORK_RULES,
  ...TOKEN_RULES,
  ...FILE_RULES,
  ...TOOL_RULES,
];
