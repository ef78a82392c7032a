import { describe, expect, test } from "vitest";
import { parseXml } from "../../src/federation/saml/xml.ts";

/** XML of any kind is read, or refused with latchkey's own messages. */

const nestTags = (count: number): string => "<a>".repeat(count) + "</a>".repeat(count);

describe("XML that is not metadata", () => {
  test.each([
    ["nested 5,000 deep", nestTags(5_000), /nested too deep/],
    ["nested 100,000 deep", nestTags(100_000), /nested too deep/],
    ["an element __proto__", "<__proto__><x/></__proto__>", /an element has a forbidden name/],
    ["a child __proto__", "<a><__proto__ b='1'/></a>", /an element has a forbidden name/],
    [
      "a prefix __proto__",
      '<a xmlns:__proto__="x"><__proto__:b/></a>',
      /not well-formed|no element/,
    ],
    ["no end", "<a><b></a>", /a tag that is not closed, or a closing tag without an opening one/],
    ["two attributes of one name", '<a x="1" x="2"/>', /an invalid attribute/],
    ["nothing", "", /not well-formed/],
    ["JSON", "{}", /a character that XML does not allow/],
    ["comments alone", "<!-- x -->".repeat(3), /not well-formed/],
    ["a comment without its end", "<!-- x", /not well-formed/],
    ["a page behind comments", "<!-- a --> <!-- b -->\n<html><p></html>", /web page/],
  ])("%s is refused without a library's message", (_, text, words) => {
    const reading = parseXml(text);
    const summary = reading.kind === "unusable" ? reading.problem.summary : "";
    expect(reading.kind === "read" ? "read" : summary).toMatch(
      reading.kind === "read" ? /^read$/ : words,
    );
    expect(summary).not.toMatch(/Invalid[A-Z]|SECURITY|Maximum|prototype/);
  });

  test("names of JavaScript's built-in members are ordinary names", () => {
    const reading = parseXml('<a constructor="y" hasOwnProperty="z"><toString>5</toString></a>');
    expect(reading).toMatchObject({ kind: "read", value: { attributes: { constructor: "y" } } });
  });

  test("many comments at the start are skipped in linear time", () => {
    const start = performance.now();
    parseXml(`${"<!-- -->".repeat(20_000)}<x`);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
