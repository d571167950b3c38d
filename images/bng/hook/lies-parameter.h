// Lies as Kea's configuration has them.
#pragma once

#include <cc/data.h>

#include "lies.h"

// Reads the hook's parameter; none are told without it. Throws when it is not what the agent renders.
Lies read_lies(const isc::data::ConstElementPtr& parameter);
