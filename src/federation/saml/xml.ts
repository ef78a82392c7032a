import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { XmlElement, XmlReading } from "./xml-element.ts";
import { isRecord } from "../../text/json.ts";

/** XML text as plain elements. Entities are never expanded, and a document with a DTD is not parsed at all. */

const NAMESPACE_OF_XML = "http://www.w3.org/XML/1998/namespace";
const ATTRIBUTE = "@";
const ATTRIBUTES = ":@";
const TEXT = "#text";

export function parseXml(source: string): XmlReading {
  const text = source.replace(/^\uFEFF/, "").trimStart();
  // A sign-in page saved in place of the file is often well-formed, so no parser would object.
  if (/^(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html[\s>])/i.test(text)) return { kind: "html" };
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return { kind: "doctype" };
  const validity = XMLValidator.validate(text);
  if (validity !== true)
    return { kind: "broken", reason: `line ${validity.err.line}: ${validity.err.code}` };
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: ATTRIBUTE,
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  const parsed: unknown = parser.parse(text);
  const [root] = Array.isArray(parsed) ? toElements(parsed, {}) : [];
  return root === undefined
    ? { kind: "broken", reason: "there is no element in it" }
    : { kind: "xml", root };
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
    const text = content
      .filter(isRecord)
      .map((child) => (typeof child[TEXT] === "string" ? child[TEXT] : ""))
      .join("");
    return [
      {
        name,
        namespace: prefix === "xml" ? NAMESPACE_OF_XML : (inner[prefix] ?? ""),
        attributes,
        children: toElements(content, inner),
        text: text.trim(),
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
