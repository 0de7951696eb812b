// Writes a key by way of Sentinels, and another one after a line of standard input, as soon as a master takes it.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
)

func main() {
	ctx := context.Background()
	master := redis.NewFailoverClient(&redis.FailoverOptions{
		MasterName:    os.Args[1],
		SentinelAddrs: os.Args[2:],
	})
	until := func(value string) {
		for master.Set(ctx, "go-redis", value, 0).Err() != nil {
			time.Sleep(50 * time.Millisecond)
		}
		fmt.Println(value)
	}
	until("before")
	bufio.NewReader(os.Stdin).ReadString('\n')
	until("after")
}
