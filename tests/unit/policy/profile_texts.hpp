// A small department's profile, for tests that change one thing in it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace quietus {

/// Sound, and clean of lint: memory sticks that held OFFICIAL-SENSITIVE are overwritten in front of
/// a witness before they are used again.
inline constexpr std::string_view small_profile = R"([profile]
id = "example-department"
title = "Example Department"
version = 3
authority = "SIRO of Example Department"
jurisdiction = "GB"
valid_from = "2026-11-01T00:00:00Z"
valid_until = "2027-11-01T00:00:00Z"
extends = "uk-official"
extends_version = 1
schemes = ["uk-gsc", "uk-gpms", "uk-il"]
overrides = ["weak-identity"]
confidence = "own-reading"
sources = ["Example Department, media policy 7"]

[[rule]]
id = "memory-sticks"
classifications = ["uk.official-sensitive"]
media = ["usb-flash"]
dispositions = ["reuse"]
destinations = ["unstated", "same"]
decision = "allow"
level = "clear"
techniques = ["overwrite"]
schemes = ["uk.is5.enhanced"]
verification = "full"
people = ["witness"]
residual = "spare blocks keep what they held"
duties = ["file the document"]
retention_years = 10
confidence = "own-reading"
sources = ["Example Department, media policy 7, paragraph 3"]
)";

/// `text` with its one occurrence of `what` replaced.
inline std::string with(std::string_view text, std::string_view what, std::string_view instead) {
    std::string changed(text);
    const auto at = changed.find(what);
    if (at == changed.npos || changed.find(what, at + 1) != changed.npos)
        throw std::logic_error("not there exactly once: " + std::string(what));
    return changed.replace(at, what.size(), instead);
}

} // namespace quietus
