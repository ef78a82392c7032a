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

/** What reading a file as XML came to; `html` and `doctype` are told before any parser sees them. */
export type XmlReading =
  | { readonly kind: "xml"; readonly root: XmlElement }
  | { readonly kind: "html" }
  | { readonly kind: "doctype" }
  | { readonly kind: "broken"; readonly reason: string };

export function findChildren(
  { children }: XmlElement,
  namespace: string,
  name: string,
): XmlElement[] {
  return children.filter((child) => child.namespace === namespace && child.name === name);
}
