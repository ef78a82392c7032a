package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// seen has the address to which the SDK connected, and the first bytes it sent.
type seen struct {
	Dialled string `json:"dialled"`
	Said    []byte `json:"said"`
}

// proxies answers each {"env", "url"} of stdin with a new process, since net/http reads the environment only once.
func proxies() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var question struct {
			Env map[string]string
			URL string
		}
		if err := json.Unmarshal(lines.Bytes(), &question); err != nil {
			fail(err)
		}
		child := exec.Command(os.Args[0], "proxy", question.URL)
		child.Env = []string{}
		for name, value := range question.Env {
			child.Env = append(child.Env, name+"="+value)
		}
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Run(); err != nil {
			fail(err)
		}
	}
}

func proxy(url string) {
	var was seen
	client := awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
		transport.DialContext = func(_ context.Context, _, address string) (net.Conn, error) {
			near, far := net.Pipe()
			was.Dialled = address
			said := make([]byte, 4096)
			_ = far.SetDeadline(time.Now().Add(2 * time.Second))
			go func() {
				length, _ := far.Read(said)
				was.Said = said[:length]
				far.Close()
			}()
			return near, nil
		}
	})
	_, _ = sts.New(sts.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String(url), HTTPClient: client, Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	}).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	if err := json.NewEncoder(os.Stdout).Encode(was); err != nil {
		fail(err)
	}
}
