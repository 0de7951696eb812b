"""Writes a key by way of Sentinels, and another one after a line of standard input, as soon as a master takes it."""

import sys
import time

import redis
from redis.sentinel import Sentinel

name, addresses = sys.argv[1], [address.split(":") for address in sys.argv[2:]]
sentinel = Sentinel([(host, int(port)) for host, port in addresses], socket_timeout=5)
master = sentinel.master_for(name, socket_timeout=5)
master.set("redis-py", "before")
print("before", flush=True)
sys.stdin.readline()
while True:
    try:
        master.set("redis-py", "after")
        break
    except redis.RedisError:
        time.sleep(0.05)
print("after", flush=True)
