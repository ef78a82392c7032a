import { XMLParser, XMLValidator } from "fast-xml-parser";
import { isRecord, readText } from "../../text/json.ts";
import { OKTA_METADATA } from "../places.ts";
import { refuseFile, type Reading } from "./finding.ts";

/** Parses XML into plain elements. Entities are never expanded, and a document with a DTD is refused. */

const NAMESPACE_OF_XML = "http://www.w3.org/XML/1998/namespace";
const ATTRIBUTE = "@";
const ATTRIBUTES = ":@";
const TEXT = "#text";

/** An XML element with its namespace resolved. */
export interface XmlElement {
  /** The name without its prefix. */
  readonly name: string;
  /** "" if the element has no namespace. */
  readonly namespace: string;
  /** The keys are the names in the document, including prefixes. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The element's own text without that of its children, trimmed. */
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
  // A page saved by mistake, such as a sign-in page, is often well-formed XML, so a parser would accept it.
  if (/^<(!doctype\s+html|html[\s>])/i.test(skipComments(text)))
    return refuseFile(
      "META-ROOT",
      "this is a web page, not metadata: you saved a sign-in page",
      OKTA_METADATA,
    );
  if (/<!(DOCTYPE|ENTITY)/i.test(text))
    return refuseFile(
      "META-DTD",
      "the file has a DOCTYPE or ENTITY declaration, which metadata must not have",
      "Download the file again from the identity provider.",
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
    // The parser refuses very deep nesting, and names such as __proto__.
    return refuseXml("it is nested too deep, or an element has a forbidden name");
  }
  const [root] = Array.isArray(parsed) ? toElements(parsed, {}) : [];
  return root === undefined ? refuseXml("it has no element") : { kind: "read", value: root };
}

/** Messages for the validator's error codes (fast-xml-parser 5, validator.js). */
const SLIPS: Readonly<Record<string, string>> = {
  InvalidAttr: "an invalid attribute",
  InvalidChar: "a character that XML does not allow, or an unescaped &",
  InvalidTag: "a tag that is not closed, or a closing tag without an opening one",
  InvalidXml: "the document is incomplete",
};

/** Returns the text after the comments at its start. */
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

/** Returns the namespaces of `xmlns="…"` and `xmlns:md="…"` by prefix. */
function parseNamespaces(attributes: Readonly<Record<string, string>>): Scope {
  const declarations = Object.entries(attributes).filter(
    ([name]) => name === "xmlns" || name.startsWith("xmlns:"),
  );
  return Object.fromEntries(
    declarations.map(([name, value]) => [name.slice("xmlns:".length), value]),
  );
}
