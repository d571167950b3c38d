#!/bin/sh
# Stops and removes the lab shared-lan; the keys stay.
set -eu
docker stop shared-lan-pc shared-lan-beta shared-lan-alpha shared-lan-internet
docker rm --volumes shared-lan-pc shared-lan-beta shared-lan-alpha shared-lan-internet
