// Package answer prints what a client resolved.
package answer

import (
	"encoding/json"
	"os"
)

type Answer struct {
	AccessKeyID  string `json:"accessKeyId"`
	SessionToken string `json:"sessionToken,omitempty"`
	AccountID    string `json:"accountId,omitempty"`
	Region       string `json:"region,omitempty"`
}

func Print(value any) {
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		panic(err)
	}
}

// AsksSts returns whether to call GetCallerIdentity once, like any program; an error is logged.
func AsksSts() bool {
	return len(os.Args) > 1 && os.Args[1] == "--sts"
}

func Fail(err error) {
	Print(map[string]string{"error": err.Error()})
	os.Exit(1)
}
