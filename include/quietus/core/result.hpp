// Result: a value or an Error. Dropping one does not compile.
//
// tl::expected cannot be marked [[nodiscard]] from outside, and g++ 12 lets a dropped one pass in
// silence; deriving from it is only there to carry the attribute.
#pragma once

#include "quietus/core/error.hpp"

#include <tl/expected.hpp>

#include <utility>

namespace quietus {

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using tl::expected<T, Error>::expected;
    Result(Error error) : tl::expected<T, Error>(tl::unexpect, std::move(error)) {}
};

/// Done, or why not.
using Status = Result<void>;

} // namespace quietus
