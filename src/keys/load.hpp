// Loading a key directory, with the clock of the caller's choice.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/signer.hpp"

#include <memory>
#include <string>

namespace quietus {

/// As load_station_signer; the clock must outlive the signer.
[[nodiscard]] Result<std::unique_ptr<Signer>> load_signer(const std::string& directory,
                                                          Clock& clock);

} // namespace quietus
