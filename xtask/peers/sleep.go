// Many goroutines that sleep.
//
//	go run sleep.go 1000 2000
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

func number(index int) int {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sleep GOROUTINES MILLISECONDS")
		os.Exit(2)
	}
	number, err := strconv.Atoi(os.Args[index])
	if err != nil || number < 0 {
		fmt.Fprintf(os.Stderr, "'%s' is no number\n", os.Args[index])
		os.Exit(2)
	}
	return number
}

func main() {
	count, duration := number(1), time.Duration(number(2))*time.Millisecond
	var sleepers sync.WaitGroup
	for i := 0; i < count; i++ {
		sleepers.Add(1)
		go func() {
			defer sleepers.Done()
			time.Sleep(duration)
		}()
	}
	sleepers.Wait()
	fmt.Println(count, "slept")
}
