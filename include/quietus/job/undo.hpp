// undo: ends what an interrupted erasure by a drive's own firmware has left on the drive, by
// commands to that drive and with nothing kept.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/enum_text.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/carry_out.hpp"
#include "quietus/record/drive.hpp"

#include <vector>

namespace quietus {

enum class Leftover : std::uint8_t { temporary_password, failed_sanitize, failed_format };
template <>
inline constexpr auto enum_texts<Leftover> = spellings("temporary-password", "failed-sanitize",
                                                       "failed-format");

/// By what the drive has told of itself: nothing of one that takes no commands by which anything
/// could be left.
[[nodiscard]] std::vector<Leftover> leftovers_of(const Drive& drive);

struct Undone {
    bool carried_out_again = false; ///< to end the failed state an operation was begun
    bool let_go = false;            ///< stopped on request: the drive goes on with that by itself

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("carried_out_again", self.carried_out_again);
        visit("let_go", self.let_go);
    }
};

/// Opens the drive, has it looked at once more while it is held, asks it who it is over the way
/// that the commands go, and undoes all that `drive` told of. Whether it is gone then is for the
/// caller to ask. Fault::refused, Fault::unsupported and Fault::io as of carry_out; Fault::refused
/// for a password that is none of ours and a drive that is frozen; Fault::drive when the state of a
/// failed operation is the same afterwards.
[[nodiscard]] Result<Undone> undo(const Drive& drive, Bay& bay, Clock& clock, JobWatch& watch);

} // namespace quietus
