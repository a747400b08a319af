// Secret: text that is overwritten before its memory is given back.
#pragma once

#include "quietus/core/bytes.hpp"

#include <string>
#include <utility>

namespace quietus {

/// Move-only, so that there is one copy at a time. Meant for text longer than the small-string
/// buffer (a PEM key is): moving such a string moves the pointer and leaves nothing behind.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(Secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}
    Secret& operator=(Secret&& other) noexcept {
        std::swap(text_, other.text_);
        return *this;
    }
    ~Secret() { wipe(text_); }

    [[nodiscard]] std::string_view view() const { return text_; }

  private:
    std::string text_;
};

} // namespace quietus
