import { XMLParser, XMLValidator } from "fast-xml-parser";
import { isRecord, readText } from "../../text/json.ts";
import { OKTA_METADATA } from "../places.ts";
import { refuseFile, type Reading } from "./finding.ts";

/** XML text as plain elements. Entities are never expanded, and a document with a DTD is not parsed at all. */

const NAMESPACE_OF_XML = "http://www.w3.org/XML/1998/namespace";
const ATTRIBUTE = "@";
const ATTRIBUTES = ":@";
const TEXT = "#text";

/** An XML element with its namespace resolved: what is left of a document once a parser has read it. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** "" for none. */
  readonly namespace: string;
  /** By their names as written. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, trimmed. */
  readonly text: string;
}

const PARSER_OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
};

export function parseXml(source: string): Reading<XmlElement> {
  const text = source.replace(/^\uFEFF/, "").trimStart();
  // A sign-in page saved in place of the file is often well-formed, so no parser would object.
  if (/^<(!doctype\s+html|html[\s>])/i.test(skipComments(text)))
    return refuseFile(
      "META-ROOT",
      "this is a web page, not metadata: you saved a sign-in page",
      OKTA_METADATA,
    );
  if (/<!(DOCTYPE|ENTITY)/i.test(text))
    return refuseFile(
      "META-DTD",
      "the file has a DOCTYPE or ENTITY declaration, which metadata never has and a parser must not follow",
      "Download the file again from the identity provider itself.",
    );
  const validity = XMLValidator.validate(text);
  if (validity !== true)
    return refuseXml(
      `line ${validity.err.line}: ${SLIPS[validity.err.code] ?? "it can't be read"}`,
    );
  const parser = new XMLParser(PARSER_OPTIONS);
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch {
    // The parser refuses what is nested deeper than any metadata, and names such as __proto__.
    return refuseXml("it is nested too deep, or has a name that no metadata has");
  }
  const [root] = Array.isArray(parsed) ? toElements(parsed, {}) : [];
  return root === undefined
    ? refuseXml("there is no element in it")
    : { kind: "read", value: root };
}

/** What the validator says by a word of its own (fast-xml-parser 5, validator.js). */
const SLIPS: Readonly<Record<string, string>> = {
  InvalidAttr: "an attribute that is none",
  InvalidChar: "a character that stands nowhere in XML, or an & alone",
  InvalidTag: "a tag that is not closed, or closes none",
  InvalidXml: "the document is not whole",
};

/** What follows the comments at the start. */
function skipComments(text: string): string {
  let start = 0;
  while (text.startsWith("<!--", start)) {
    const end = text.indexOf("-->", start);
    if (end === -1) return "";
    start = end + "-->".length;
    while (/\s/.test(text.charAt(start))) start += 1;
  }
  return text.slice(start);
}

function refuseXml(reason: string): Reading<never> {
  const summary = `the file is not well-formed XML (${reason})`;
  return refuseFile("META-ROOT", summary, "Download it again; an editor may have changed it.");
}

type Scope = Readonly<Record<string, string>>;

function toElements(nodes: readonly unknown[], scope: Scope): XmlElement[] {
  return nodes.filter(isRecord).flatMap((node) => {
    const tag = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT);
    const content = tag === undefined ? undefined : node[tag];
    if (tag === undefined || !Array.isArray(content)) return [];
    const attributes = toAttributes(node[ATTRIBUTES]);
    const inner = { ...scope, ...parseNamespaces(attributes) };
    const [prefix, name] = tag.includes(":")
      ? [tag.slice(0, tag.indexOf(":")), tag.slice(tag.indexOf(":") + 1)]
      : ["", tag];
    const texts = content.filter(isRecord).map((child) => readText(child[TEXT]) ?? "");
    return [
      {
        name,
        namespace: prefix === "xml" ? NAMESPACE_OF_XML : (inner[prefix] ?? ""),
        attributes,
        children: toElements(content, inner),
        text: texts.join("").trim(),
      },
    ];
  });
}

function toAttributes(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name.slice(ATTRIBUTE.length), String(text)]),
  );
}

/** `xmlns="…"` and `xmlns:md="…"`, by their prefixes. */
function parseNamespaces(attributes: Readonly<Record<string, string>>): Scope {
  const declarations = Object.entries(attributes).filter(
    ([name]) => name === "xmlns" || name.startsWith("xmlns:"),
  );
  return Object.fromEntries(
    declarations.map(([name, value]) => [name.slice("xmlns:".length), value]),
  );
}
