/** Known CloudTrail error messages of failed sign-ins and SCIM pushes, with their meanings. */

/** A failure in CloudTrail. The keys are those of the JSON output. null: AWS did not send the value. */
export interface TrailEvent {
  readonly time: string;
  readonly eventId: string | null;
  readonly eventName: string;
  readonly user: string | null;
  readonly errorCode: string | null;
  /** AWS's message. Text that looks like a secret is removed. */
  readonly errorMessage: string | null;
}

export type TrailTopic = "login" | "scim";

export interface TrailAttribute {
  readonly attribute: "EventName" | "EventSource";
  readonly value: string;
}

/** The CloudTrail lookup of each topic. */
export const TRAIL_TOPICS: Readonly<Record<TrailTopic, TrailAttribute>> = {
  login: { attribute: "EventName", value: "ExternalIdPDirectoryLogin" },
  scim: { attribute: "EventSource", value: "identitystore-scim.amazonaws.com" },
};

interface KnownReason {
  readonly pattern: RegExp;
  readonly meaning: string;
  readonly cure: string;
}

/** Messages from public sources: authentik issue 4554, the SCIM developer guide, issues of ssosync and idp-scim-sync. */
const KNOWN: Readonly<Record<TrailTopic, readonly KnownReason[]>> = {
  login: [
    {
      pattern: /invalid name id policy format/i,
      meaning: "The NameID that Okta sent does not have the format emailAddress.",
      cure: "Okta admin › Applications › AWS IAM Identity Center › Sign On › Application username format: Email",
    },
    {
      pattern: /not a valid response for the provided request id/i,
      meaning:
        "The SAML response belongs to another sign-in: an old tab, a double click, or a bookmark of Okta's page.",
      cure: "Close the tabs and start again from the access portal.",
    },
  ],
  scim: [
    {
      pattern: /duplicate groupdisplayname/i,
      meaning:
        "A group with that name already exists. It was created by hand, is spelled differently, or is not yet deleted.",
      cure: "Okta admin › Push Groups: link the push to the existing group instead of creating one, or rename one of the two.",
    },
    {
      pattern: /duplicate/i,
      meaning: "A user with that userName, e-mail address or external id already exists.",
      cure: "Delete or rename the older user in IAM Identity Center, then Okta admin › Dashboard › Tasks › Retry.",
    },
    {
      pattern: /list attribute (\w+) exceeds allowed limit of 1/i,
      meaning:
        "Okta sent several values for an attribute that can have only one in IAM Identity Center.",
      cure: "Okta admin › Applications › AWS IAM Identity Center › Provisioning › Attribute mappings: map one value.",
    },
    {
      pattern: /missing path in patch request/i,
      meaning:
        "The identity provider sent a PATCH without a path, which RFC 7644 allows and AWS does not.",
      cure: "Use Okta's own AWS IAM Identity Center app, not a generic SCIM app.",
    },
    {
      pattern: /request is unparsable, syntactically incorrect, or violates schema/i,
      meaning:
        "A field that AWS requires is empty, or Okta sent a field that AWS does not support.",
      cure: "Give the user a first name, last name and display name in Okta, then Okta admin › Dashboard › Tasks › Retry.",
    },
  ],
};

/** Returns the meaning of a known message; undefined for an unknown one, for which only AWS's message is shown. */
export function findMeaning(
  topic: TrailTopic,
  { errorCode, errorMessage }: TrailEvent,
): KnownReason | undefined {
  const words = `${errorCode ?? ""} ${errorMessage ?? ""}`;
  return KNOWN[topic].find(({ pattern }) => pattern.test(words));
}
