// What a drive tells of hidden areas, of erasing itself and of its health, in words.
#pragma once

#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <string>
#include <vector>

namespace quietus::cli {

using TextRows = std::vector<std::vector<std::string>>;

/// How many blocks it shows, and how many it has by each way of hiding some.
[[nodiscard]] TextRows hidden_area_rows(const Drive& drive);
/// The states of both sets of commands by which a drive erases itself, and how long they take.
[[nodiscard]] TextRows own_erasure_rows(const Drive& drive);
[[nodiscard]] TextRows health_rows(const Drive& drive);

/// What a drive will be told by this plan, and what cannot be taken back of it; none of an
/// overwrite.
[[nodiscard]] TextRows firmware_rows(const Plan& plan);

/// Of 65536, as drives tell it: "12 %".
[[nodiscard]] std::string progress_in_words(std::uint32_t progress);

} // namespace quietus::cli
