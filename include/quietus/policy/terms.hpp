// Terms of policy: dispositions, decisions, and names of the catalogue as small numbers.
//
// A question is asked of a rule a million times a second by some users (every drive of a register,
// judged again), so classifications, media and techniques are looked up once and compared as bits.
#pragma once

#include "quietus/core/enum_text.hpp"

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace quietus {

/// Where a drive goes.
enum class Disposition : std::uint8_t {
    reuse,     ///< by the same body in the same domain
    downgrade, ///< by the same body, where less sensitive data is handled
    repair,    ///< to somebody who mends or replaces it
    return_,   ///< to whoever lent or leased it
    release,   ///< sold, given away, recycled
    transfer,  ///< to another body
    destroy,   ///< to physical destruction
};
template <>
inline constexpr auto enum_texts<Disposition> = spellings("reuse", "downgrade", "repair", "return",
                                                          "release", "transfer", "destroy");
inline constexpr std::size_t disposition_count = enum_texts<Disposition>.size();

/// What a rule says; `escalate`: no rule decides this, a person has to.
enum class Decision : std::uint8_t { deny, escalate, allow };
template <>
inline constexpr auto enum_texts<Decision> = spellings("deny", "escalate", "allow");

/// How the classification of what is handled where the drive goes next compares to its own.
enum class Destination : std::uint8_t {
    unstated,
    same,
    lower,
    higher,
    incomparable, ///< of another classification scheme, or not decided yet
};
template <>
inline constexpr auto enum_texts<Destination> = spellings("unstated", "same", "lower", "higher",
                                                          "incomparable");

/// Who has to take part, besides the operator.
enum class Participant : std::uint8_t {
    witness,    ///< sees it done and signs
    validator,  ///< accepts the result against the sensitivity of the data, later
    supervisor, ///< cleared for what the drive held; of a destruction
};
template <>
inline constexpr auto enum_texts<Participant> = spellings("witness", "validator", "supervisor");

/// What must be the case before a fallback counts.
enum class Condition : std::uint8_t {
    no_remapped_blocks,    ///< known, and none: else remapped blocks keep what they held
    owner_accepts,         ///< the owner of the information has accepted it in a signed order
    crypto_erase_eligible, ///< every item of the catalogue's checklist has its evidence
};
template <>
inline constexpr auto enum_texts<Condition> = spellings("no-remapped-blocks", "owner-accepts",
                                                        "crypto-erase-eligible");

/// A set of at most 64 things by their number.
template <typename Id>
class IdSet {
  public:
    constexpr IdSet() = default;
    constexpr void add(Id id) { bits_ |= bit(id); }
    [[nodiscard]] constexpr bool contains(Id id) const { return (bits_ & bit(id)) != 0; }
    [[nodiscard]] constexpr bool contains(IdSet other) const {
        return (bits_ & other.bits_) == other.bits_;
    }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr int size() const { return std::popcount(bits_); }
    constexpr void add(IdSet more) { bits_ |= more.bits_; }
    friend constexpr bool operator==(IdSet, IdSet) = default;

  private:
    // What is not in the catalogue has no bit: it is in no set.
    static constexpr std::uint64_t bit(Id id) {
        const auto number = static_cast<unsigned>(id);
        return number < 64 ? std::uint64_t{1} << number : 0;
    }
    std::uint64_t bits_ = 0;
};

/// Positions in the lists of the catalogue; `unknown` is in none and in no set.
enum class ClassificationId : std::uint8_t { unknown = 255 };
enum class MediumId : std::uint8_t { unknown = 255 };
enum class TechniqueId : std::uint8_t { unknown = 255 };

using Classifications = IdSet<ClassificationId>;
using Media = IdSet<MediumId>;
using Techniques = IdSet<TechniqueId>;
using Dispositions = IdSet<Disposition>;
using Destinations = IdSet<Destination>;
using Conditions = IdSet<Condition>;

} // namespace quietus
