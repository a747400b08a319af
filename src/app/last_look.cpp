#include "quietus/app/last_look.hpp"

#include "quietus/drive/recheck.hpp"

#include <algorithm>
#include <utility>

namespace quietus {

Result<Drive> LastLook::at(const Drive& planned) {
    if (!shared_ || planned.kind == DriveKind::image) return look_again(host_, planned, request_);
    const auto begun = clock_.monotonic();
    if (!seen_ || begun >= holds_until_) {
        seen_.reset();
        DetectRequest everything = request_;
        everything.all = true;
        auto drives = host_.detect(everything);
        if (!drives) return std::move(drives).error();
        seen_ = std::move(*drives);
        const std::chrono::nanoseconds taken = clock_.monotonic() - begun;
        holds_until_ =
            begun + std::clamp<std::chrono::nanoseconds>(taken * last_look_holds_times,
                                                         last_look_holds, last_look_holds_at_most);
    }
    return find_again(*seen_, planned);
}

} // namespace quietus
