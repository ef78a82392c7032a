// aws-sdk-go-base, as Terraform's AWS provider calls it: `base [PROFILE]` prints the credentials as one line of JSON.
package main

import (
	"context"
	"fmt"
	"os"

	base "github.com/hashicorp/aws-sdk-go-base/v2"
	"github.com/hashicorp/aws-sdk-go-base/v2/diag"

	"latchkey/drivers/answer"
)

// askSts does the same as the provider's configuration, and prints its diagnostics.
func askSts(ctx context.Context) {
	config := base.Config{
		CallerName:             "Terraform AWS Provider",
		CallerDocumentationURL: "https://registry.terraform.io/providers/hashicorp/aws",
		MaxRetries:             2,
	}
	ctx, cfg, diagnostics := base.GetAwsConfig(ctx, &config)
	failAll(diagnostics)
	account, _, diagnostics := base.GetAwsAccountIDAndPartition(ctx, cfg, &config)
	failAll(diagnostics)
	fmt.Println(account)
}

func failAll(diagnostics diag.Diagnostics) {
	if !diagnostics.HasError() {
		return
	}
	for _, one := range diagnostics {
		fmt.Fprintf(os.Stderr, "%s: %s\n\n%s\n", one.Severity(), one.Summary(), one.Detail())
	}
	os.Exit(1)
}

func main() {
	if answer.AsksSts() {
		askSts(context.Background())
		return
	}
	config := base.Config{CallerName: "latchkey's test", MaxRetries: 1, SkipCredsValidation: true}
	if len(os.Args) > 1 {
		config.Profile = os.Args[1]
	}
	ctx, cfg, diagnostics := base.GetAwsConfig(context.Background(), &config)
	if diagnostics.HasError() {
		first := diagnostics.Errors()[0]
		answer.Fail(fmt.Errorf("%s: %s", first.Summary(), first.Detail()))
	}
	keys, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		answer.Fail(err)
	}
	answer.Print(answer.Answer{
		AccessKeyID: keys.AccessKeyID, SessionToken: keys.SessionToken, AccountID: keys.AccountID, Region: cfg.Region,
	})
}
