import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { createHome, type Home } from "../support/home.ts";
import { startTmuxShell, type TmuxShell } from "../support/tmux.ts";

/**
 * A new user's first and second hour, in a real shell in tmux: from `latchkey` alone to `aws sts get-caller-identity`, with
 * wrong keys, a cancel and a second try. A question that Enter or a choice ends counts as an answer. Wrong keys and shell
 * input do not count.
 */
const AWS = "/usr/bin/aws";

const ORG = {
  accounts: [
    { accountId: "111122223333", accountName: "payments-prod", roles: ["ViewOnlyAccess"] },
    { accountId: "111122224444", accountName: "search-prod", roles: ["Admin", "ViewOnlyAccess"] },
  ],
};

interface Newcomer extends TmuxShell {
  readonly answer: (question: string | RegExp, text: string) => Promise<void>;
  answers: number;
}

function startNewcomer(home: Home, columns: number): Newcomer {
  const newcomer: Newcomer = {
    ...startTmuxShell(home, { columns }),
    async answer(question, text) {
      await newcomer.see(question);
      newcomer.type(text);
      // A picker filters during typing.
      await new Promise((resolve) => setTimeout(resolve, 300));
      newcomer.press("Enter");
      newcomer.answers += 1;
    },
    answers: 0,
  };
  return newcomer;
}

/** Shows the identity with the AWS CLI, or with latchkey if the AWS CLI is not installed. */
async function identify(shell: Newcomer): Promise<void> {
  shell.run(existsSync(AWS) ? "aws sts get-caller-identity --output text" : "latchkey whoami");
  await shell.see("111122223333");
}

test.each([80, 40])(
  "a new user gets a role with twelve answers, and with three the second time, %i columns wide",
  async (columns) => {
    const home = await createHome({ autoApprove: { afterPolls: 0 }, org: ORG });
    const shell = startNewcomer(home, columns);
    await shell.see("$");

    shell.run("latchkey");
    await shell.see("latchkey configure");
    shell.run("latchkey configure --no-browser");
    await shell.see("SSO session name (Recommended)");
    // Wrong keys.
    shell.press("Left", "Up", "Down", "F5", "Tab", "C-u");
    await shell.answer("SSO session name (Recommended)", "emu.awsapps.com/start");
    await shell.see('Using the session name "emu"');
    await shell.answer("SSO region", "us-est-1");
    await shell.see("Did you mean us-east-1?");
    shell.press("C-u");
    shell.answers -= 1;
    await shell.answer("SSO region", "us-east-1");
    await shell.answer("SSO registration scopes", "");
    await shell.see("AWS accounts available");
    shell.press("Down", "Down", "PageUp", "Left", "C-c");
    await shell.see("kept as the defaults of the next run");

    shell.run("latchkey configure --no-browser");
    await shell.answer("Go on with them? (Y/n)", "");
    await shell.answer("AWS accounts available", "paym");
    await shell.see("The only role available to you is");
    await shell.answer("Default client Region", "eu-west-1");
    await shell.answer("CLI default output format", "");
    await shell.answer("Profile name", "default");
    await shell.answer("(Y/n)", "");
    await shell.see('Wrote the profile "default"');
    await shell.answer("Add profiles for your other roles", "");
    await shell.answer(/Add it to ~\/\.bashrc\?/, "");
    await shell.see("Added.");
    await identify(shell);
    expect(shell.answers).toBeLessThanOrEqual(12);
    expect(home.read(".bashrc")).toBe('PS1="$ "\neval "$(latchkey shell-init bash)"\n');

    // The second time: another profile, cancelled at its last question and started again.
    shell.run(
      "latchkey configure --no-browser --account-id 111122224444 --role-name Admin --region eu-west-1",
    );
    for (const question of ["session name", "output format", "Profile name"])
      await shell.answer(question, "");
    await shell.answer("(Y/n)", "n");
    await shell.see("Nothing was written.");
    shell.answers = 0;
    shell.run("latchkey");
    await shell.see("signed in");
    shell.run("latchkey configure --no-browser");
    await shell.answer("(Y/n)", "");
    await shell.see('Wrote the profile "Admin-111122224444"');
    shell.run("exec bash --rcfile ~/.bashrc -i");
    shell.run("latchkey use");
    await shell.answer("Profile", "Admin");
    await shell.see(/Admin-111122224444/);
    shell.run(existsSync(AWS) ? "aws sts get-caller-identity --output text" : "latchkey whoami");
    await shell.see("111122224444");
    expect(shell.answers).toBeLessThanOrEqual(3);
  },
);
