import { expect, test } from "vitest";
import { displayWidth } from "../../src/text/display-width.ts";
import { leavePlain } from "../../src/text/paint.ts";
import { formatRows } from "../../src/text/table.ts";
import { truncate } from "../../src/text/terminal.ts";

test.each([
  ["account-1", 9],
  ["Zürich – Größe", 14],
  ["日本語", 6],
  ["한국어", 6],
  ["ｱｶｳﾝﾄ", 5],
  ["e\u0301", 1],
  ["👨‍👩‍👧", 2],
  ["🇩🇪", 2],
  ["©", 1],
])("%s has the width that terminals use", (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test("columns stay aligned for names in any script, joiners are shown, and a cut splits no character", () => {
  const rows = [
    ["日本 production", "1"],
    ["plain", "2"],
    ["👨‍👩‍👧 family", "3"],
  ];
  const columns = ["Account", "Id"].map((header, rank) => ({ header, rank }));
  const cells = rows.map((row) => row.map((text) => ({ text })));
  const table = formatRows(columns, cells, { columns: 80, paint: leavePlain });
  const lines = table.trimEnd().split("\n");
  expect(lines.map((line) => displayWidth(line.replace(/\S+$/, "")))).toEqual([31, 31, 31, 31]);
  expect(truncate("日本語です", 6)).toBe("日本…");
  expect(truncate("a👨‍👩‍👧b", 3)).toBe("a…");
});
