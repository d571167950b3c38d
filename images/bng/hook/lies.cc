#include "lies.h"

#include <algorithm>

namespace {

constexpr std::uint8_t solicit = 1, request = 3, renew = 5, rebind = 6;
constexpr std::uint16_t server_id = 2, ia_na = 3, ia_address = 5, preference = 7, status_code = 13, ia_pd = 25,
                        ia_prefix = 26;
constexpr std::uint16_t no_binding_status = 3, no_prefix_status = 6;
constexpr std::uint32_t infinity = 0xffffffff;

constexpr std::size_t message_head = 4;
// IAID, T1, T2.
constexpr std::size_t association_head = 12;
// Preferred and valid lifetime, length, prefix.
constexpr std::size_t lifetimes_size = 8, at_length = 8, at_prefix = 9, prefix_size = 25;
// Of an address: the lifetimes follow it.
constexpr std::size_t address_size = 16;

struct Option {
  std::uint16_t code;
  Bytes data;
};
using Options = std::vector<Option>;

Bytes number(std::uint32_t value, int size) {
  Bytes bytes;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

std::size_t short_at(const Bytes& bytes, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8 |
         static_cast<unsigned char>(bytes[at + 1]);
}

Options read(const Bytes& bytes, std::size_t from) {
  Options options;
  while (from + 4 <= bytes.size()) {
    const std::size_t size = short_at(bytes, from + 2);
    options.push_back({static_cast<std::uint16_t>(short_at(bytes, from)), bytes.substr(from + 4, size)});
    from += 4 + size;
  }
  return options;
}

Bytes write(const Options& options) {
  Bytes bytes;
  for (const auto& [code, data] : options)
    bytes += number(code, 2) + number(static_cast<std::uint32_t>(data.size()), 2) + data;
  return bytes;
}

Bytes only_first_bits(Bytes address, std::uint8_t length) {
  for (std::size_t bit = length; bit < 8 * address.size(); ++bit)
    address[bit / 8] = static_cast<char>(address[bit / 8] & ~(0x80 >> bit % 8));
  return address;
}

// The same network of another provider: the first bits are those of `to`.
Bytes moved(Bytes address, const Delegated& from, const Delegated& to) {
  const std::uint8_t length = std::max(from.length, to.length);
  for (std::size_t bit = 0; bit < length; ++bit) {
    const char mask = static_cast<char>(0x80 >> bit % 8);
    address[bit / 8] = static_cast<char>((address[bit / 8] & ~mask) | (to.address[bit / 8] & mask));
  }
  return address;
}

bool is_association(const Option& option) {
  return (option.code == ia_na || option.code == ia_pd) && option.data.size() >= association_head;
}

bool is_prefix(const Option& option) { return option.code == ia_prefix && option.data.size() >= prefix_size; }

bool is_address(const Option& option) {
  return option.code == ia_address && option.data.size() >= address_size + lifetimes_size;
}

Delegated delegated(const Bytes& data) {
  return {data.substr(at_prefix, address_size), static_cast<std::uint8_t>(data[at_length])};
}

// The lifetimes are the first of a prefix's option, and the last of an address's.
bool is_valid(const Option& option) {
  const std::size_t at = (option.code == ia_address ? address_size : 0) + 4;
  return option.data.compare(at, 4, number(0, 4)) != 0;
}

void move_prefixes(Options& options, const Delegated& from, const Delegated& to) {
  for (auto& option : options) {
    if (option.code != ia_pd || !is_association(option)) continue;
    Options inner = read(option.data, association_head);
    for (auto& one : inner) {
      if (!is_prefix(one)) continue;
      one.data.replace(at_prefix, address_size, moved(delegated(one.data).address, from, to));
    }
    option.data = option.data.substr(0, association_head) + write(inner);
  }
}

}  // namespace

bool Lies::take_for_second(std::vector<std::uint8_t>& query) const {
  if (!second || query.size() < message_head) return false;
  const Bytes bytes(query.begin(), query.end());
  Options options = read(bytes, message_head);
  const auto server = std::find_if(options.begin(), options.end(), [&](const Option& option) {
    return option.code == server_id && option.data == second->duid;
  });
  if (server == options.end()) return false;
  server->data = second->first_duid;
  move_prefixes(options, second->home, second->first_home);
  const Bytes taken = bytes.substr(0, message_head) + write(options);
  query.assign(taken.begin(), taken.end());
  return true;
}

std::vector<Bytes> Lies::instead_of(std::uint8_t query, bool for_second, const Bytes& answer) const {
  if (answer.size() < message_head) return {answer};
  Options options = read(answer, message_head);
  for (auto& option : options) {
    if (is_association(option)) option.data = association(query, option.code, option.data);
  }
  const Bytes head = answer.substr(0, message_head);
  std::vector<Bytes> said;
  if (!for_second) said.push_back(head + write(options));
  // What is asked of all servers is answered by both.
  if (second && (for_second || query == solicit || query == rebind)) {
    const auto by_id = [](const Option& option) { return option.code == server_id; };
    const auto server = std::find_if(options.begin(), options.end(), by_id);
    if (server == options.end()) return said;
    server->data = second->duid;
    if (second->preference > 0) options.push_back({preference, number(second->preference, 1)});
    move_prefixes(options, second->first_home, second->home);
    said.push_back(head + write(options));
  }
  return said;
}

Bytes Lies::association(std::uint8_t query, std::uint16_t kind, const Bytes& truth) const {
  const bool renewal = query == renew || query == rebind;
  const Bytes iaid = truth.substr(0, 4);
  const auto refusal = [&](std::uint16_t status) {
    return iaid + number(0, 4) + number(0, 4) + write({{status_code, number(status, 2)}});
  };
  if (renewal && no_binding) return refusal(no_binding_status);
  if (kind == ia_pd && no_prefix && (query == solicit || query == request)) return refusal(no_prefix_status);

  Options rest;
  std::vector<std::pair<Delegated, Bytes>> prefixes;
  for (auto& option : read(truth, association_head)) {
    if (is_prefix(option)) prefixes.emplace_back(delegated(option.data), option.data.substr(0, lifetimes_size));
    else rest.push_back(option);
  }
  rewrite_prefixes(renewal, prefixes);
  Options options;
  for (const auto& [prefix, lifetimes] : prefixes)
    options.push_back({ia_prefix, lifetimes + number(prefix.length, 1) + prefix.address});
  options.insert(options.end(), rest.begin(), rest.end());

  Bytes head = truth.substr(0, association_head);
  bool holds = false;
  for (auto& option : options) {
    if ((!is_prefix(option) && !is_address(option)) || !is_valid(option)) continue;
    holds = true;
    const std::size_t at = option.code == ia_address ? address_size : 0;
    if (infinite) option.data.replace(at, lifetimes_size, number(infinity, 4) + number(infinity, 4));
  }
  if (holds && infinite) head = iaid + number(infinity, 4) + number(infinity, 4);
  if (holds && times) head = iaid + number(times->first, 4) + number(times->second, 4);
  return head + write(options);
}

void Lies::rewrite_prefixes(bool renewal, std::vector<std::pair<Delegated, Bytes>>& prefixes) const {
  const Bytes none = number(0, 4) + number(0, 4);
  std::vector<std::pair<Delegated, Bytes>> live;
  std::vector<std::pair<Delegated, Bytes>> dead;
  for (const auto& [prefix, lifetimes] : prefixes) {
    if (lifetimes == none) {
      dead.emplace_back(prefix, lifetimes);
      continue;
    }
    Delegated told = same ? *same : prefix;
    if (renewal) {
      const auto move = moves.find(told);
      if (move != moves.end()) {
        dead.emplace_back(told, none);
        told = move->second;
      }
      if (renewed_length > 0) told = {only_first_bits(told.address, renewed_length), renewed_length};
    }
    live.emplace_back(told, lifetimes);
  }
  // The server knows nothing of what its client was told, and calls that dead when it is asked for it.
  const auto is_live = [&](const auto& one) {
    return std::any_of(live.begin(), live.end(), [&](const auto& other) { return other.first == one.first; });
  };
  dead.erase(std::remove_if(dead.begin(), dead.end(), is_live), dead.end());
  prefixes = std::move(dead);
  prefixes.insert(prefixes.end(), live.begin(), live.end());
}
