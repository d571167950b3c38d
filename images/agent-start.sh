#!/bin/sh
# Starts the agent in a role: `agent-start bng`. `agent-start cache` compiles it, when the image is built.
exec node --max-old-space-size=64 --no-concurrent-sparkplug --single-threaded-gc --v8-pool-size=1 --no-memory-reducer /usr/local/lib/mhlab/agent.js "$@"
