import type { Context } from "../../context.ts";
import { usageError } from "../../errors.ts";
import { readIfPresent } from "../../fs/read.ts";
import { readStandardInput } from "../../fs/stdin.ts";
import { AWS_IDENTITY_SOURCE } from "../places.ts";
import { failFinding, type Finding, type Reading } from "./finding.ts";
import { parseSamlEntity, type SamlEntity } from "./metadata.ts";
import { differenceFinding, identityProviderFindings } from "./provider-rules.ts";
import { serviceProviderFindings } from "./service-provider-rules.ts";

/**
 * Checks SAML metadata: the identity provider's before it is uploaded to AWS, and AWS's before its URLs are entered in Okta.
 */

const MAX_BYTES = 5 * 1024 * 1024;

interface MetadataOptions {
  /** undefined: only the URLs in the options are checked. */
  readonly file?: string | undefined;
  readonly previous?: string | undefined;
  readonly acsUrl?: string | undefined;
  readonly issuerUrl?: string | undefined;
  readonly minDays: number;
  readonly oktaDomain?: string | undefined;
  readonly region?: string | undefined;
  readonly expect: "auto" | "idp" | "sp";
}

export interface MetadataResult {
  readonly kind: SamlEntity["kind"] | "unreadable" | "urls";
  readonly findings: readonly Finding[];
}

/** @throws LatchkeyError USAGE if a file is missing, `previous` is not metadata, or there is nothing to check. */
export async function checkMetadata(
  context: Context,
  options: MetadataOptions,
): Promise<MetadataResult> {
  const { acsUrl: acs, file, issuerUrl: issuer, previous, region } = options;
  const urls = serviceProviderFindings({ acs, issuer, region });
  if (file === undefined) {
    if (urls.length > 0) return { kind: "urls", findings: urls };
    throw usageError("Which metadata?", "Name a file, - for stdin, or --acs-url and --issuer-url.");
  }
  const reading = await readMetadata(file);
  if (reading.kind === "unusable")
    return { kind: "unreadable", findings: [reading.problem, ...urls] };

  const entity = reading.value;
  const isService = options.expect === "sp" || (options.expect === "auto" && entity.kind === "sp");
  const own = isService
    ? judgeServices(entity, region)
    : identityProviderFindings(entity, { now: context.now(), ...options });
  const difference = previous === undefined ? [] : [await compareWithPrevious(previous, entity)];
  return { kind: entity.kind, findings: [...own, ...difference, ...urls] };
}

async function compareWithPrevious(previous: string, entity: SamlEntity): Promise<Finding> {
  const before = await readMetadata(previous);
  if (before.kind === "read") return differenceFinding(before.value, entity);
  throw usageError(
    `--previous ${previous} is not SAML metadata.`,
    "Name the file that was uploaded before.",
  );
}

const DOWNLOAD = `${AWS_IDENTITY_SOURCE} › Manage authentication › Download metadata file`;

/** Checks each of AWS's ACS URLs (a multi-Region instance has several) and the issuer URL, which is the entity's id. */
function judgeServices(
  { kind, entityId, assertionConsumers }: SamlEntity,
  region: string | undefined,
): Finding[] {
  if (kind === "idp")
    return [failFinding("SP-KIND", "this is the identity provider's file, not AWS's", DOWNLOAD)];
  const [first, ...others] = assertionConsumers;
  const missing = "no AssertionConsumerService: this is not a service provider's metadata";
  if (first === undefined) return [failFinding("SP-ACS", missing, DOWNLOAD)];
  return [
    ...serviceProviderFindings({ acs: first.location, issuer: entityId, region }),
    // The other ACS URLs belong to other Regions.
    ...others.flatMap(({ location }) => serviceProviderFindings({ acs: location })),
  ];
}

async function readMetadata(file: string): Promise<Reading<SamlEntity>> {
  const { parseXml } = await import("./xml.ts");
  const text =
    file === "-"
      ? await readStandardInput(MAX_BYTES)
      : readIfPresent(file, MAX_BYTES)?.toString("utf8");
  if (text === undefined)
    throw usageError(`There is no file ${file}.`, "Name the metadata file, or - for stdin.");
  const document = parseXml(text);
  return document.kind === "read" ? parseSamlEntity(document.value) : document;
}
