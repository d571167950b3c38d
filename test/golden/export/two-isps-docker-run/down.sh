#!/bin/sh
# Stops and removes the lab two-isps; the keys stay.
set -eu
docker stop two-isps-home-host1 two-isps-home two-isps-beta two-isps-alpha two-isps-internet
docker rm --volumes two-isps-home-host1 two-isps-home two-isps-beta two-isps-alpha two-isps-internet
