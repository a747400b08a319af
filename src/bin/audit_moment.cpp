#include "audit.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/core/file.hpp"

namespace quietus::audit {
namespace {

constexpr std::size_t crl_limit = std::size_t{64} << 20U; // those of large CAs are long

Status add_crls(const std::string& path, TrustAnchors& anchors) {
    const auto text = read_regular_file(path, crl_limit);
    if (!text) return Error{Fault::usage, "--crl: " + text.error().message};
    if (auto status = anchors.add_crls(*text); !status)
        return Error{Fault::usage, "--crl: " + path + ": " + status.error().message};
    return {};
}

Result<std::int64_t> time_of(const Invocation& invocation) {
    const auto text = invocation.value("--at");
    if (!text) return SystemClock().utc_seconds();
    auto time = from_rfc3339(*text);
    if (!time)
        return Error{Fault::usage,
                     "--at: " + escaped(*text) + ": not a time of the form 2027-03-01T00:00:00Z"};
    return time;
}

} // namespace

Status add_crls_and_time(const Invocation& invocation, TrustAnchors& anchors) {
    for (const std::string& path : invocation.all("--crl"))
        if (auto status = add_crls(path, anchors); !status) return status;
    const auto time = time_of(invocation);
    if (!time) return time.error();
    anchors.judge_as_of(*time);
    return {};
}

} // namespace quietus::audit
