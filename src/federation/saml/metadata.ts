import { parseCertificate, type Certificate } from "./certificate.ts";
import { OKTA_METADATA } from "../places.ts";
import { refuseFile, type Reading } from "./finding.ts";
import type { XmlElement } from "./xml.ts";

/** Reads the parts of SAML 2.0 metadata (saml-metadata-2.0-os) that federation with IAM Identity Center uses. */

const METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
const SIGNATURES = "http://www.w3.org/2000/09/xmldsig#";

interface SamlEndpoint {
  /** The last word of the binding's URN: `HTTP-POST`, `HTTP-Redirect`. */
  readonly binding: string;
  readonly location: string;
}

export interface SamlEntity {
  readonly entityId: string;
  readonly kind: "idp" | "sp" | "both" | "neither";
  readonly validUntil: string | undefined;
  readonly nameIdFormats: readonly string[];
  readonly signOnServices: readonly SamlEndpoint[];
  readonly assertionConsumers: readonly SamlEndpoint[];
  /** The identity provider's signing certificates; undefined for an unreadable one. */
  readonly certificates: ReadonlyArray<Certificate | undefined>;
}

/** Returns the document's only entity: the root, or the only one in an EntitiesDescriptor. */
export function parseSamlEntity(root: XmlElement): Reading<SamlEntity> {
  const isList = root.name === "EntitiesDescriptor" && root.namespace === METADATA;
  const parent = isList ? root : { ...root, children: [root] };
  const [entity, ...others] = findChildren(parent, METADATA, "EntityDescriptor");
  const missing = `the root is <${root.name}>; one EntityDescriptor of SAML 2.0 metadata is required`;
  if (entity === undefined || others.length > 0)
    return refuseFile("META-ROOT", missing, OKTA_METADATA);
  return { kind: "read", value: toEntity(entity, root) };
}

function toEntity(entity: XmlElement, root: XmlElement): SamlEntity {
  const providers = findChildren(entity, METADATA, "IDPSSODescriptor");
  const consumers = findChildren(entity, METADATA, "SPSSODescriptor");
  return {
    entityId: entity.attributes["entityID"] ?? "",
    kind: kindOf(providers.length > 0, consumers.length > 0),
    validUntil: entity.attributes["validUntil"] ?? root.attributes["validUntil"],
    nameIdFormats: [...providers, ...consumers].flatMap((role) =>
      findChildren(role, METADATA, "NameIDFormat").map(({ text }) => text),
    ),
    signOnServices: providers.flatMap((role) => listEndpoints(role, "SingleSignOnService")),
    assertionConsumers: consumers.flatMap((role) =>
      listEndpoints(role, "AssertionConsumerService"),
    ),
    certificates: providers.flatMap(listSigningCertificates),
  };
}

function findChildren({ children }: XmlElement, namespace: string, name: string): XmlElement[] {
  return children.filter((child) => child.namespace === namespace && child.name === name);
}

function kindOf(isProvider: boolean, isConsumer: boolean): SamlEntity["kind"] {
  if (isProvider && isConsumer) return "both";
  if (isProvider) return "idp";
  return isConsumer ? "sp" : "neither";
}

function listEndpoints(role: XmlElement, name: string): SamlEndpoint[] {
  return findChildren(role, METADATA, name).map(({ attributes }) => ({
    binding: (attributes["Binding"] ?? "").split(":").at(-1) ?? "",
    location: attributes["Location"] ?? "",
  }));
}

/** A key without `use` is for signing and encryption (saml-metadata-2.0-os §2.4.1.1). */
function listSigningCertificates(role: XmlElement): Array<Certificate | undefined> {
  return findChildren(role, METADATA, "KeyDescriptor")
    .filter(({ attributes }) => (attributes["use"] ?? "signing") === "signing")
    .flatMap((descriptor) => findChildren(descriptor, SIGNATURES, "KeyInfo"))
    .flatMap((info) => findChildren(info, SIGNATURES, "X509Data"))
    .flatMap((data) => findChildren(data, SIGNATURES, "X509Certificate"))
    .map(({ text }) => parseCertificate(text));
}
