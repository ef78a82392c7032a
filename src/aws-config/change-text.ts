import type { ConfigChange } from "./edit.ts";
import { isSecretKey } from "../text/redact.ts";

/** A planned change of the config, section by section, a line a key: `+` new, `~` changed, `-` gone. No secret is shown. */
export function changesText(changes: readonly ConfigChange[], file: string): string {
  const lines = [file];
  let current: string | undefined;
  for (const change of changes) {
    if (change.section !== current) lines.push(`  [${change.section}]`);
    current = change.section;
    lines.push(`  ${changeLine(change)}`);
  }
  return lines.join("\n");
}

function changeLine({ key, before, after }: ConfigChange): string {
  if (before === null) return `+ ${key} = ${formatValue(key, after)}`;
  if (after === null) return `- ${key} = ${formatValue(key, before)}`;
  return `~ ${key} = ${formatValue(key, before)} → ${formatValue(key, after)}`;
}

function formatValue(key: string, value: string | null): string {
  return isSecretKey(key) ? "…" : (value ?? "");
}
