// PreparedDirectory: a directory filled out of sight and put in place in one step, or not at all.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/secret.hpp"

#include <string>
#include <string_view>

namespace quietus {

class PreparedDirectory {
  public:
    /// Starts a temporary directory (0700) beside `path`, whose parents are made when missing.
    /// Fault::refused when `path` exists and is no empty directory, Fault::evidence.
    static Result<PreparedDirectory> beside(const std::string& path);
    /// The same for a directory that exists and is to be exchanged.
    static Result<PreparedDirectory> in_place_of(const std::string& path);
    PreparedDirectory(PreparedDirectory&& other) noexcept;
    PreparedDirectory& operator=(PreparedDirectory&&) = delete;
    /// Removes what was not put in place.
    ~PreparedDirectory();

    [[nodiscard]] Status add(const std::string& name, std::string_view content) const;
    [[nodiscard]] Status add_secret(const std::string& name, const Secret& secret) const;
    /// Moves it to its path, on stable storage when this returns. Never replaces anything but an
    /// empty directory (Fault::refused).
    [[nodiscard]] Status put_in_place();
    /// Moves it to its path in one step with what is there, which is kept as `aside`. On stable
    /// storage when this returns. Fault::evidence.
    [[nodiscard]] Status exchange(const std::string& aside);
    /// Removes it again after put_in_place; for when something else of the whole failed.
    void withdraw();

    /// Where its files are now.
    [[nodiscard]] const std::string& path() const { return current_; }

  private:
    PreparedDirectory(std::string target, std::string temporary);
    std::string target_;
    std::string current_; ///< empty: moved from
    bool in_place_ = false;
};

} // namespace quietus
