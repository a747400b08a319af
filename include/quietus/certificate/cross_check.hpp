// CrossCheck: what only shows across documents. An id used twice, a drive erased twice, a number of
// a station that is missing, a document that does not follow its predecessor.
//
// Documents may come in any order. Of each 32 octets are kept.
#pragma once

#include "quietus/certificate/check.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace quietus {

class CrossCheck {
  public:
    CrossCheck();
    void add(const DocumentTrace& trace);
    /// All findings over what was added, at most the first 1000 and then how many more.
    ///   E_ID_REUSE      two documents of one id that are not the same octets
    ///   E_CHAIN_GAP     numbers between a station's lowest and highest without a document
    ///   E_CHAIN_PREV    a document names a predecessor that is none of those before it, although
    ///                   all that could be are there
    ///   W_SERIAL_REUSE  several documents about one serial number
    [[nodiscard]] std::vector<CheckFinding> findings() &&;

  private:
    struct Record {
        std::uint32_t station;
        std::uint32_t number;
        // Digests under a key that nobody else has: 64 bits will do, since nobody can look for two
        // texts with the same one. 0: none.
        std::uint64_t payload;
        std::uint64_t previous;
        std::uint64_t drive;
    };
    class Search;

    [[nodiscard]] std::uint64_t keyed(std::string_view text) const;

    std::string key_;
    std::map<std::string, std::uint32_t, std::less<>> stations_;
    std::deque<Record> records_; ///< which needs no second copy to grow
};

} // namespace quietus
