import { CONFIG_TEXT_RULES } from "./rules/config-text.ts";
import { CREDENTIALS_RULES } from "./rules/credentials.ts";
import { ENVIRONMENT_RULES } from "./rules/environment.ts";
import { FILE_RULES } from "./rules/files.ts";
import type { Rule } from "./rule.ts";
import { KEY_RULES } from "./rules/keys.ts";
import { NETWORK_RULES } from "./rules/network.ts";
import { PROCESS_RULES } from "./rules/processes.ts";
import { PROFILE_RULES } from "./rules/profiles.ts";
import { READER_RULES } from "./rules/readers.ts";
import { ROLE_RULES } from "./rules/roles.ts";
import { SESSION_RULES } from "./rules/sessions.ts";
import { TOKEN_RULES } from "./rules/tokens.ts";
import { TOOL_RULES } from "./rules/tools.ts";

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
