import { buildPage, requireText, type AdminOperation } from "./answers.ts";
import type { AdminRoute } from "../routes.ts";
import { refusal } from "../service-errors.ts";
import type { State } from "../state/state.ts";

/** Service `organizations`: the emulated organization's accounts and its management account. */
export const organizationOperations: Record<AdminRoute<"organizations">, AdminOperation> = {
  "organizations:DescribeOrganization": ({ directory }) => ({
    organization: {
      id: "o-emu1234567",
      masterAccountId: directory.managementAccountId,
      managementAccountId: directory.managementAccountId,
      featureSet: "ALL",
    },
  }),
  "organizations:ListAccounts": (state, input) =>
    buildPage(
      state,
      input,
      { accounts: listAccountIds(state).map((id) => accountShape(state, id)) },
      MOST_ACCOUNTS,
    ),
  "organizations:DescribeAccount": (state, input) => {
    const id = requireText(input, "AccountId");
    if (!listAccountIds(state).includes(id))
      throw refusal("AccountNotFoundException", "You specified an account that doesn't exist.");
    return { account: accountShape(state, id) };
  },
};

/** The service's maximum page size. */
const MOST_ACCOUNTS = 20;

function listAccountIds({ directory, org }: State): string[] {
  return [...new Set([directory.managementAccountId, ...org.accounts.keys()])];
}

function accountShape({ directory, org }: State, id: string): unknown {
  const account = org.accounts.get(id);
  const state = directory.closedAccounts.includes(id) ? "SUSPENDED" : "ACTIVE";
  return {
    id,
    name: account?.accountName ?? (id === directory.managementAccountId ? "management" : id),
    email: account?.emailAddress ?? `aws+${id}@example.com`,
    state,
    status: state,
  };
}
