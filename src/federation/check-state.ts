import type { Context } from "../context.ts";
import type { DirectoryGroup, DirectoryUser, Instance } from "./aws/identity-center.ts";
import type { Administrator, AdministratorFlags } from "./administrator.ts";
import type { DirectorySource } from "./directory-source.ts";
import type { ScimAccess } from "./scim/client.ts";

/** What `federation check` is asked for, and what its steps learn for those that follow. */

export interface CheckOptions {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  readonly account?: string | undefined;
  readonly permissionSet?: string | undefined;
  readonly metadataFile?: string | undefined;
  readonly oktaDomain?: string | undefined;
  readonly minDays: number;
  readonly serviceProviderFile?: string | undefined;
  readonly acsUrl?: string | undefined;
  readonly issuerUrl?: string | undefined;
  readonly scimEndpoint?: string | undefined;
  readonly tokenStdin: boolean;
  /** The token, where the caller has read it already. */
  readonly knownToken?: string | undefined;
  /** What the administrator says now; else what was saved. */
  readonly tokenExpiresAt?: Date | undefined;
  readonly loginProfile?: string | undefined;
  /** Ask CloudTrail for its reason where a user, a group or the portal fails. */
  readonly why: boolean;
  readonly provisioning: "scim" | "manual";
  /** SCIM alone is asked, also where AWS credentials are there. */
  readonly scimOnly: boolean;
  readonly administrator: AdministratorFlags;
}

export interface CheckState {
  readonly context: Context;
  readonly options: CheckOptions;
  /** Read when first needed. */
  readonly readToken: () => Promise<string | undefined>;
  admin?: Administrator;
  instance?: Instance;
  scim?: ScimAccess;
  /** Identity Store where an administrator's credentials reach it, else SCIM. */
  witness?: DirectorySource;
  /** The other witness, where there are two. */
  second?: DirectorySource;
  user?: DirectoryUser;
  group?: DirectoryGroup;
  permissionSetArn?: string;
}
