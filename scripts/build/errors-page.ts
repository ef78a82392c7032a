// Writes docs/errors.md: what AWS clients print, by what it means, from the tables of `latchkey explain`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CAUSES, type CauseId } from "../../src/explain/causes.ts";
import { FAMILIES } from "../../src/explain/recognize.ts";
import { formatClientId } from "../../src/explain/text.ts";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";

readOptions({
  help: `
Usage: node scripts/build/errors-page.ts

Writes docs/errors.md. A part of: npm run generate

  -h, --help  print this help`,
  options: {},
});

const HEAD = `# Errors of AWS clients

You have an error of an AWS client and want to know what it means. Search this page for a part of it that does not vary, or
let latchkey look, which also checks whether it is so on your machine and names the cure for it:

\`\`\`sh
latchkey explain "Error loading SSO Token: Token for corp does not exist"
terraform plan 2>&1 | latchkey explain
latchkey explain     # then paste it
\`\`\`

\`…\` stands for what varies. A message that stands under several causes can mean each of them. This page is made from the
tables of \`latchkey explain\` (\`npm run generate\`).

`;

interface Line {
  readonly message: string;
  readonly client: string;
}

/** The messages of each cause, by the client that prints them. */
function listLines(cause: CauseId): Line[] {
  return FAMILIES.flatMap(({ client, messages }) =>
    messages
      .filter(({ causes }) => causes.includes(cause))
      .map(({ pattern }) => ({
        message: pattern.replace(/\{\w+\}|\{…\}/g, "…"),
        client: client === undefined ? "AWS services" : formatClientId(client),
      })),
  );
}

/** Markdown: a \`|\` inside a cell would end it, and a backtick its code. */
function formatLine({ message, client }: Line): string {
  const shown = message.replaceAll("|", "\\|").replaceAll("`", "'");
  return `| \`${shown}\` | ${client} |\n`;
}

function formatCause(id: CauseId): string {
  const { title, means, cure } = CAUSES[id];
  const act = cure.startsWith("latchkey") || /^(?:export|aws) /.test(cure) ? `\`${cure}\`` : cure;
  const lines = listLines(id).map(formatLine).join("");
  const name = `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
  return `## ${name}\n\n${means} Cure: ${act}\n\n| message | printed by |\n|---|---|\n${lines}\n`;
}

const body = (Object.keys(CAUSES) as CauseId[]).map(formatCause).join("");
writeFileSync(join(CHECKOUT, "docs", "errors.md"), `${HEAD}${body.trimEnd()}\n`);
