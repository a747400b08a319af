// What vouches for a document besides its signature: a log that it is in, a statement of
// validation.
#pragma once

#include "audit.hpp"

#include "quietus/register/logged.hpp"

#include <optional>
#include <string>

namespace quietus::audit {

class Vouchers {
  public:
    /// `log`: the value of --log. Borrows the options. Fault::usage when the proof that it names
    /// cannot be read.
    [[nodiscard]] static Result<Vouchers> open(const CheckOptions& options,
                                               const std::optional<std::string>& log);
    /// Adds what speaks against the document, or is missing that is required.
    void check(DocumentReport& report);

  private:
    explicit Vouchers(const CheckOptions& options) : options_(options) {}
    [[nodiscard]] std::vector<CheckFinding> check_log(const DocumentReport& report);
    [[nodiscard]] std::vector<CheckFinding> check_validation(const DocumentReport& report) const;

    const CheckOptions& options_;
    std::optional<DocumentLog> log_;
    std::optional<std::string> proof_;
};

} // namespace quietus::audit
