import { describe, expect, test } from "vitest";
import { parseXml } from "../../src/federation/saml/xml.ts";

/** XML of any kind is read or refused in words of ours. */

const nestTags = (count: number): string => "<a>".repeat(count) + "</a>".repeat(count);

describe("XML that is no metadata", () => {
  test.each([
    ["nested 5,000 deep", nestTags(5_000), /nested too deep/],
    ["nested 100,000 deep", nestTags(100_000), /nested too deep/],
    ["an element __proto__", "<__proto__><x/></__proto__>", /a name that no metadata has/],
    ["a child __proto__", "<a><__proto__ b='1'/></a>", /a name that no metadata has/],
    [
      "a prefix __proto__",
      '<a xmlns:__proto__="x"><__proto__:b/></a>',
      /not well-formed|no element/,
    ],
    ["no end", "<a><b></a>", /a tag that is not closed, or closes none/],
    ["two attributes of one name", '<a x="1" x="2"/>', /an attribute that is none/],
    ["nothing", "", /not well-formed/],
    ["JSON", "{}", /a character that stands nowhere in XML/],
    ["comments alone", "<!-- x -->".repeat(3), /not well-formed/],
    ["a comment without its end", "<!-- x", /not well-formed/],
    ["a page behind comments", "<!-- a --> <!-- b -->\n<html><p></html>", /web page/],
  ])("%s is refused without a library's words", (_, text, words) => {
    const reading = parseXml(text);
    const summary = reading.kind === "unusable" ? reading.problem.summary : "";
    expect(reading.kind === "read" ? "read" : summary).toMatch(
      reading.kind === "read" ? /^read$/ : words,
    );
    expect(summary).not.toMatch(/Invalid[A-Z]|SECURITY|Maximum|prototype/);
  });

  test("names of JavaScript's own are names like others", () => {
    const reading = parseXml('<a constructor="y" hasOwnProperty="z"><toString>5</toString></a>');
    expect(reading).toMatchObject({ kind: "read", value: { attributes: { constructor: "y" } } });
  });

  test("comments before nothing take no longer than their number says", () => {
    const start = performance.now();
    parseXml(`${"<!-- -->".repeat(20_000)}<x`);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
