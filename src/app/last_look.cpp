#include "quietus/app/last_look.hpp"

#include "quietus/drive/recheck.hpp"

#include <utility>

namespace quietus {

Result<Drive> LastLook::at(const Drive& planned) {
    if (!shared_ || planned.kind == DriveKind::image) return look_again(host_, planned, request_);
    const auto now = clock_.monotonic();
    if (!seen_ || now - begun_ >= last_look_holds) {
        seen_.reset();
        DetectRequest everything = request_;
        everything.all = true;
        auto drives = host_.detect(everything);
        if (!drives) return std::move(drives).error();
        seen_ = std::move(*drives);
        begun_ = now;
        // Where drives are slow to answer, so many are not all asked once more for each of them.
        shared_ = clock_.monotonic() - begun_ < last_look_holds;
    }
    return find_again(*seen_, planned);
}

} // namespace quietus
