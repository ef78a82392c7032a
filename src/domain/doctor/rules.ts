import { CONFIG_TEXT_RULES } from "./config-text.ts";
import { CREDENTIALS_RULES } from "./credentials.ts";
import { ENVIRONMENT_RULES } from "./environment.ts";
import { FILE_RULES } from "./files.ts";
import type { Rule } from "./findings.ts";
import { KEY_RULES } from "./keys.ts";
import { NETWORK_RULES } from "./network.ts";
import { PROCESS_RULES } from "./processes.ts";
import { PROFILE_RULES } from "./profiles.ts";
import { READER_RULES } from "./readers.ts";
import { ROLE_RULES } from "./roles.ts";
import { SESSION_RULES } from "./sessions.ts";
import { TOKEN_RULES } from "./tokens.ts";
import { TOOL_RULES } from "./tools.ts";

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
