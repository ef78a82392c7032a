import { CAUSES, type CauseId } from "./causes.ts";
import { FAMILIES } from "./recognize.ts";
import { formatClientId } from "./text.ts";

/** Writes the tables of docs/errors.md: the known messages, grouped by cause. */

/** The maximum number of other causes in a row of the table. */
const MOST_OTHERS = 3;

export function errorsText(): string {
  return (Object.keys(CAUSES) as CauseId[]).map(formatCause).join("\n");
}

interface Line {
  readonly message: string;
  readonly client: string;
  readonly others: readonly CauseId[];
}

/** Returns the messages for which the given cause is the most likely one, by client. */
function listLines(cause: CauseId): Line[] {
  return FAMILIES.flatMap(({ client, messages }) =>
    messages
      .filter(({ causes }) => causes[0] === cause)
      .map(({ pattern, causes: [, ...others] }) => ({
        message: pattern.replace(/\{\w+\}|\{…\}/g, "…"),
        client: client === undefined ? "AWS services" : formatClientId(client),
        others,
      })),
  );
}

/** Escapes `|`, which would end the table cell, and replaces backticks, which would end the code in it. */
function formatLine({ message, client, others }: Line): string {
  const shown = message.replaceAll("|", "\\|").replaceAll("`", "'");
  const besides = others.slice(0, MOST_OTHERS).map((id) => CAUSES[id].title);
  const more = others.length > MOST_OTHERS ? ["or another cause"] : [];
  return `| \`${shown}\` | ${client} | ${[...besides, ...more].join("; ")} |\n`;
}

function formatCause(id: CauseId): string {
  const { title, means, cure } = CAUSES[id];
  const act = cure.startsWith("latchkey") || /^(?:export|aws) /.test(cure) ? `\`${cure}\`` : cure;
  const lines = listLines(id).map(formatLine).join("");
  const name = `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
  return `## ${name}\n\n${means} Cure: ${act}\n\n| message | printed by | can also mean |\n|---|---|---|\n${lines}`;
}
