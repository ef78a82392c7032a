import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { CHECKOUT } from "../support/checkout.ts";
import { isRecord } from "../../src/text/json.ts";

/** Checks files that GitHub reads, because it ignores wrong ones without a message. */

const GITHUB = join(CHECKOUT, ".github");
const FORMS = readdirSync(join(GITHUB, "ISSUE_TEMPLATE")).filter((name) => name !== "config.yml");

function readYaml(path: string): Record<string, unknown> {
  const value: unknown = parse(readFileSync(join(GITHUB, path), "utf8"), { strict: true });
  if (!isRecord(value)) throw new Error(`${path} is no mapping`);
  return value;
}

function listRecords(value: unknown): Array<Record<string, unknown>> {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

describe.each(FORMS)("the issue form %s", (name) => {
  const form = readYaml(`ISSUE_TEMPLATE/${name}`);
  const body = listRecords(form["body"]);
  const fields = body.filter(({ type }) => type !== "markdown");

  test("has a name, a description, and fields of kinds that GitHub supports", () => {
    expect([typeof form["name"], typeof form["description"]]).toEqual(["string", "string"]);
    expect(fields.length).toBeGreaterThan(0);
    for (const { type } of body)
      expect(["markdown", "textarea", "input", "dropdown", "checkboxes"]).toContain(type);
  });

  test("gives each field a unique id and a label", () => {
    const ids = fields.map(({ id }) => id);
    expect(new Set(ids).size).toBe(fields.length);
    for (const { id, attributes } of fields) {
      expect(id).toMatch(/^[\w-]+$/);
      expect(isRecord(attributes) && attributes["label"]).toMatch(/\S/);
    }
  });

  test("offers no answer twice", () => {
    for (const { attributes } of fields.filter(({ type }) => type === "dropdown")) {
      const options = isRecord(attributes) ? (attributes["options"] as unknown[]) : [];
      expect(options.length).toBeGreaterThan(1);
      expect(new Set(options).size).toBe(options.length);
    }
  });
});

test("Dependabot's directories have the files that it looks for", () => {
  const { version, updates } = readYaml("dependabot.yml");
  expect(version).toBe(2);
  const found = listRecords(updates).map((update) => {
    const at = join(CHECKOUT, String(update["directory"]));
    const isActions = update["package-ecosystem"] === "github-actions";
    return existsSync(join(at, isActions ? ".github/workflows" : "package-lock.json"));
  });
  expect(found).toEqual([true, true]);
});
