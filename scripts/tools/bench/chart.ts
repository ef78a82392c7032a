// Draws the table as a chart. Each row of durations is a group of bars, which are multiples of the standalone program's
// duration.
import type { Table } from "./report.ts";
import { readValue, type Row } from "./samples.ts";

const WIDTH = 860;
const LABEL = 270;
const BAR = 18;
const GROUPS = [
  { key: "hot", title: "Credentials, hot", unit: "ms" },
  { key: "cold", title: "Credentials, cold: token and role credentials", unit: "ms" },
  { key: "storm", title: "Many at once on an expired token", unit: "s" },
  { key: "listing", title: "Listing every role at the service's rate limit", unit: "s" },
  { key: "start", title: "Start-up (--version)", unit: "ms" },
] as const;

/** Returns an SVG that is readable on light and dark pages. */
export function drawChart({ names, rows }: Table, caption: string): string {
  const parts: string[] = [];
  let y = 46;
  for (const { key, title, unit } of GROUPS) {
    const bars = listBars(names, rows[key]);
    if (bars.length === 0) continue;
    const most = Math.max(...bars.map(({ value }) => value));
    parts.push(`<text x="10" y="${y}" class="title">${escapeMarkup(title)}</text>`);
    y += 12;
    for (const bar of bars) {
      parts.push(...drawBar(bar, { y, unit, most }));
      y += BAR;
    }
    y += 28;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" font-family="system-ui, sans-serif" font-size="12">`,
    "<style>text{fill:#24292f}.title{font-weight:600;font-size:14px}.own{fill:#0969da}.bare{fill:#afb8c1}.peer{fill:#bc6c25}@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
    `<text x="10" y="20">${escapeMarkup(caption)}</text>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

interface Bar {
  readonly name: string;
  readonly value: number;
}

interface Scale {
  readonly y: number;
  readonly unit: "ms" | "s";
  /** The largest value in the group. */
  readonly most: number;
}

function listBars(names: readonly string[], row: Row): Bar[] {
  return names.flatMap((name) => {
    const value = readValue(row, name);
    return value === undefined ? [] : [{ name, value }];
  });
}

function drawBar({ name, value }: Bar, { y, unit, most }: Scale): string[] {
  const width = Math.max(2, (value / most) * (WIDTH - LABEL - 110));
  const figure = value.toFixed(unit === "s" ? 1 : 0);
  return [
    `<text x="${LABEL - 10}" y="${y + 13}" text-anchor="end">${escapeMarkup(name)}</text>`,
    `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}" class="${chooseClass(name)}"/>`,
    `<text x="${(LABEL + width + 6).toFixed(1)}" y="${y + 12}">${figure} ${unit}</text>`,
  ];
}

function chooseClass(name: string): "own" | "bare" | "peer" {
  if (name.startsWith("latchkey")) return "own";
  return /^(bare|an empty)/.test(name) ? "bare" : "peer";
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
