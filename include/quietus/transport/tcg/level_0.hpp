// TCG Level 0 Discovery: what a drive tells of its locks and keys to anybody who asks.
//
// Descriptors by the TCG Storage Architecture Core Specification 2.01 (3.3.6), the Opal, Pyrite and
// Block SID Authentication documents, as sedutil and EDK II read them; their texts were not read.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/tcg_facts.hpp"

namespace quietus::tcg {

/// Security protocol 01h, ComID 0001h: the same by whatever command it is asked.
inline constexpr std::uint8_t discovery_protocol = 0x01;
inline constexpr std::uint16_t discovery_com_id = 0x0001;
inline constexpr std::size_t discovery_octets = 512; ///< so much is asked for

/// What it knows nothing of it leaves out. Fault::drive when it is cut short.
[[nodiscard]] Result<TcgFacts> parse_level_0(ByteView data);

/// What was told, or in its `text` why nothing was.
[[nodiscard]] TcgFacts facts_or_reason(Result<TcgFacts> asked);

} // namespace quietus::tcg
