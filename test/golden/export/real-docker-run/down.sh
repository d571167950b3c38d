#!/bin/sh
# Stops and removes the lab real; the keys stay.
set -eu
docker stop real-alpha
docker rm --volumes real-alpha
