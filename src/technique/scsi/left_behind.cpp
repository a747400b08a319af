#include "quietus/technique/scsi/left_behind.hpp"

namespace quietus::scsi {
namespace {

bool must_fail(ScsiReadAfterErase reads) {
    return reads == ScsiReadAfterErase::fails || reads == ScsiReadAfterErase::write_required;
}

} // namespace

LeftBehind left_by_sanitize(SanitizeKind kind, const SanitizeOptions& options,
                            const ScsiErasure& drive) {
    switch (kind) {
    case SanitizeKind::overwrite:
        return {Expectation::pattern, {options.pattern}, false};
    case SanitizeKind::block_erase:
        if (must_fail(drive.after_block_erase)) return {Expectation::host_pass, {}, true};
        return {Expectation::zeros_or_ones, {}, false};
    case SanitizeKind::crypto_erase:
        break;
    }
    return {Expectation::host_pass, {}, must_fail(drive.after_crypto_erase)};
}

LeftBehind left_by_format(const Bytes& pattern) {
    if (pattern.empty()) return {Expectation::host_pass, {}, false};
    return {Expectation::pattern, {pattern}, false};
}

} // namespace quietus::scsi
