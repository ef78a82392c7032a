// The table as a picture: one group of bars for each row that takes time, as multiples of this program's standalone form.

const WIDTH = 860;
const LABEL = 270;
const BAR = 18;
const ROWS = [
  ["hot", "Credentials, hot", "ms"],
  ["cold", "Credentials, cold: token and role credentials", "ms"],
  ["storm", "Many at once on an expired token", "s"],
  ["listing", "Listing every role at the service's rate limit", "s"],
  ["start", "Start-up (--version)", "ms"],
];

const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);

/** @returns an SVG text, readable on light and dark pages */
export function chartOf({ names, rows }, caption) {
  const parts = [];
  let y = 46;
  for (const [key, title, unit] of ROWS) {
    const measured = names
      .map((name) => [name, rows[key]?.get(name)?.value])
      .filter(([, value]) => typeof value === "number");
    if (measured.length === 0) continue;
    const most = Math.max(...measured.map(([, value]) => value));
    parts.push(`<text x="10" y="${y}" class="title">${escaped(title)}</text>`);
    y += 12;
    for (const [name, value] of measured) {
      const width = Math.max(2, (value / most) * (WIDTH - LABEL - 110));
      parts.push(
        `<text x="${LABEL - 10}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
        `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}" class="${barClass(name)}"/>`,
        `<text x="${(LABEL + width + 6).toFixed(1)}" y="${y + 12}">${value.toFixed(unit === "s" ? 1 : 0)} ${unit}</text>`,
      );
      y += BAR;
    }
    y += 28;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" font-family="system-ui, sans-serif" font-size="12">`,
    "<style>text{fill:#24292f}.title{font-weight:600;font-size:14px}.own{fill:#0969da}.bare{fill:#afb8c1}.peer{fill:#bc6c25}@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
    `<text x="10" y="20">${escaped(caption)}</text>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function barClass(name) {
  if (name.startsWith("latchkey")) return "own";
  return /^(bare|an empty)/.test(name) ? "bare" : "peer";
}
