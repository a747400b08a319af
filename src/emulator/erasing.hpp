// Erasing: one operation of a drive that erases itself, as it goes on, and what it leaves out.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/knob.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/emulator/operation_memory.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace quietus::emulator {

using Knobs = std::set<Knob>;

struct ErasingOrder {
    /// What each pass fills the blocks with, repeated; none: it changes the media key.
    std::vector<Bytes> passes;
    std::uint64_t addressed_bytes = 0; ///< from the first block on
    bool reserve = true;               ///< retired and spare blocks and stale copies too
    std::chrono::nanoseconds takes{1}; ///< from beginning to end
};

class Erasing {
  public:
    /// `media` outlives it; its accessible blocks are those of now.
    Erasing(ErasingOrder order, const Knobs& knobs, Media& media);

    /// One that was begun in an earlier run, and is sound.
    Erasing(const OperationMemory& memory, const Knobs& knobs, Media& media);
    /// Of all that this knows of it.
    [[nodiscard]] OperationMemory memory() const;

    /// Does what is due after so much time of work, which never becomes less.
    void advance(std::chrono::nanoseconds worked);
    [[nodiscard]] bool is_over() const { return over_; }
    [[nodiscard]] bool has_failed() const { return failed_; }
    [[nodiscard]] std::chrono::nanoseconds takes() const { return order_.takes; }
    /// SANITIZE PROGRESS INDICATION: of 65536, as it says; never FFFFh, which means that none runs.
    [[nodiscard]] std::uint16_t progress(std::chrono::nanoseconds worked) const;

  private:
    [[nodiscard]] double share(std::chrono::nanoseconds worked) const;
    void fill_up_to(double share);
    void end();
    void change_key();

    ErasingOrder order_;
    const Knobs& knobs_;
    Media& media_;
    bool everywhere_;                       ///< nothing is out of its reach
    std::map<std::uint64_t, Bytes> spared_; ///< blocks that get their content back at the end
    std::size_t passes_done_ = 0;
    bool over_ = false;
    bool failed_ = false;
};

} // namespace quietus::emulator
