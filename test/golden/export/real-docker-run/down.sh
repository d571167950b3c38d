#!/bin/sh
# Stops and removes the lab real; the keys stay.
set -eu
docker stop real-keeper real-alpha
docker rm --volumes real-keeper real-alpha
