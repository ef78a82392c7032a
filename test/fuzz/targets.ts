import { CONFIG_TARGETS } from "./config.ts";
import { CREDENTIALS_FILE_TARGET } from "./credentials-file.ts";
import { LISTENER_TARGETS } from "./listeners.ts";
import { NAME_TARGETS } from "./names.ts";
import { OUTPUT_TARGETS } from "./output.ts";
import { SERVICE_TARGETS } from "./services.ts";
import type { Target } from "./target.ts";
import { TEXT_TARGETS } from "./texts.ts";
import { TOKEN_CACHE_TARGETS } from "./token-cache.ts";
import { WORD_TARGETS } from "./words.ts";

/** All fuzz targets. */
export const TARGETS: readonly Target[] = [
  ...CONFIG_TARGETS,
  CREDENTIALS_FILE_TARGET,
  ...NAME_TARGETS,
  ...TOKEN_CACHE_TARGETS,
  ...SERVICE_TARGETS,
  ...LISTENER_TARGETS,
  ...WORD_TARGETS,
  ...TEXT_TARGETS,
  ...OUTPUT_TARGETS,
];
