import type { Context } from "../../context.ts";
import { parseSamlEntity, type SamlEntity } from "./metadata.ts";
import {
  differenceFinding,
  findDocumentProblem,
  identityProviderFindings,
  type Finding,
} from "./provider-rules.ts";
import { serviceProviderFindings } from "./service-provider-rules.ts";
import type { XmlReading } from "./xml-element.ts";
import { usageError } from "../../errors.ts";
import { readIfPresent } from "../../fs/read.ts";
import { readStandardInput } from "../../fs/stdin.ts";

/** SAML metadata of either side: the identity provider's before it is uploaded to AWS, and AWS's before it goes to Okta. */

const MAX_BYTES = 5 * 1024 * 1024;

interface MetadataOptions {
  /** undefined: only the URLs are judged. */
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

export async function checkMetadata(
  context: Context,
  options: MetadataOptions,
): Promise<MetadataResult> {
  const { acsUrl, issuerUrl, region } = options;
  const urls = serviceProviderFindings({ acs: acsUrl, issuer: issuerUrl, region });
  if (options.file === undefined) {
    if (urls.length === 0)
      throw usageError(
        "Which metadata?",
        "Name a file, - for stdin, or --acs-url and --issuer-url.",
      );
    return { kind: "urls", findings: urls };
  }
  const reading = await readMetadata(options.file);
  const problem = findDocumentProblem(reading);
  const entity = reading.kind === "xml" ? parseSamlEntity(reading.root) : undefined;
  if (problem !== undefined || entity === undefined)
    return { kind: "unreadable", findings: [...(problem === undefined ? [] : [problem]), ...urls] };
  const isService = options.expect === "sp" || (options.expect === "auto" && entity.kind === "sp");
  const own = isService
    ? judgeServices(entity, region)
    : identityProviderFindings(entity, {
        now: context.now(),
        minDays: options.minDays,
        oktaDomain: options.oktaDomain,
      });
  const difference =
    options.previous === undefined ? [] : [await compareWithPrevious(options.previous, entity)];
  return { kind: entity.kind, findings: [...own, ...difference, ...urls] };
}

async function compareWithPrevious(previous: string, entity: SamlEntity): Promise<Finding> {
  const before = await readMetadata(previous);
  const entityBefore = before.kind === "xml" ? parseSamlEntity(before.root) : undefined;
  if (entityBefore === undefined)
    throw usageError(
      `--previous ${previous} is no SAML metadata.`,
      "Name the file that was uploaded before.",
    );
  return differenceFinding(entityBefore, entity);
}

/** Each of AWS's ACS URLs (a multi-Region instance has several), and the issuer, which is the entity's own id. */
export function judgeServices(entity: SamlEntity, region: string | undefined): Finding[] {
  const hint = [
    "AWS › IAM Identity Center › Settings › Identity source › Manage authentication › Download metadata file",
  ];
  if (entity.kind === "idp")
    return [
      {
        id: "SP-KIND",
        code: "SP-KIND",
        status: "fail",
        summary: "this is the identity provider's file, not AWS's",
        hint,
      },
    ];
  const [first, ...others] = entity.assertionConsumers.map(({ location }) => location);
  if (first === undefined)
    return [
      {
        id: "SP-ACS",
        code: "SP-ACS",
        status: "fail",
        summary: "no AssertionConsumerService: this is no service provider's metadata",
        hint,
      },
    ];
  // Further ACS URLs are of further Regions.
  return [
    ...serviceProviderFindings({ acs: first, issuer: entity.entityId, region }),
    ...others.flatMap((acs) =>
      serviceProviderFindings({ acs, issuer: undefined, region: undefined }),
    ),
  ];
}

export async function readMetadata(file: string): Promise<XmlReading> {
  const { parseXml } = await import("./xml.ts");
  if (file === "-") return parseXml(await readStandardInput(MAX_BYTES));
  const bytes = readIfPresent(file, MAX_BYTES);
  if (bytes === undefined)
    throw usageError(`There is no file ${file}.`, "Name the metadata file, or - for stdin.");
  return parseXml(bytes.toString("utf8"));
}
