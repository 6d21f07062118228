// Many requests to EXAMPLE_URL, a goroutine for each, no more than a limit at once.
//
//	EXAMPLE_URL=http://127.0.0.1:8000 go run requests.go 1000 10
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
)

func number(index int) int {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: requests REQUESTS LIMIT")
		os.Exit(2)
	}
	number, err := strconv.Atoi(os.Args[index])
	if err != nil || number < 1 {
		fmt.Fprintf(os.Stderr, "'%s' is no number above 0\n", os.Args[index])
		os.Exit(2)
	}
	return number
}

func main() {
	count, limit := number(1), number(2)
	url := os.Getenv("EXAMPLE_URL")
	// Each connection may be used again.
	client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: limit}}
	permits := make(chan struct{}, limit)
	failed := make(chan error, count)
	var requests sync.WaitGroup
	for i := 0; i < count; i++ {
		requests.Add(1)
		go func() {
			defer requests.Done()
			permits <- struct{}{}
			defer func() { <-permits }()
			response, err := client.Get(url)
			if err != nil {
				failed <- err
				return
			}
			defer response.Body.Close()
			if _, err := io.Copy(io.Discard, response.Body); err != nil {
				failed <- err
			}
		}()
	}
	requests.Wait()
	if len(failed) > 0 {
		fmt.Fprintln(os.Stderr, <-failed)
		os.Exit(1)
	}
	fmt.Println(count, "requested")
}
