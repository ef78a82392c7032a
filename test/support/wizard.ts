import { createHome, type Home } from "./home.ts";
import type { Session } from "./pty.ts";

const ORG = {
  accounts: [
    {
      accountId: "100000000001",
      accountName: "payments-prod",
      emailAddress: "aws+payments@example.com",
      roles: ["ViewOnlyAccess", "Billing"],
    },
    { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
  ],
};

/** Answers questions one after the other, as they appear. */
export const answerAll = async (
  session: Session,
  answers: ReadonlyArray<readonly [question: string, answer: string]>,
): Promise<void> => {
  for (const [question, answer] of answers) await session.answer(question, answer);
};

export const createWizardHome = (): Promise<Home> =>
  createHome({ autoApprove: { afterPolls: 0 }, org: ORG });
