import { mergeVerdicts, type Verdict } from "../report.ts";
import { parseSamlEntity } from "../saml/metadata.ts";
import { findDocumentProblem, type Finding } from "../saml/provider-rules.ts";
import { isEndpoint, parseScimEndpoint, tokenVerdict } from "../scim/endpoint.ts";
import { serviceProviderFindings } from "../saml/service-provider-rules.ts";
import { isRegion } from "../../model/start-url.ts";
import { openAdministrator, toDeadline, hasAdministrator } from "../administrator.ts";
import type { Instance } from "../aws/identity-center.ts";
import type { CheckState } from "../check-state.ts";
import { findOrganizationInstance } from "../find.ts";
import { checkMetadata, readMetadata, judgeServices } from "../saml/check.ts";
import { reachScim, createScimConnection, findScimEndpoint } from "../scim/token.ts";

/** Steps 1 to 5: the two metadata files, the instance, the SCIM endpoint and its token. */

export function skip(summary: string): Verdict {
  return { status: "skip", summary };
}

export async function metadataStep({ context, options }: CheckState): Promise<Verdict> {
  const { metadataFile: file, oktaDomain, minDays } = options;
  if (file === undefined) return skip("no --metadata given");
  const { findings } = await checkMetadata(context, { file, oktaDomain, minDays, expect: "idp" });
  const describe = (id: string): string =>
    findings.find((finding) => finding.id === id)?.summary ?? "";
  return mergeVerdicts(findings, {
    status: "ok",
    summary: `${describe("META-ENTITY")} · ${describe("META-CERT")}`,
    evidence: { file },
  });
}

export async function serviceProviderStep({ options, admin }: CheckState): Promise<Verdict> {
  const {
    serviceProviderFile: file,
    acsUrl: acs,
    issuerUrl: issuer,
    administrator: flags,
  } = options;
  if (file === undefined && acs === undefined && issuer === undefined)
    return skip("no --sp, --acs-url or --issuer-url given");
  const region =
    admin?.region ??
    (flags.region !== undefined && isRegion(flags.region) ? flags.region : undefined);
  const findings: Finding[] = serviceProviderFindings({ acs, issuer, region });
  if (file !== undefined) {
    const reading = await readMetadata(file);
    const problem = findDocumentProblem(reading);
    const entity = reading.kind === "xml" ? parseSamlEntity(reading.root) : undefined;
    findings.push(
      ...(problem === undefined ? [] : [problem]),
      ...(entity === undefined ? [] : judgeServices(entity, region)),
    );
  }
  return mergeVerdicts(findings, {
    status: "ok",
    summary: "ACS and issuer URL are well-formed and of one instance",
  });
}

export async function instanceStep(facts: CheckState): Promise<Verdict> {
  const { context, options } = facts;
  if (options.scimOnly) return skip("not asked");
  if (!hasAdministrator(context, options.administrator))
    return skip("no AWS credentials (--profile)");
  const given = findScimEndpoint(context, options.scimEndpoint);
  const read = given === undefined ? undefined : parseScimEndpoint(given.text);
  const admin = await openAdministrator(
    context,
    options.administrator,
    read !== undefined && isEndpoint(read) ? read.region : undefined,
  );
  facts.admin = admin;
  const instance = await findOrganizationInstance(admin);
  if (instance?.status === "ACTIVE") facts.instance = instance;
  return instanceVerdict(instance, admin.region);
}

function instanceVerdict(instance: Instance | undefined, region: string): Verdict {
  if (instance === undefined) {
    return {
      status: "fail",
      code: "FED-NO-INSTANCE",
      summary: `no instance in ${region}`,
      hint: [
        `Try --region: Identity Center has one home region. If it is nowhere, enable it in the management account.`,
      ],
      docs: "https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-identity-center.html",
    };
  }
  const evidence = {
    instanceArn: instance.arn,
    identityStoreId: instance.identityStoreId,
    ownerAccountId: instance.ownerAccountId ?? null,
    region,
  };
  if (instance.status !== "ACTIVE") {
    return {
      status: "fail",
      code: "FED-INSTANCE-STATUS",
      summary: `${instance.id} is ${instance.status}${instance.statusReason === undefined ? "" : `: ${instance.statusReason}`}`,
      evidence,
      hint: [
        "Wait where it is in progress; where it failed, the console says what to do: IAM Identity Center › Dashboard",
      ],
    };
  }
  return { status: "ok", summary: `${instance.id} (${region})`, evidence };
}

export async function scimReachStep(facts: CheckState): Promise<Verdict> {
  const { context, options, admin } = facts;
  if (options.provisioning === "manual") return skip("provisioning by hand");
  const given = findScimEndpoint(context, options.scimEndpoint);
  if (given === undefined) return skip("no --scim-endpoint given or saved");
  const token = await facts.readToken();
  if (token === undefined) return skip("no SCIM token (--token-stdin, or LATCHKEY_SCIM_TOKEN)");
  const endpoint = parseScimEndpoint(given.text);
  if (!isEndpoint(endpoint)) return endpoint;
  const connection = createScimConnection(
    context,
    endpoint.region,
    toDeadline(context, options.administrator.timeoutSeconds),
  );
  const access = { connection, base: endpoint.base, token };
  const recorded = options.tokenExpiresAt ?? given.record?.tokenExpiresAt;
  const verdict = await reachScim(context, access, {
    endpoint,
    region: admin?.region,
    tokenExpiresAt: recorded,
  });
  if (verdict.status !== "fail") facts.scim = access;
  return verdict;
}

export async function scimTokenStep({ context, options, scim }: CheckState): Promise<Verdict> {
  if (scim === undefined) return skip("no SCIM endpoint and token");
  const given = findScimEndpoint(context, options.scimEndpoint);
  return tokenVerdict(options.tokenExpiresAt ?? given?.record?.tokenExpiresAt, context.now());
}
