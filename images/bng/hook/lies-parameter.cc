#include "lies-parameter.h"

#include <arpa/inet.h>

#include <stdexcept>

using isc::data::ConstElementPtr;

namespace {

Delegated prefix_of(const ConstElementPtr& element) {
  const std::string text = element->stringValue();
  const auto slash = text.find('/');
  char address[sizeof(in6_addr)];
  if (slash == std::string::npos || ::inet_pton(AF_INET6, text.substr(0, slash).c_str(), address) != 1)
    throw std::invalid_argument("no prefix: " + text);
  return {Bytes(address, sizeof address), static_cast<std::uint8_t>(std::stoi(text.substr(slash + 1)))};
}

Bytes bytes_of(const ConstElementPtr& element) {
  const std::string text = element->stringValue();
  Bytes bytes;
  for (std::size_t at = 0; at + 2 <= text.size(); at += 2)
    bytes += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
  return bytes;
}

template <typename Number>
Number number_of(const ConstElementPtr& element) {
  return static_cast<Number>(element->intValue());
}

}  // namespace

Lies read_lies(const ConstElementPtr& parameter) {
  Lies lies;
  if (!parameter) return lies;
  const auto with = [&](const char* key, const auto& read) {
    if (const ConstElementPtr value = parameter->get(key)) read(value);
  };
  with("delay-ms", [&](const auto& value) { lies.delay = std::chrono::milliseconds(value->intValue()); });
  with("no-prefix", [&](const auto& value) { lies.no_prefix = value->boolValue(); });
  with("no-binding", [&](const auto& value) { lies.no_binding = value->boolValue(); });
  with("infinite", [&](const auto& value) { lies.infinite = value->boolValue(); });
  with("times", [&](const auto& value) {
    lies.times = {number_of<std::uint32_t>(value->get(0)), number_of<std::uint32_t>(value->get(1))};
  });
  with("renewed-length", [&](const auto& value) { lies.renewed_length = number_of<std::uint8_t>(value); });
  with("same", [&](const auto& value) { lies.same = prefix_of(value); });
  with("moves", [&](const auto& value) {
    for (const auto& move : value->listValue()) lies.moves[prefix_of(move->get(0))] = prefix_of(move->get(1));
  });
  with("second", [&](const auto& value) {
    lies.second = {bytes_of(value->get("duid")), bytes_of(value->get("first-duid")), prefix_of(value->get("home")),
                   prefix_of(value->get("first-home")), number_of<std::uint8_t>(value->get("preference"))};
  });
  return lies;
}
