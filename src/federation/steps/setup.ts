import { worstOf, type Verdict } from "../report.ts";
import { readSamlEntity } from "../saml/metadata.ts";
import { documentProblem, type Finding } from "../saml/provider-rules.ts";
import { isEndpoint, readScimEndpoint, tokenVerdict } from "../scim/endpoint.ts";
import { serviceProviderFindings } from "../saml/service-provider-rules.ts";
import { isRegion } from "../../model/start-url.ts";
import { administrator, deadlineOf, hasAdministrator } from "../administrator.ts";
import type { Instance } from "../aws/identity-center.ts";
import type { Facts } from "../check-state.ts";
import { organizationInstance } from "../find.ts";
import { checkMetadata, readMetadata, serviceFindings } from "../saml/check.ts";
import { reachScim, scimConnection, scimEndpoint } from "../scim/token.ts";

/** Steps 1 to 5: the two metadata files, the instance, the SCIM endpoint and its token. */

export function skipped(summary: string): Verdict {
  return { status: "skip", summary };
}

export async function metadataStep({ context, options }: Facts): Promise<Verdict> {
  const { metadataFile: file, oktaDomain, minDays } = options;
  if (file === undefined) return skipped("no --metadata given");
  const { findings } = await checkMetadata(context, { file, oktaDomain, minDays, expect: "idp" });
  const told = (id: string): string => findings.find((finding) => finding.id === id)?.summary ?? "";
  return worstOf(findings, {
    status: "ok",
    summary: `${told("META-ENTITY")} · ${told("META-CERT")}`,
    evidence: { file },
  });
}

export async function serviceProviderStep({ options, admin }: Facts): Promise<Verdict> {
  const {
    serviceProviderFile: file,
    acsUrl: acs,
    issuerUrl: issuer,
    administrator: flags,
  } = options;
  if (file === undefined && acs === undefined && issuer === undefined)
    return skipped("no --sp, --acs-url or --issuer-url given");
  const region =
    admin?.region ??
    (flags.region !== undefined && isRegion(flags.region) ? flags.region : undefined);
  const findings: Finding[] = serviceProviderFindings({ acs, issuer, region });
  if (file !== undefined) {
    const reading = await readMetadata(file);
    const problem = documentProblem(reading);
    const entity = reading.kind === "xml" ? readSamlEntity(reading.root) : undefined;
    findings.push(
      ...(problem === undefined ? [] : [problem]),
      ...(entity === undefined ? [] : serviceFindings(entity, region)),
    );
  }
  return worstOf(findings, {
    status: "ok",
    summary: "ACS and issuer URL are well-formed and of one instance",
  });
}

export async function instanceStep(facts: Facts): Promise<Verdict> {
  const { context, options } = facts;
  if (options.scimOnly) return skipped("not asked");
  if (!hasAdministrator(context, options.administrator))
    return skipped("no AWS credentials (--profile)");
  const given = scimEndpoint(context, options.scimEndpoint);
  const read = given === undefined ? undefined : readScimEndpoint(given.text);
  const admin = await administrator(
    context,
    options.administrator,
    read !== undefined && isEndpoint(read) ? read.region : undefined,
  );
  facts.admin = admin;
  const instance = await organizationInstance(admin);
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

export async function scimReachStep(facts: Facts): Promise<Verdict> {
  const { context, options, admin } = facts;
  if (options.provisioning === "manual") return skipped("provisioning by hand");
  const given = scimEndpoint(context, options.scimEndpoint);
  if (given === undefined) return skipped("no --scim-endpoint given or saved");
  const token = await facts.token();
  if (token === undefined) return skipped("no SCIM token (--token-stdin, or LATCHKEY_SCIM_TOKEN)");
  const endpoint = readScimEndpoint(given.text);
  if (!isEndpoint(endpoint)) return endpoint;
  const connection = scimConnection(
    context,
    endpoint.region,
    deadlineOf(context, options.administrator.timeoutSeconds),
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

export async function scimTokenStep({ context, options, scim }: Facts): Promise<Verdict> {
  if (scim === undefined) return skipped("no SCIM endpoint and token");
  const given = scimEndpoint(context, options.scimEndpoint);
  return tokenVerdict(options.tokenExpiresAt ?? given?.record?.tokenExpiresAt, context.now());
}
