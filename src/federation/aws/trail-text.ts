/** CloudTrail's own reasons for failed sign-ins and failed pushes, and what they mean where that is known. */

/** The members are those of the JSON; what AWS did not tell is null. */
export interface TrailEvent {
  readonly time: string;
  readonly eventId: string | null;
  readonly eventName: string;
  readonly user: string | null;
  readonly errorCode: string | null;
  /** AWS's words, shown as they are, but for what looks like a secret. */
  readonly errorMessage: string | null;
}

export type TrailTopic = "login" | "scim";

export interface TrailAttribute {
  readonly attribute: "EventName" | "EventSource";
  readonly value: string;
}

/** Where each topic's events are found. */
export const TRAIL_TOPICS: Readonly<Record<TrailTopic, TrailAttribute>> = {
  login: { attribute: "EventName", value: "ExternalIdPDirectoryLogin" },
  scim: { attribute: "EventSource", value: "identitystore-scim.amazonaws.com" },
};

interface KnownReason {
  readonly pattern: RegExp;
  readonly meaning: string;
  readonly cure: string;
}

/** Texts seen in public: authentik issue 4554, the SCIM developer guide, ssosync and idp-scim-sync issues. */
const KNOWN: Readonly<Record<TrailTopic, readonly KnownReason[]>> = {
  login: [
    {
      pattern: /invalid name id policy format/i,
      meaning: "The NameID that came is not in the format emailAddress.",
      cure: "Okta admin › Applications › AWS IAM Identity Center › Sign On › Application username format: Email",
    },
    {
      pattern: /not a valid response for the provided request id/i,
      meaning:
        "The answer belongs to another sign-in: a stale tab, a double click, or a bookmark of Okta's page.",
      cure: "Close the tabs and start again from the access portal.",
    },
  ],
  scim: [
    {
      pattern: /duplicate groupdisplayname/i,
      meaning:
        "A group of that name is there already, made by hand, under another spelling, or not yet gone.",
      cure: "Okta admin › Push Groups: link the push to the existing group instead of creating one, or rename one of the two.",
    },
    {
      pattern: /duplicate/i,
      meaning: "A user with that userName, e-mail address or external id is there already.",
      cure: "Delete or rename the older user in IAM Identity Center, then Okta admin › Dashboard › Tasks › Retry.",
    },
    {
      pattern: /list attribute (\w+) exceeds allowed limit of 1/i,
      meaning: "IAM Identity Center takes one value where Okta sent several.",
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
      meaning: "A field that AWS requires is empty, or one that it does not know was sent.",
      cure: "Give the user a first name, last name and display name in Okta, then Okta admin › Dashboard › Tasks › Retry.",
    },
  ],
};

/** undefined: no table has it, and AWS's own words must do. */
export function findMeaning(
  topic: TrailTopic,
  { errorCode, errorMessage }: TrailEvent,
): KnownReason | undefined {
  const words = `${errorCode ?? ""} ${errorMessage ?? ""}`;
  return KNOWN[topic].find(({ pattern }) => pattern.test(words));
}
