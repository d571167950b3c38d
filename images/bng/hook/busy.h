// How much Kea has still to read.
#pragma once

// Whether what waits for Kea on an interface takes a quarter of a socket's buffer.
bool is_busy(int index);
